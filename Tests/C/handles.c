/* On failure nothing is left behind `out` that could be used or freed, whatever lay there before. */
#include "expect.h"
#include "network.h"

static gcpp_model *model;
static gcpp_image *image;

/* An address that nobody may follow. */
#define STALE(type) ((type *)(void *)&error)

#define CHECK_CLEARED(type, call)     \
  do {                                \
    type *out = STALE(type);          \
    CHECK((call) != GCPP_OK);         \
    CHECK(out == NULL);               \
  } while (0)

static void check_single(void) {
  const float number = 1;
  const size_t shape[2] = {1, 1};
  gcpp_explanation_parts parts;
  const char *name = "stale";
  memset(&parts, 0, sizeof parts);
  parts.struct_size = sizeof parts;
  CHECK_CLEARED(gcpp_image, gcpp_image_decode(&out, NULL, 0, &error));
  CHECK_CLEARED(gcpp_image, gcpp_image_from_rgb8(&out, NULL, 1, 1, 0, &error));
  CHECK_CLEARED(gcpp_model, gcpp_model_open(&out, "no such file", &error));
  CHECK_CLEARED(gcpp_model, gcpp_model_open_with(&out, "no such file", NULL, &error));
  CHECK_CLEARED(gcpp_model, gcpp_model_open_arrays(&out, NULL, 3, &error));
  CHECK_CLEARED(gcpp_model, gcpp_model_open_arrays_with(&out, NULL, 3, NULL, &error));
  CHECK_CLEARED(gcpp_explanation, gcpp_explanation_restore(&out, &parts, &error));
  CHECK_CLEARED(gcpp_image, gcpp_render(&out, NULL, "overlay", NULL, &error));
  CHECK_CLEARED(gcpp_tensor, gcpp_activations(&out, model, image, "no such layer", &error));
  CHECK_CLEARED(gcpp_tensor, gcpp_gradients(&out, model, image, "no such layer", NULL, &error));
  CHECK_CLEARED(gcpp_tensor, gcpp_gradients_of(&out, model, image, "no such layer", NULL, &error));
  CHECK_CLEARED(gcpp_image, gcpp_image_decode_with(&out, NULL, 0, NULL, &error));
  CHECK_CLEARED(gcpp_image, gcpp_image_from_rgb8_with(&out, NULL, 1, 1, 0, NULL, &error));
  CHECK_CLEARED(gcpp_tensor, gcpp_cam(&out, &number, &number, shape, 7, NULL, &error));
  CHECK_CLEARED(gcpp_tensor, gcpp_model_array(&out, &name, model, 99, &error));
  CHECK(name == NULL);
  name = "stale";
  CHECK_CLEARED(gcpp_tensor, gcpp_model_array(&out, &name, NULL, 0, &error));
  CHECK(name == NULL);
  name = "stale";
  CHECK(gcpp_model_array(NULL, &name, model, 0, &error) != GCPP_OK && name == NULL);
  {
    gcpp_buffer buffer = {(uint8_t *)&number, 4};
    CHECK(gcpp_jpeg_encode(&buffer, NULL, 90, &error) != GCPP_OK);
    CHECK(buffer.data == NULL && buffer.size == 0);
    buffer.data = (uint8_t *)&number;
    buffer.size = 4;
    CHECK(gcpp_model_configuration(&buffer, NULL, &error) != GCPP_OK);
    CHECK(buffer.data == NULL && buffer.size == 0);
    /* The names of this network's arrays say what it is. */
    buffer.data = (uint8_t *)&number;
    CHECK(gcpp_model_configuration(&buffer, model, &error) == GCPP_OK);
    CHECK(buffer.data == NULL && buffer.size == 0);
    CHECK(gcpp_model_configuration(NULL, model, &error) == GCPP_ERROR_INVALID_ARGUMENT);
  }
}

