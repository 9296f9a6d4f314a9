/* The message ends inside its array and inside the caller's struct, terminated, with nothing behind
   it touched. */
#include "check.h"

#include <gradcampp.h>
#include <string.h>

enum { CANARY = 0xA5, ROOM = 4096, BEHIND = 32 };

typedef union memory {
  size_t struct_size;
  unsigned char bytes[ROOM];
} memory;

/* Every size with messages of every length around the ends of the array and of the struct. */
static void check_lengths(void) {
  const size_t text = offsetof(gcpp_error, message);
  const size_t array_end = text + sizeof(((gcpp_error *)NULL)->message);
  const size_t whole = sizeof(gcpp_error);
  static char path[3000];
  size_t size, length, byte;
  for (length = 1; length < sizeof path; length = length < 540 ? length + 1 : length * 2) {
    memory out;
    memset(path, 'p', length);
    path[length] = 0;
    for (size = 0; size < whole + BEHIND; size += length == 60 ? 1 : whole / 3) {
      const size_t end = size < array_end ? size : array_end;
      gcpp_model *opened = NULL;
      memset(&out, CANARY, sizeof out);
      out.struct_size = size;
      CHECK(gcpp_model_open(&opened, path, (gcpp_error *)(void *)&out) ==
            (length < 256 ? GCPP_ERROR_FILE_NOT_FOUND : GCPP_ERROR_IO));
      if (size >= text)
        CHECK(((const gcpp_error *)(const void *)&out)->code ==
              (length < 256 ? GCPP_ERROR_FILE_NOT_FOUND : GCPP_ERROR_IO));
      if (size > text) {
        const size_t count = strlen((const char *)out.bytes + text);
        CHECK(text + count < end);
        CHECK(strncmp((const char *)out.bytes + text, "there is no file at ppp",
                      count < 20 ? count : 4) == 0 ||
              strncmp((const char *)out.bytes + text, "cannot open ppp", count < 12 ? count : 4) == 0);
        for (byte = text + count + 1; byte < sizeof out.bytes; byte++)
          CHECK(out.bytes[byte] == CANARY);
      } else {
        for (byte = size < text ? sizeof(size_t) : text; byte < sizeof out.bytes; byte++)
          CHECK(out.bytes[byte] == CANARY);
      }
    }
  }
}

/* A character of several bytes is not cut. */
static void check_characters(void) {
  const size_t text = offsetof(gcpp_error, message);
  const char *const euros = "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac";
  size_t size;
  for (size = text + 1; size < sizeof(gcpp_error); size++) {
    memory out;
    size_t count;
    gcpp_model *opened = NULL;
    memset(&out, CANARY, sizeof out);
    out.struct_size = size;
    CHECK(gcpp_model_open(&opened, euros, (gcpp_error *)(void *)&out) ==
          GCPP_ERROR_FILE_NOT_FOUND);
    /* "there is no file at " has 20 characters. */
    count = strlen((const char *)out.bytes + text);
    CHECK(count < 20 || (count - 20) % 3 == 0);
  }
}

/* On success the error is left as it was. */
static void check_success(void) {
  memory out;
  gcpp_image *image = NULL;
  const uint8_t pixel[3] = {1, 2, 3};
  size_t byte;
  memset(&out, CANARY, sizeof out);
  out.struct_size = sizeof(gcpp_error);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, (gcpp_error *)(void *)&out) == GCPP_OK);
  for (byte = sizeof(size_t); byte < sizeof out.bytes; byte++)
    CHECK(out.bytes[byte] == CANARY);
  gcpp_image_free(image);
}

int main(void) {
  check_lengths();
  check_characters();
  check_success();
  return 0;
}
