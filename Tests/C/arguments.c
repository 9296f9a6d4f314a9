/* Zero and NULL mean the defaults; ranges end where the header says. */
#include "expect.h"
#include "network.h"

#include <math.h>

static gcpp_model *model;
static gcpp_image *image;
static const gcpp_status bad = GCPP_ERROR_INVALID_ARGUMENT;

static void check_pinned_values(void) {
  CHECK(GCPP_OK == 0 && GCPP_ERROR_INVALID_ARGUMENT == -1 && GCPP_ERROR_FILE_NOT_FOUND == -2);
  CHECK(GCPP_ERROR_IO == -3 && GCPP_ERROR_BAD_DATA == -4 && GCPP_ERROR_CLASS_INDEX == -5);
  CHECK(GCPP_ERROR_UNKNOWN_LAYER == -6 && GCPP_ERROR_OUT_OF_MEMORY == -7);
  CHECK(GCPP_ERROR_CANCELLED == -8 && GCPP_MAPPED == 0 && GCPP_COPIED == 1);
  CHECK(GCPP_FLOAT32 == 0 && GCPP_FLOAT16 == 1 && GCPP_FLOAT64 == 2);
  CHECK(gcpp_version() == gcpp_version() && gcpp_kernels() == gcpp_kernels());
}

static int same_map(const gcpp_explanation *one, const gcpp_explanation *other) {
  gcpp_view a, b;
  CHECK(gcpp_explanation_heatmap(&a, one) == GCPP_OK);
  CHECK(gcpp_explanation_heatmap(&b, other) == GCPP_OK);
  CHECK(a.rank == 2 && a.shape[0] == b.shape[0] && a.shape[1] == b.shape[1]);
  return memcmp(a.data, b.data, a.shape[0] * a.shape[1] * sizeof(float)) == 0;
}

/* NULL options, zero options and the defaults by name give the same. */
static void check_explain_defaults(void) {
  gcpp_explain_options zero = GCPP_EXPLAIN_OPTIONS_INIT, named = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_explanation *by_null = NULL, *by_zero = NULL, *by_name = NULL;
  gcpp_prediction best;
  size_t count = 1;
  int64_t target;
  CHECK(gcpp_predict(&best, &count, model, image, &error) == GCPP_OK);
  target = best.index;
  named.method = "gradcam++";
  named.layer = "conv1_1";
  named.targets = &target;
  named.target_count = 1;
  CHECK(gcpp_explain(&by_null, model, image, NULL, &error) == GCPP_OK);
  CHECK(gcpp_explain(&by_zero, model, image, &zero, &error) == GCPP_OK);
  CHECK(gcpp_explain(&by_name, model, image, &named, &error) == GCPP_OK);
  CHECK(same_map(by_null, by_zero) && same_map(by_null, by_name));
  gcpp_explanation_free(by_null);
  gcpp_explanation_free(by_name);
  /* target_count of an older or careless caller is nothing without targets. */
  named.targets = NULL;
  expect(gcpp_explain(&by_name, model, image, &named, &error), bad, "options.targets is NULL");
  named.targets = &target;
  named.target_count = 0;
  expect(gcpp_explain(&by_name, model, image, &named, &error), bad, "options.target_count is 0");
  gcpp_explanation_free(by_zero);
}

static uint8_t first_pixel(const gcpp_image *picture, size_t channel) {
  gcpp_pixels pixels;
  CHECK(gcpp_image_pixels(&pixels, picture) == GCPP_OK);
  return pixels.data[channel];
}

static void check_render(void) {
  static const double wrong[] = {-0.1, 1.0001, NAN, INFINITY};
  gcpp_render_options options = GCPP_RENDER_OPTIONS_INIT;
  gcpp_explanation *explanation = NULL;
  gcpp_image *by_null = NULL, *picture = NULL;
  size_t index;
  CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
  CHECK(gcpp_render(&by_null, explanation, "overlay", NULL, &error) == GCPP_OK);
  options.alpha = 0.3;
  options.colormap = "jet";
  CHECK(gcpp_render(&picture, explanation, "overlay", &options, &error) == GCPP_OK);
  for (index = 0; index < 3; index++)
    CHECK(first_pixel(picture, index) == first_pixel(by_null, index));
  gcpp_image_free(picture);
  gcpp_image_free(by_null);
  options.alpha = 1;
  CHECK(gcpp_render(&picture, explanation, "overlay", &options, &error) == GCPP_OK);
  gcpp_image_free(picture);
  for (index = 0; index < 4; index++) {
    options.alpha = wrong[index];
    expect(gcpp_render(&picture, explanation, "overlay", &options, &error), bad, "alpha");
  }
  options.alpha = 0;
  options.colormap = "plaid";
  expect(gcpp_render(&picture, explanation, "heatmap", &options, &error), bad, "\"plaid\"");
  expect(gcpp_render(&picture, explanation, NULL, NULL, &error), bad, "kind is NULL");
  expect(gcpp_render(&picture, explanation, "panels", NULL, &error), bad, "guided");
  gcpp_explanation_free(explanation);
}

