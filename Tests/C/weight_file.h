/* Writes the tiny network as a safetensors file. */
#ifndef GCPP_TEST_WEIGHT_FILE_H
#define GCPP_TEST_WEIGHT_FILE_H

#include "check.h"
#include "network.h"

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

static void write_tiny_network(const char *path) {
  /* 54 + 2 + 24 + 3 numbers. */
  const char *const header =
      "{\"conv1_1/weights\":{\"dtype\":\"F32\",\"shape\":[3,3,3,2],\"data_offsets\":[0,216]},"
      "\"conv1_1/biases\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[216,224]},"
      "\"fc2/weights\":{\"dtype\":\"F32\",\"shape\":[8,3],\"data_offsets\":[224,320]},"
      "\"fc2/biases\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[320,332]}}";
  tiny_network network;
  float data[83];
  tiny_network_fill(&network);
  memcpy(data, network.convolution, sizeof network.convolution);
  memcpy(data + 54, network.convolution_biases, sizeof network.convolution_biases);
  memcpy(data + 56, network.dense, sizeof network.dense);
  memcpy(data + 80, network.dense_biases, sizeof network.dense_biases);
  write_safetensors(path, header, data, sizeof data);
}

#endif
