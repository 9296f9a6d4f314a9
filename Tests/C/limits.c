/* What costs more than its limit is refused before the work begins, naming cost, limit and member. */
#include "expect.h"
#include "network.h"

static const gcpp_limits init = GCPP_LIMITS_INIT;

static void check_defaults(void) {
  gcpp_limits limits = GCPP_LIMITS_INIT;
  CHECK(gcpp_limits_info(&limits) == GCPP_OK);
  CHECK(limits.pixels == 134217728u && limits.decoded_bytes == 4294967296u);
  CHECK(limits.scans == 100 && limits.layers == 10000);
  CHECK(limits.multiply_adds == 100000000000u && limits.workspace_bytes == 8589934592u);
  CHECK(gcpp_limits_info(NULL) == GCPP_ERROR_INVALID_ARGUMENT);
}

static void check_pictures(void) {
  static uint8_t pixels[40 * 30 * 3];
  gcpp_limits limits = init;
  gcpp_image *image = NULL, *decoded = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  limits.pixels = 1199;
  expect(gcpp_image_from_rgb8_with(&image, pixels, 30, 40, 0, &limits, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "1 to 1199 pixels are expected, unless pixels of the limits");
  limits.pixels = 1200;
  CHECK(gcpp_image_from_rgb8_with(&image, pixels, 30, 40, 0, &limits, &error) == GCPP_OK);
  CHECK(gcpp_jpeg_encode(&jpeg, image, 90, &error) == GCPP_OK);
  CHECK(gcpp_image_decode_with(&decoded, jpeg.data, jpeg.size, &limits, &error) == GCPP_OK);
  gcpp_image_free(decoded);
  limits.pixels = 1199;
  expect(gcpp_image_decode_with(&decoded, jpeg.data, jpeg.size, &limits, &error),
         GCPP_ERROR_BAD_DATA, "30 x 40");
  limits = init;
  limits.decoded_bytes = 3599;
  expect(gcpp_image_decode_with(&decoded, jpeg.data, jpeg.size, &limits, &error),
         GCPP_ERROR_BAD_DATA,
         "takes 3600 bytes to decode, above the limit of 3599; raise decoded_bytes of the limits");
  limits.decoded_bytes = UINT64_MAX;
  limits.pixels = UINT64_MAX;
  limits.scans = UINT64_MAX;
  CHECK(gcpp_image_decode_with(&decoded, jpeg.data, jpeg.size, &limits, &error) == GCPP_OK);
  gcpp_image_free(decoded);
  /* What no memory can hold is refused under any limits. */
  expect(gcpp_image_from_rgb8_with(&decoded, pixels, (size_t)1 << 62, 4, 0, &limits, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "cannot be used");
  CHECK(gcpp_image_decode_with(&decoded, jpeg.data, jpeg.size, NULL, &error) == GCPP_OK);
  gcpp_image_free(decoded);
  gcpp_image_free(image);
  gcpp_buffer_dispose(&jpeg);
}

static gcpp_status open_within(gcpp_model **out, const gcpp_limits *limits) {
  static tiny_network network;
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  tiny_network_fill(&network);
  options.limits = limits;
  return gcpp_model_open_arrays_with(out, network.arrays, 4, &options, &error);
}

/* The tiny network: 16 cells x 27 taps x 2 channels, 32 rectified, 8 pooled, 8 x 3 in the end. Its
   convolution reads 48 numbers and writes 32. */
static void check_network(void) {
  const unsigned cost = 16 * 27 * 2 + 32 + 8 + 24;
  gcpp_limits limits = init;
  gcpp_model *model = NULL;
  limits.multiply_adds = cost - 1;
  expect(open_within(&model, &limits), GCPP_ERROR_BAD_DATA,
         "the mapping: one picture takes 928 multiply-adds in this network, above the limit of "
         "927; raise multiply_adds of the limits");
  limits.multiply_adds = cost;
  limits.layers = 3;
  expect(open_within(&model, &limits), GCPP_ERROR_BAD_DATA,
         "the network has 4 operators, above the limit of 3; raise layers");
  limits.layers = 4;
  limits.workspace_bytes = 319;
  expect(open_within(&model, &limits), GCPP_ERROR_BAD_DATA,
         "320 bytes of working memory in this network, above the limit of 319; raise "
         "workspace_bytes");
  CHECK(model == NULL);
  limits.struct_size = 9;
  expect(open_within(&model, &limits), GCPP_ERROR_INVALID_ARGUMENT, "limits has struct_size 9");
}

enum { MANY = 65536 };

/* One call may take more than one picture: its memory is known from its plan. */
static void check_calls(void) {
  static const gcpp_image *images[MANY];
  static gcpp_explanation *explanations[MANY];
  const uint8_t pixel[3] = {1, 2, 3};
  gcpp_limits limits = init;
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  size_t index;
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  for (index = 0; index < MANY; index++)
    images[index] = image;
  /* Every thread has scratch memory of its own, so that the number depends on the machine. */
  for (limits.workspace_bytes = 1024; explanations[0] == NULL; limits.workspace_bytes *= 2) {
    gcpp_model_free(model);
    CHECK(open_within(&model, &limits) == GCPP_OK);
    if (gcpp_explain(explanations, model, image, NULL, &error) != GCPP_OK)
      expect(error.code, GCPP_ERROR_INVALID_ARGUMENT, "bytes of working memory, above the limit");
  }
  gcpp_explanation_free(explanations[0]);
  CHECK(limits.workspace_bytes > 2048 && limits.workspace_bytes < 33554432);
  expect(gcpp_explain_batch(explanations, model, images, MANY, NULL, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "raise workspace_bytes of the limits");
  CHECK(explanations[0] == NULL && explanations[MANY - 1] == NULL);
  gcpp_image_free(image);
  gcpp_model_free(model);
}

int main(void) {
  check_defaults();
  check_pictures();
  check_network();
  check_calls();
  return 0;
}