/* Borrowed addresses are not left either. */
static void check_accessors(void) {
  const gcpp_view stale = {STALE(const float), 2, {9, 9, 9, 9}};
  gcpp_status (*const accessors[])(gcpp_view *, const gcpp_explanation *) = {
      gcpp_explanation_heatmap, gcpp_explanation_cam, gcpp_explanation_channel_weights,
      gcpp_explanation_guided};
  gcpp_view view;
  gcpp_pixels pixels = {STALE(const uint8_t), 9, 9};
  const double *data = STALE(const double);
  size_t index, height = 9, width = 9;
  gcpp_prediction prediction = {9, 9, 9};
  for (index = 0; index < 4; index++) {
    view = stale;
    CHECK(accessors[index](&view, NULL) == GCPP_ERROR_INVALID_ARGUMENT);
    CHECK(view.data == NULL && view.rank == 0);
  }
  view = stale;
  CHECK(gcpp_tensor_view(&view, NULL) == GCPP_ERROR_INVALID_ARGUMENT && view.data == NULL);
  CHECK(gcpp_image_pixels(&pixels, NULL) == GCPP_ERROR_INVALID_ARGUMENT && pixels.data == NULL);
  CHECK(gcpp_explanation_seen(&data, &height, &width, NULL) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(data == NULL && height == 0 && width == 0);
  CHECK(gcpp_explanation_prediction(&prediction, NULL, 0) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(prediction.index == 0 && prediction.probability == 0);
}

enum { ROOM = 12 };

/* Explains `count` pictures; the first `room` handles must be NULL then, the next one as it was. */
static void check_explain(const gcpp_image *const *images, size_t count,
                          const gcpp_explain_options *options, const gcpp_model *used,
                          size_t room) {
  gcpp_explanation *out[ROOM];
  size_t index;
  for (index = 0; index < ROOM; index++)
    out[index] = STALE(gcpp_explanation);
  CHECK(gcpp_explain_batch(out, used, images, count, options, &error) < 0);
  for (index = 0; index < ROOM; index++)
    CHECK(out[index] == (index < room ? NULL : STALE(gcpp_explanation)));
  if (count != 1)
    return;
  for (index = 0; index < ROOM; index++)
    out[index] = STALE(gcpp_explanation);
  CHECK(gcpp_explain(out, used, images == NULL ? NULL : images[0], options, &error) < 0);
  for (index = 0; index < ROOM; index++)
    CHECK(out[index] == (index < room ? NULL : STALE(gcpp_explanation)));
}

static void check_several(void) {
  const int64_t targets[3] = {0, 1, 9}, good_targets[3] = {0, 1, 2};
  const gcpp_image *images[3], *one_missing[3];
  size_t count, index;
  for (index = 0; index < 3; index++)
    images[index] = one_missing[index] = image;
  one_missing[2] = NULL;
  for (count = 1; count <= 3; count++) {
    gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
    /* One target, which is not given. */
    check_explain(images, count, NULL, NULL, count);
    check_explain(NULL, count, NULL, model, count);
    check_explain(one_missing + 3 - count, count, NULL, model, count);
    options.targets = targets;
    options.target_count = 3;
    check_explain(images, count, &options, model, 3 * count);
    options.targets = good_targets;
    check_explain(images, count, &options, NULL, 3 * count);
    check_explain(one_missing + 3 - count, count, &options, model, 3 * count);
    options.method = "\xff";
    check_explain(images, count, &options, model, 3 * count);
    options.method = "magic";
    check_explain(images, count, &options, model, 3 * count);
    options.method = NULL;
    options.layer = "magic";
    check_explain(images, count, &options, model, 3 * count);
    options.layer = NULL;
    options.targets = NULL;
    check_explain(images, count, &options, model, 3 * count);
    /* `top` is in place of the targets. */
    options.top = 2;
    check_explain(images, count, &options, model, 2 * count);
    options.target_count = 0;
    options.top = 4;
    check_explain(images, count, &options, model, 4 * count);
    /* A list of targets in place of `targets`. */
    options.target_list_count = 4;
    options.top = 0;
    check_explain(images, count, &options, model, 4 * count);
    options.target_list_count = 0;
    /* `top` is cut in two, `target_count` is there. */
    options.targets = good_targets;
    options.target_count = 3;
    options.top = 2;
    options.struct_size = offsetof(gcpp_explain_options, top) + 1;
    check_explain(images, count, &options, model, 3 * count);
    /* No option can be read. */
    options.struct_size = 0;
    check_explain(images, count, &options, model, count);
  }
}

/* Where the room is beyond what one call may ask for, nothing but the first handle is touched. */
static void check_too_many(void) {
  const gcpp_image *images[1];
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  images[0] = image;
  options.top = ((size_t)1 << 20) + 1;
  check_explain(images, 1, &options, model, 1);
  expect(gcpp_explain(NULL, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT, "out");
  options.top = (size_t)-1;
  check_explain(images, 1, &options, model, 1);
  options.top = 0;
  check_explain(images, ((size_t)1 << 20) + 1, &options, model, 1);
  check_explain(images, (size_t)-1, &options, model, 1);
  check_explain(images, (size_t)1 << 63, &options, model, 1);
}

int main(void) {
  tiny_network network;
  const uint8_t pixel[3] = {200, 2, 3};
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  check_single();
  check_accessors();
  check_several();
  check_too_many();
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
