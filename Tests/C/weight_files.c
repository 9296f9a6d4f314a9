/* Weight files that change while they are open, and files that somebody is about to write. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "expect.h"
#include "network.h"
#include "weight_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const path = "tiny.safetensors";

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

static gcpp_model *opened(gcpp_mapping mapping) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model *model = NULL;
  write_tiny_network(path);
  options.mapping = mapping;
  if (gcpp_model_open_with(&model, path, &options, &error) != GCPP_OK)
    fprintf(stderr, "%s\n", error.message);
  CHECK(model != NULL && gcpp_model_verify(model, &error) == GCPP_OK);
  return model;
}

/* The first logit of a red picture. */
static float logit(const gcpp_model *model) {
  const uint8_t pixel[3] = {200, 0, 0};
  gcpp_image *image = NULL;
  gcpp_prediction prediction;
  size_t count = 1;
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  CHECK(gcpp_predict(&prediction, &count, model, image, &error) == GCPP_OK);
  gcpp_image_free(image);
  return prediction.logit;
}

/* A copy is made once: the file may be emptied. */
static void check_copied(void) {
  gcpp_model *mapped = opened(GCPP_MAPPED), *copied = opened(GCPP_COPIED);
  const float expected = logit(mapped);
  gcpp_model_free(mapped);
  CHECK(expected > 1.5f && logit(copied) == expected);
  CHECK(truncate(path, 0) == 0);
  gcpp_model_free(copied);
  copied = opened(GCPP_COPIED);
  CHECK(truncate(path, 0) == 0);
  CHECK(gcpp_model_verify(copied, &error) == GCPP_OK);
  CHECK(logit(copied) == expected);
  gcpp_model_free(copied);
}

/* Size and time tell; that another file took the path does not matter. */
static void check_verify(void) {
  gcpp_model *model = opened(GCPP_MAPPED);
  struct timespec times[2] = {{0, UTIME_OMIT}, {1000, 1}};
  struct stat status;
  CHECK(stat(path, &status) == 0);
  CHECK(truncate(path, 100) == 0);
  expect(gcpp_model_verify(model, &error), GCPP_ERROR_IO, "tiny.safetensors was changed while");
  CHECK(strstr(error.message, "100 now") != NULL);
  CHECK(gcpp_model_verify(model, NULL) == GCPP_ERROR_IO);
  gcpp_model_free(model);
  model = opened(GCPP_MAPPED);
  CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
  expect(gcpp_model_verify(model, &error), GCPP_ERROR_IO, "was changed");
  gcpp_model_free(model);
  model = opened(GCPP_MAPPED);
  write_tiny_network("other");
  CHECK(truncate("other", 7) == 0 && rename("other", path) == 0);
  CHECK(gcpp_model_verify(model, &error) == GCPP_OK && logit(model) > 1.5f);
  CHECK(unlink(path) == 0);
  CHECK(gcpp_model_verify(model, &error) == GCPP_OK && logit(model) > 1.5f);
  gcpp_model_free(model);
  expect(gcpp_model_verify(NULL, &error), GCPP_ERROR_INVALID_ARGUMENT, "model is NULL");
  {
    tiny_network network;
    tiny_network_fill(&network);
    CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
    CHECK(gcpp_model_verify(model, &error) == GCPP_OK);
    gcpp_model_free(model);
  }
}

static void check_options(void) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_limits limits = GCPP_LIMITS_INIT;
  gcpp_model *model = NULL;
  write_tiny_network(path);
  options.mapping = (gcpp_mapping)2;
  expect(gcpp_model_open_with(&model, path, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "options.mapping is 2");
  options.mapping = GCPP_COPIED;
  options.limits = &limits;
  limits.decoded_bytes = 400;
  expect(gcpp_model_open_with(&model, path, &options, &error), GCPP_ERROR_BAD_DATA,
         "a copy of the file takes");
  /* 83 numbers. */
  options.mapping = GCPP_MAPPED;
  limits.decoded_bytes = 331;
  expect(gcpp_model_open_with(&model, path, &options, &error), GCPP_ERROR_BAD_DATA,
         "its arrays take 332 bytes as float32, above the limit of 331; raise decoded_bytes");
  limits.decoded_bytes = 332;
  CHECK(gcpp_model_open_with(&model, path, &options, &error) == GCPP_OK);
  gcpp_model_free(model);
}

/* Another process holds a write lease: it would be told, and may be writing. */
static void check_lease(void) {
  int ready[2], done[2], status;
  char byte;
  gcpp_model *model = NULL;
  pid_t child;
  write_tiny_network(path);
  CHECK(pipe(ready) == 0 && pipe(done) == 0);
  child = fork();
  if (child == 0) {
    const int file = open(path, O_RDWR);
    /* The kernel tells the holder by this signal, which would end the process. */
    signal(SIGIO, SIG_IGN);
    byte = file >= 0 && fcntl(file, F_SETLEASE, F_WRLCK) == 0 ? 'y' : 'n';
    _exit(write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 1 ? 0 : 1);
  }
  CHECK(child > 0 && read(ready[0], &byte, 1) == 1);
  /* Some file systems know no leases. */
  if (byte == 'y') {
    expect(gcpp_model_open(&model, path, &error), GCPP_ERROR_IO, "holds a lease on it");
    CHECK(model == NULL);
  }
  CHECK(write(done[1], "d", 1) == 1);
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(gcpp_model_open(&model, path, &error) == GCPP_OK);
  gcpp_model_free(model);
}

int main(void) {
  check_copied();
  check_verify();
  check_options();
  check_lease();
  return 0;
}