/* Room for fewer, for none, for more classes than there are. */
static void check_predict_room(void) {
  gcpp_prediction all[3], some[3];
  size_t count = 3, index;
  double sum = 0;
  CHECK(gcpp_predict(all, &count, model, image, &error) == GCPP_OK && count == 3);
  for (index = 0; index < 3; index++)
    sum += all[index].probability;
  CHECK(fabs(sum - 1) < 1e-12 && all[0].logit >= all[1].logit && all[1].logit >= all[2].logit);
  count = 1;
  CHECK(gcpp_predict(some, &count, model, image, &error) == GCPP_OK && count == 1);
  CHECK(some[0].index == all[0].index);
  count = (size_t)-1;
  CHECK(gcpp_predict(some, &count, model, image, &error) == GCPP_OK && count == 3);
  count = 0;
  CHECK(gcpp_predict(NULL, &count, model, image, &error) == GCPP_OK && count == 0);
  count = 2;
  expect(gcpp_predict(NULL, &count, model, image, &error), bad, "out is NULL");
  CHECK(count == 0);
  count = 2;
  expect(gcpp_predict(some, &count, NULL, image, &error), bad, "model is NULL");
  CHECK(count == 0);
}

static void check_pictures(void) {
  static uint8_t pixels[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  gcpp_image *picture = NULL;
  const size_t most = (size_t)1 << 27;
  /* One pixel above the most there may be. */
  expect(gcpp_image_from_rgb8(&picture, pixels, most + 1, 1, 0, &error), bad, "134217728");
  expect(gcpp_image_from_rgb8(&picture, pixels, 1, most + 1, 0, &error), bad, "134217728");
  expect(gcpp_image_from_rgb8(&picture, pixels, 0, 4, 0, &error), bad, "0 x 4");
  expect(gcpp_image_from_rgb8(&picture, pixels, 2, 2, 5, &error), bad, "row_stride is 5");
  CHECK(gcpp_image_from_rgb8(&picture, pixels, 2, 2, 6, &error) == GCPP_OK);
  CHECK(first_pixel(picture, 11) == 12);
  gcpp_image_free(picture);
}

static void check_arrays(void) {
  tiny_network network;
  gcpp_model *opened = NULL;
  size_t rank;
  tiny_network_fill(&network);
  for (rank = 0; rank < 7; rank += rank == 0 ? 5 : 1) {
    network.arrays[1].rank = rank;
    expect(gcpp_model_open_arrays(&opened, network.arrays, 4, &error), bad, "expected 1 to 4");
  }
  tiny_network_fill(&network);
  network.arrays[1].name = NULL;
  expect(gcpp_model_open_arrays(&opened, network.arrays, 4, &error), bad, "name of an array");
  tiny_network_fill(&network);
  network.arrays[1].data = NULL;
  expect(gcpp_model_open_arrays(&opened, network.arrays, 4, &error), bad, "\"conv1_1/biases\"");
  tiny_network_fill(&network);
  network.arrays[1].name = network.arrays[0].name;
  expect(gcpp_model_open_arrays(&opened, network.arrays, 4, &error), GCPP_ERROR_BAD_DATA,
         "two arrays named \"conv1_1/weights\"");
  tiny_network_fill(&network);
  network.convolution[0] = (float)INFINITY;
  CHECK(gcpp_model_open_arrays(&opened, network.arrays, 4, &error) == GCPP_OK);
  {
    size_t count = 1;
    gcpp_prediction prediction;
    expect(gcpp_predict(&prediction, &count, opened, image, &error), GCPP_ERROR_BAD_DATA,
           "conv1_1");
    CHECK(count == 0);
  }
  gcpp_model_free(opened);
}

/* NAME/linear is the tensor before ReLU; extents behind the rank are 0. */
static void check_layers(void) {
  gcpp_tensor *linear = NULL, *rectified = NULL;
  gcpp_view before, after;
  gcpp_layer_description layer = GCPP_LAYER_DESCRIPTION_INIT;
  size_t index, count = 1;
  CHECK(gcpp_activations(&linear, model, image, "conv1_1/linear", &error) == GCPP_OK);
  CHECK(gcpp_activations(&rectified, model, image, "conv1_1", &error) == GCPP_OK);
  CHECK(gcpp_tensor_view(&before, linear) == GCPP_OK);
  CHECK(gcpp_tensor_view(&after, rectified) == GCPP_OK);
  for (index = 0; index < before.rank; index++)
    count *= before.shape[index];
  for (index = 0; index < count; index++)
    CHECK(after.data[index] == (before.data[index] > 0 ? before.data[index] : 0));
  gcpp_tensor_free(linear);
  gcpp_tensor_free(rectified);
  CHECK(gcpp_layer_info(&layer, model, 2) == GCPP_OK);
  CHECK(strcmp(layer.name, "fc2") == 0 && strcmp(layer.kind, "dense") == 0);
  CHECK(layer.rank == 1 && layer.shape[0] == 3 && layer.shape[1] == 0 && layer.shape[3] == 0);
}

static void check_threads(void) {
  size_t most;
  CHECK(gcpp_set_threads(0, &error) == GCPP_OK);
  CHECK(gcpp_set_threads(1000000, &error) == GCPP_OK);
  most = gcpp_threads();
  CHECK(most >= 1 && most <= 64);
  CHECK(gcpp_set_threads(1, &error) == GCPP_OK && gcpp_threads() == 1);
  CHECK(gcpp_set_threads(0, NULL) == GCPP_OK && gcpp_threads() <= most);
}

int main(void) {
  tiny_network network;
  const uint8_t pixel[3] = {200, 2, 3};
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  check_pinned_values();
  check_explain_defaults();
  check_render();
  check_predict_room();
  check_pictures();
  check_arrays();
  check_layers();
  check_threads();
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
