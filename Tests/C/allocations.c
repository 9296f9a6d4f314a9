/* A steady run allocates its result and nothing else of size: every allocation is counted. */
#include "check.h"

#include <gradcampp.h>

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

/* ---- The hook: these replace the C library's functions in the whole process ------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
int posix_memalign(void **memory, size_t alignment, size_t size);

/* The picture has 128 x 128 pixels. What is smaller than a quarter of one plane of numbers is a
   line of them, the layer's map of 32 x 32, a list, a name. */
enum { SIDE = 128, LARGE = SIDE * SIDE, ROOM = 64 };

static atomic_bool is_counting;
static atomic_size_t large_count, small_bytes;
/* Large allocations of a run that have not been freed. */
static _Atomic(void *) large[ROOM];

static void *note(void *memory, size_t size) {
  size_t index;
  if (!is_counting)
    return memory;
  if (size < LARGE) {
    small_bytes += size;
    return memory;
  }
  index = large_count++;
  CHECK(index < ROOM);
  large[index] = memory;
  return memory;
}

void *malloc(size_t size) { return note(__libc_malloc(size), size); }
void *calloc(size_t count, size_t size) { return note(__libc_calloc(count, size), count * size); }
void *realloc(void *memory, size_t size) { return note(__libc_realloc(memory, size), size); }
void *aligned_alloc(size_t alignment, size_t size) {
  return note(__libc_memalign(alignment, size), size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  *memory = note(__libc_memalign(alignment, size), size);
  return *memory == NULL ? ENOMEM : 0;
}
void free(void *memory) {
  size_t index;
  for (index = 0; memory != NULL && index < ROOM; index++) {
    void *same = memory;
    atomic_compare_exchange_strong(&large[index], &same, NULL);
  }
  __libc_free(memory);
}

static size_t live(void) {
  size_t index, count = 0;
  for (index = 0; index < ROOM; index++)
    count += large[index] != NULL;
  return count;
}

/* ---- The network: four convolutions, three by Winograd's way, and two dense layers ------ */

enum { CHANNELS = 16, FLAT = SIDE / 8 * (SIDE / 8) * CHANNELS };

static float filter1[9 * 3 * CHANNELS], filter2[9 * CHANNELS * CHANNELS];
static float filter3[9 * CHANNELS * CHANNELS], filter4[9 * CHANNELS * CHANNELS];
static float matrix1[FLAT * 8], matrix2[8 * 5];
static float biases[CHANNELS];
static unsigned char pixels[SIDE * SIDE * 3];

static void fill(float *numbers, size_t count, float scale) {
  static unsigned state = 1;
  size_t index;
  for (index = 0; index < count; index++) {
    state = state * 1664525u + 1013904223u;
    numbers[index] = ((float)(state >> 8) / 8388608.0f - 1) * scale;
  }
}

static gcpp_model *open_model(void) {
  const gcpp_array arrays[] = {
      {"conv1_1/weights", filter1, GCPP_FLOAT32, 4, {3, 3, 3, CHANNELS}},
      {"conv1_1/biases", biases, GCPP_FLOAT32, 1, {CHANNELS, 0, 0, 0}},
      {"conv1_2/weights", filter2, GCPP_FLOAT32, 4, {3, 3, CHANNELS, CHANNELS}},
      {"conv1_2/biases", biases, GCPP_FLOAT32, 1, {CHANNELS, 0, 0, 0}},
      {"conv2_1/weights", filter3, GCPP_FLOAT32, 4, {3, 3, CHANNELS, CHANNELS}},
      {"conv2_1/biases", biases, GCPP_FLOAT32, 1, {CHANNELS, 0, 0, 0}},
      {"conv3_1/weights", filter4, GCPP_FLOAT32, 4, {3, 3, CHANNELS, CHANNELS}},
      {"conv3_1/biases", biases, GCPP_FLOAT32, 1, {CHANNELS, 0, 0, 0}},
      {"fc4/weights", matrix1, GCPP_FLOAT32, 2, {FLAT, 8, 0, 0}},
      {"fc4/biases", biases, GCPP_FLOAT32, 1, {8, 0, 0, 0}},
      {"fc5/weights", matrix2, GCPP_FLOAT32, 2, {8, 5, 0, 0}},
      {"fc5/biases", biases, GCPP_FLOAT32, 1, {5, 0, 0, 0}}};
  gcpp_model *model = NULL;
  fill(filter1, sizeof filter1 / sizeof(float), 0.01f);
  fill(filter2, sizeof filter2 / sizeof(float), 0.2f);
  fill(filter3, sizeof filter3 / sizeof(float), 0.2f);
  fill(filter4, sizeof filter4 / sizeof(float), 0.2f);
  fill(matrix1, sizeof matrix1 / sizeof(float), 0.02f);
  fill(matrix2, sizeof matrix2 / sizeof(float), 0.5f);
  CHECK(gcpp_model_open_arrays(&model, arrays, 12, NULL) == GCPP_OK);
  return model;
}

/* ---- The check -------------------------------------------------------------------------- */

/* Explains once; the result's large parts are `parts`, which alone may be left. */
static size_t count_run(const gcpp_model *model, const gcpp_image *image,
                        const gcpp_explain_options *options, size_t parts) {
  gcpp_explanation *explanation = NULL;
  large_count = small_bytes = 0;
  is_counting = 1;
  CHECK(gcpp_explain(&explanation, model, image, options, NULL) == GCPP_OK);
  is_counting = 0;
  CHECK(live() == parts);
  CHECK(large_count == parts);
  gcpp_explanation_free(explanation);
  CHECK(live() == 0);
  return small_bytes;
}

int main(void) {
  gcpp_model *model = open_model();
  gcpp_image *image = NULL;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  int guided, run;
  for (run = 0; run < (int)sizeof pixels; run++)
    pixels[run] = (unsigned char)(run * 7919 >> 5);
  CHECK(gcpp_image_from_rgb8(&image, pixels, SIDE, SIDE, 0, NULL) == GCPP_OK);
  for (guided = 0; guided < 2; guided++) {
    /* The heat map and the picture seen; with guided gradients these, too. */
    const size_t parts = guided ? 3 : 2;
    gcpp_explanation *first = NULL;
    size_t expected;
    options.guided = guided;
    /* The first run plans, packs weights and makes its workspace; in the second, which finds the
       plan again, Swift's runtime remembers how requests are compared. */
    for (run = 0; run < 2; run++) {
      CHECK(gcpp_explain(&first, model, image, &options, NULL) == GCPP_OK);
      gcpp_explanation_free(first);
    }
    expected = count_run(model, image, &options, parts);
    CHECK(expected < 72 * 1024);
    for (run = 0; run < 20; run++)
      CHECK(count_run(model, image, &options, parts) == expected);
  }
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
