/* Structs that the library reads: every struct_size of each, members 0, which means the defaults. */
#include "expect.h"
#include "members.h"
#include "network.h"

static gcpp_model *model;
static gcpp_image *image;
static gcpp_explanation *explanation;

typedef gcpp_status (*reader)(const memory *options);

static gcpp_status open_with(const memory *options) {
  static tiny_network network;
  gcpp_model *opened = NULL;
  gcpp_status status;
  tiny_network_fill(&network);
  status = gcpp_model_open_arrays_with(
      &opened, network.arrays, 4, (const gcpp_model_options *)(const void *)options, &error);
  gcpp_model_free(opened);
  return status;
}
static gcpp_status explain_with(const memory *options) {
  gcpp_explanation *made = NULL;
  gcpp_status status = gcpp_explain(&made, model, image,
                                    (const gcpp_explain_options *)(const void *)options, &error);
  gcpp_explanation_free(made);
  return status;
}
static gcpp_status render_with(const memory *options) {
  gcpp_image *made = NULL;
  gcpp_status status = gcpp_render(&made, explanation, "overlay",
                                   (const gcpp_render_options *)(const void *)options, &error);
  gcpp_image_free(made);
  return status;
}

static gcpp_status from_rgb8_with(const memory *limits) {
  const uint8_t pixel[3] = {1, 2, 3};
  gcpp_image *made = NULL;
  gcpp_status status = gcpp_image_from_rgb8_with(
      &made, pixel, 1, 1, 0, (const gcpp_limits *)(const void *)limits, &error);
  gcpp_image_free(made);
  return status;
}

/* Reads a target by its gradients; all members 0 is a logit of no class. */
static gcpp_status gradients_of(const memory *target) {
  gcpp_tensor *made = NULL;
  gcpp_status status =
      gcpp_gradients_of(&made, model, image, "conv1_1",
                        (const gcpp_target *)(const void *)target, &error);
  gcpp_tensor_free(made);
  return status;
}
static gcpp_status score(const memory *scoring) {
  double out = 0;
  return gcpp_score(&out, model, (const gcpp_scoring *)(const void *)scoring, &error);
}

/* All members are 0, which is the default or, where that cannot be, refused with `words`; a field that
   is not known yet is 0, too, or refused. */
static void check_read(reader read, const char *words, size_t whole, const member *members,
                       size_t count) {
  memory options;
  size_t size;
  memset(&options, 0, sizeof options);
  for (size = 0; size < whole + BEHIND; size++) {
    options.struct_size = size;
    if (!is_size(size, members, count))
      expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT,
             size < sizeof(size_t) ? "initialise it with its INIT macro" : "inside a member");
    else if (words == NULL)
      CHECK(read(&options) == GCPP_OK);
    else
      expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT, words);
  }
  options.bytes[whole + 7] = 1;
  options.struct_size = whole + 8;
  expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT, "does not know");
  options.struct_size = (size_t)-1;
  expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT, "struct_size 18446744073709551615");
}

