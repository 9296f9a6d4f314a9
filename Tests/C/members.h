/* Where the members of the header's structs lie, for tests that try every struct_size. */
#ifndef GCPP_TEST_MEMBERS_H
#define GCPP_TEST_MEMBERS_H

#include <stddef.h>

enum { CANARY = 0xA5, ROOM = 4096, BEHIND = 32 };

typedef struct member {
  size_t start, end;
} member;

#define MEMBER(type, name) \
  {offsetof(type, name), offsetof(type, name) + sizeof(((type *)NULL)->name)}
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* A struct of any size, with room behind it. */
typedef union memory {
  size_t struct_size;
  unsigned char bytes[ROOM];
} memory;

/* Whether a struct may have that size: 8 bytes or more, and no member cut in two. */
static int is_size(size_t size, const member *members, size_t count) {
  size_t index;
  for (index = 0; index < count; index++)
    if (members[index].start < size && size < members[index].end)
      return 0;
  return size >= sizeof(size_t);
}

#endif
