/* A child process with little address space, files of holes, pictures of gigabytes: a status and a
   sentence, never an abort. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "expect.h"
#include "weight_file.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes of address space that the process has in use. */
static size_t space(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  unsigned long pages = 0;
  CHECK(file != NULL && fscanf(file, "%lu", &pages) == 1);
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Runs `check` in a child that may have `more` bytes more than it has. */
static void with_little_memory(size_t more, void (*check)(void)) {
  int status;
  const pid_t child = fork();
  if (child == 0) {
    struct rlimit limit;
    limit.rlim_cur = limit.rlim_max = space() + more;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    check();
    _exit(0);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fprintf(stderr, "the child ended with status %#x\n", (unsigned)status);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- Pictures -------------------------------------------------------------------------- */

enum { SIDE = 4096, BLOCKS = (SIDE / 8) * (SIDE / 8) };

/* A grey progressive JPEG of 4096 x 4096 pixels whose blocks take a bit each: its coefficients are
   kept in 34 MB, its pixels take 50 MB. */
static size_t fill_progressive(uint8_t *out) {
  static const uint8_t frame[] = {0xFF, 0xC2, 0, 11, 8, SIDE >> 8, SIDE & 255, SIDE >> 8,
                                  SIDE & 255, 1, 1, 0x11, 0};
  static const uint8_t codes[] = {0xFF, 0xC4, 0, 20, 0, 1, 0, 0, 0, 0, 0,
                                  0,    0,    0, 0,  0, 0, 0, 0, 0, 0, 0};
  static const uint8_t scan[] = {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0};
  size_t count = 0;
  const uint8_t start[] = {0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0};
  memcpy(out, start, sizeof start);
  count += sizeof start;
  memset(out + count, 1, 64);
  count += 64;
  memcpy(out + count, frame, sizeof frame);
  count += sizeof frame;
  memcpy(out + count, codes, sizeof codes);
  count += sizeof codes;
  memcpy(out + count, scan, sizeof scan);
  count += sizeof scan;
  memset(out + count, 0, BLOCKS / 8);
  count += BLOCKS / 8;
  out[count++] = 0xFF;
  out[count++] = 0xD9;
  return count;
}

static uint8_t jpeg[BLOCKS / 8 + 200];
static size_t jpeg_size;

static void check_decoding(void) {
  gcpp_image *image = NULL;
  expect(gcpp_image_decode(&image, jpeg, jpeg_size, &error), GCPP_ERROR_OUT_OF_MEMORY,
         "do not fit in memory");
  CHECK(image == NULL);
}

/* There is room for the pixels, not for the coefficients: it is libjpeg that finds no memory. */
static void check_libjpeg(void) {
  gcpp_image *image = NULL;
  expect(gcpp_image_decode(&image, jpeg, jpeg_size, &error), GCPP_ERROR_OUT_OF_MEMORY,
         "Insufficient memory");
  CHECK(image == NULL);
}

static void check_pictures(void) {
  gcpp_image *image = NULL;
  jpeg_size = fill_progressive(jpeg);
  CHECK(gcpp_image_decode(&image, jpeg, jpeg_size, &error) == GCPP_OK);
  gcpp_image_free(image);
  image = NULL;
  with_little_memory((size_t)30 << 20, check_decoding);
  with_little_memory((size_t)70 << 20, check_libjpeg);
}

/* ---- Weights --------------------------------------------------------------------------- */

static const char *const path = "holes.safetensors";
static gcpp_limits limits = GCPP_LIMITS_INIT;
static gcpp_mapping mapping = GCPP_MAPPED;
static const char *words;
static gcpp_status wanted = GCPP_ERROR_BAD_DATA;

/* A file that says it has so many bytes of zeros behind the header, and takes a block on the disk. */
static void write_holes(const char *header, size_t size) {
  write_safetensors(path, header, NULL, 0);
  CHECK(truncate(path, (off_t)(8 + strlen(header) + size)) == 0);
}

static void check_open(void) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model *model = NULL;
  options.limits = &limits;
  options.mapping = mapping;
  expect(gcpp_model_open_with(&model, path, &options, &error), wanted, words);
  CHECK(model == NULL);
}

static void check_holes(void) {
  /* 2^33 biases, of 32 GiB, for a convolution of as many outputs. */
  write_holes("{\"conv1_1/biases\":{\"dtype\":\"F32\",\"shape\":[8589934592],"
              "\"data_offsets\":[0,34359738368]},"
              "\"conv1_1/weights\":{\"dtype\":\"F32\",\"shape\":[3,3,3,8589934592],"
              "\"data_offsets\":[34359738368,962072674304]},"
              "\"fc2/weights\":{\"dtype\":\"F32\",\"shape\":[1,1],"
              "\"data_offsets\":[962072674304,962072674308]},"
              "\"fc2/biases\":{\"dtype\":\"F32\",\"shape\":[1],"
              "\"data_offsets\":[962072674308,962072674312]}}",
              962072674312u);
  words = "its arrays take 962072674312 bytes as float32, above the limit of 4294967296";
  check_open();
  mapping = GCPP_COPIED;
  words = "a copy of the file takes";
  check_open();
  mapping = GCPP_MAPPED;
  /* Without limits it is still no vector of biases. */
  limits.decoded_bytes = UINT64_MAX;
  words = "of shape 8589934592 stands where biases or the like belong, up to 16777216 numbers";
  check_open();
  limits.decoded_bytes = 0;
  /* 16-bit numbers are converted: twice as many bytes as the file has. */
  write_holes("{\"fc6/weights\":{\"dtype\":\"F16\",\"shape\":[67108864],"
              "\"data_offsets\":[0,134217728]}}",
              134217728u);
  wanted = GCPP_ERROR_OUT_OF_MEMORY;
  words = "67108864 elements of 4 bytes do not fit in memory";
  /* Room for the mapped file. */
  with_little_memory((size_t)200 << 20, check_open);
  mapping = GCPP_COPIED;
  words = "cannot copy holes.safetensors";
  with_little_memory((size_t)100 << 20, check_open);
  CHECK(unlink(path) == 0);
}

int main(void) {
  check_pictures();
  check_holes();
  return 0;
}