static void check_all(void) {
  static const member model_members[] = {
      MEMBER(gcpp_model_options, struct_size),   MEMBER(gcpp_model_options, preprocessing),
      MEMBER(gcpp_model_options, channel_order), MEMBER(gcpp_model_options, scale),
      MEMBER(gcpp_model_options, mean),          MEMBER(gcpp_model_options, deviation),
      MEMBER(gcpp_model_options, source),        MEMBER(gcpp_model_options, crop),
      MEMBER(gcpp_model_options, limits),        MEMBER(gcpp_model_options, mapping),
      MEMBER(gcpp_model_options, input_height),  MEMBER(gcpp_model_options, input_width),
      MEMBER(gcpp_model_options, activation),    MEMBER(gcpp_model_options, epsilon),
      MEMBER(gcpp_model_options, configuration), MEMBER(gcpp_model_options, crop_fraction),
      MEMBER(gcpp_model_options, resample),      MEMBER(gcpp_model_options, resize_first),
      MEMBER(gcpp_model_options, output),        MEMBER(gcpp_model_options, inputs),
      MEMBER(gcpp_model_options, input_count),   MEMBER(gcpp_model_options, tokens)};
  static const member explain_members[] = {
      MEMBER(gcpp_explain_options, struct_size),
      MEMBER(gcpp_explain_options, method),
      MEMBER(gcpp_explain_options, layer),
      MEMBER(gcpp_explain_options, targets),
      MEMBER(gcpp_explain_options, target_count),
      MEMBER(gcpp_explain_options, guided),
      MEMBER(gcpp_explain_options, top),
      MEMBER(gcpp_explain_options, target_list),
      MEMBER(gcpp_explain_options, target_list_count),
      MEMBER(gcpp_explain_options, layers),
      MEMBER(gcpp_explain_options, layer_count),
      MEMBER(gcpp_explain_options, method_options),
      MEMBER(gcpp_explain_options, method_option_count),
      MEMBER(gcpp_explain_options, cancel)};
  static const member render_members[] = {MEMBER(gcpp_render_options, struct_size),
                                          MEMBER(gcpp_render_options, colormap),
                                          MEMBER(gcpp_render_options, alpha)};
  static const member target_members[] = {
      MEMBER(gcpp_target, struct_size), MEMBER(gcpp_target, kind),
      MEMBER(gcpp_target, classes),     MEMBER(gcpp_target, class_count),
      MEMBER(gcpp_target, others),      MEMBER(gcpp_target, other_count),
      MEMBER(gcpp_target, weights),     MEMBER(gcpp_target, weight_count)};
  static const member scoring_members[] = {
      MEMBER(gcpp_scoring, struct_size), MEMBER(gcpp_scoring, pictures),
      MEMBER(gcpp_scoring, image),       MEMBER(gcpp_scoring, masks),
      MEMBER(gcpp_scoring, background),  MEMBER(gcpp_scoring, count),
      MEMBER(gcpp_scoring, targets),     MEMBER(gcpp_scoring, target_count),
      MEMBER(gcpp_scoring, cancel)};
  static const member limits_members[] = {
      MEMBER(gcpp_limits, struct_size),   MEMBER(gcpp_limits, pixels),
      MEMBER(gcpp_limits, decoded_bytes), MEMBER(gcpp_limits, scans),
      MEMBER(gcpp_limits, layers),        MEMBER(gcpp_limits, multiply_adds),
      MEMBER(gcpp_limits, workspace_bytes)};
  check_read(open_with, NULL, sizeof(gcpp_model_options), model_members, COUNT(model_members));
  check_read(explain_with, NULL, sizeof(gcpp_explain_options), explain_members,
             COUNT(explain_members));
  check_read(render_with, NULL, sizeof(gcpp_render_options), render_members,
             COUNT(render_members));
  check_read(from_rgb8_with, NULL, sizeof(gcpp_limits), limits_members, COUNT(limits_members));
  check_read(gradients_of, "class", sizeof(gcpp_target), target_members, COUNT(target_members));
  check_read(score, "neither pictures nor an image", sizeof(gcpp_scoring), scoring_members,
             COUNT(scoring_members));
}

/* Targets in a list lie as far apart as the first says. */
static void check_list(void) {
  const int64_t index = 1;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_explanation *made[2] = {NULL, NULL};
  gcpp_target targets[2] = {GCPP_TARGET_INIT, GCPP_TARGET_INIT};
  int place;
  for (place = 0; place < 2; place++) {
    targets[place].classes = &index;
    targets[place].class_count = 1;
  }
  options.target_list = targets;
  options.target_list_count = 2;
  CHECK(gcpp_explain(made, model, image, &options, &error) == GCPP_OK);
  gcpp_explanation_free(made[0]);
  gcpp_explanation_free(made[1]);
  targets[1].struct_size -= 8;
  expect(gcpp_explain(made, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "struct_size");
  CHECK(made[0] == NULL && made[1] == NULL);
  /* No struct lies at such an address. */
  targets[0].struct_size = sizeof(gcpp_target) + 3;
  expect(gcpp_explain(made, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "target_list");
}

int main(void) {
  tiny_network network;
  const uint8_t pixel[3] = {200, 2, 3};
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
  check_all();
  check_list();
  gcpp_explanation_free(explanation);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
