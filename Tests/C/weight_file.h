/* Writes safetensors files. */
#ifndef GCPP_TEST_WEIGHT_FILE_H
#define GCPP_TEST_WEIGHT_FILE_H

#include "check.h"
#include <stdint.h>
#include <string.h>

static void write_safetensors(const char *path, const char *header, const void *data,
                              size_t size) {
  unsigned char length[8];
  int index;
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  for (index = 0; index < 8; index++)
    length[index] = (unsigned char)((uint64_t)strlen(header) >> 8 * index);
  CHECK(fwrite(length, 1, 8, file) == 8);
  CHECK(fwrite(header, 1, strlen(header), file) == strlen(header));
  CHECK(size == 0 || fwrite(data, 1, size, file) == size);
  CHECK(fclose(file) == 0);
}

#endif
