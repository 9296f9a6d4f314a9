/* Targets of every kind, scores of many pictures, and calls that are cancelled. */
#include "expect.h"
#include "network.h"

#include <math.h>

static gcpp_model *model;
static gcpp_image *image;

/* The tiny network's logits for a picture of one colour: 0.04 times red, 0.04 times blue, 1. */
static const double RED = 200, BLUE = 50;

static int is_close(double value, double expected) { return fabs(value - expected) < 1e-4; }

static gcpp_explanation *explain(const gcpp_target *target) {
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_explanation *made = NULL;
  options.target_list = target;
  options.target_list_count = 1;
  CHECK(gcpp_explain(&made, model, image, &options, &error) == GCPP_OK);
  return made;
}

static double score_of(const gcpp_target *target, const char *kind, int has_class) {
  gcpp_explanation *made = explain(target);
  gcpp_prediction prediction = {-7, 0.0, 0.0f};
  double score = NAN;
  CHECK(gcpp_explanation_score(&score, made) == GCPP_OK);
  CHECK(strcmp(gcpp_explanation_target_kind(made), kind) == 0);
  if (has_class)
    CHECK(gcpp_explanation_target(&prediction, made) == GCPP_OK &&
          prediction.index == target->classes[0]);
  else
    CHECK(gcpp_explanation_target(&prediction, made) == GCPP_ERROR_INVALID_ARGUMENT);
  gcpp_explanation_free(made);
  return score;
}

static void check_kinds(void) {
  const int64_t zero = 0, one = 1;
  const float weights[3] = {1, -0.5f, 2};
  const double red = 0.04 * RED, blue = 0.04 * BLUE;
  gcpp_target target = GCPP_TARGET_INIT;
  target.classes = &zero;
  target.class_count = 1;
  CHECK(is_close(score_of(&target, "logit", 1), red));
  target.kind = "not";
  CHECK(is_close(score_of(&target, "not", 1), -red));
  target.kind = "probability";
  CHECK(is_close(score_of(&target, "probability", 1),
                 exp(red) / (exp(red) + exp(blue) + exp(1.0))));
  target.kind = "difference";
  target.others = &one;
  target.other_count = 1;
  CHECK(is_close(score_of(&target, "difference", 1), red - blue));
  {
    const gcpp_target none = GCPP_TARGET_INIT;
    target = none;
    target.kind = "output";
    target.weights = weights;
    target.weight_count = 3;
    CHECK(is_close(score_of(&target, "output", 0), red - 0.5 * blue + 2));
  }
}

/* The gradient of a target is that of its weighted logits. */
static void check_gradients(void) {
  const int64_t zero = 0;
  const float weights[3] = {1, -0.5f, 2};
  gcpp_target target = GCPP_TARGET_INIT;
  gcpp_tensor *whole = NULL, *part = NULL;
  gcpp_view left, right;
  size_t index;
  target.kind = "output";
  target.weights = weights;
  target.weight_count = 3;
  CHECK(gcpp_gradients_of(&whole, model, image, "pool1", &target, &error) == GCPP_OK);
  CHECK(gcpp_gradients(&part, model, image, "pool1", &zero, &error) == GCPP_OK);
  CHECK(gcpp_tensor_view(&left, whole) == GCPP_OK && gcpp_tensor_view(&right, part) == GCPP_OK);
  for (index = 0; index < 8; index++) {
    const double expected = index % 2 == 0 ? 0.01 : -0.005;
    CHECK(fabs(left.data[index] - expected) < 1e-7);
    CHECK(fabs(right.data[index] - (index % 2 == 0 ? 0.01 : 0)) < 1e-7);
  }
  gcpp_tensor_free(whole);
  gcpp_tensor_free(part);
}

static void check_refused(void) {
  const int64_t zero = 0;
  gcpp_target targets[2] = {GCPP_TARGET_INIT, GCPP_TARGET_INIT};
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_explanation *out[2] = {NULL, NULL};
  targets[0].classes = targets[1].classes = &zero;
  targets[0].class_count = targets[1].class_count = 1;
  options.target_list = targets;
  options.target_list_count = 2;
  targets[1].kind = "logits";
  expect(gcpp_explain(out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "known targets: logit, not");
  targets[1].kind = "mask";
  expect(gcpp_explain(out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "networks that end with a map");
  targets[1].kind = NULL;
  targets[1].struct_size = 24;
  expect(gcpp_explain(out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "as the first");
  targets[1].struct_size = sizeof(gcpp_target);
  targets[1].class_count = 0;
  expect(gcpp_explain(out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "target.class_count is 0");
  targets[1].class_count = 1;
  options.targets = &zero;
  options.target_count = 1;
  expect(gcpp_explain(out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "both targets and a target_list");
  CHECK(out[0] == NULL && out[1] == NULL);
}

static void check_methods(void) {
  const gcpp_option option = {"power", 2.0};
  const char *layers[2] = {"conv1_1", "pool1"};
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_method_needs needs = GCPP_METHOD_NEEDS_INIT;
  gcpp_explanation *out = NULL;
  options.method_options = &option;
  options.method_option_count = 1;
  expect(gcpp_explain(&out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "has no option \"power\"");
  options.method_option_count = 0;
  expect(gcpp_explain(&out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "options.method_option_count is 0");
  options.method_options = NULL;
  options.layers = layers;
  options.layer_count = 2;
  expect(gcpp_explain(&out, model, image, &options, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "explains one layer, and 2 are given");
  options.layer_count = 1;
  CHECK(gcpp_explain(&out, model, image, &options, &error) == GCPP_OK);
  CHECK(strcmp(gcpp_explanation_layer(out), "conv1_1") == 0);
  gcpp_explanation_free(out);
  CHECK(gcpp_method_needs_info(&needs, 0) == GCPP_OK && needs.gradients && !needs.scoring);
  CHECK(gcpp_target_count() == 6);
}

/* The prepared picture of one colour. */
static void paint(float *picture, double red, double blue) {
  size_t pixel;
  for (pixel = 0; pixel < 16; pixel++) {
    picture[pixel * 3] = (float)(red / 255);
    picture[pixel * 3 + 1] = 0;
    picture[pixel * 3 + 2] = (float)(blue / 255);
  }
}

static void check_scores(void) {
  enum { COUNT = 11 };
  static float pictures[COUNT * 48], masks[COUNT * 16];
  const int64_t zero = 0, one = 1;
  gcpp_target targets[2] = {GCPP_TARGET_INIT, GCPP_TARGET_INIT};
  gcpp_scoring scoring = GCPP_SCORING_INIT;
  double scores[COUNT * 2];
  size_t index;
  targets[0].classes = &zero;
  targets[1].classes = &one;
  targets[0].class_count = targets[1].class_count = 1;
  scoring.targets = targets;
  scoring.target_count = 2;
  scoring.count = COUNT;
  for (index = 0; index < COUNT; index++)
    paint(pictures + index * 48, 20.0 * (double)index, 200 - 10.0 * (double)index);
  scoring.pictures = pictures;
  CHECK(gcpp_score(scores, model, &scoring, &error) == GCPP_OK);
  for (index = 0; index < COUNT; index++) {
    CHECK(is_close(scores[2 * index], 0.04 * 20 * (double)index));
    CHECK(is_close(scores[2 * index + 1], 0.04 * (200 - 10 * (double)index)));
  }
  /* What a mask hides shows the colour that goes in as 0, or the background. */
  for (index = 0; index < COUNT * 16; index++)
    masks[index] = (float)(index / 16) / (float)(COUNT - 1);
  scoring.pictures = NULL;
  scoring.image = image;
  scoring.masks = masks;
  CHECK(gcpp_score(scores, model, &scoring, &error) == GCPP_OK);
  for (index = 0; index < COUNT; index++) {
    const double share = (double)index / (COUNT - 1);
    CHECK(is_close(scores[2 * index], 0.04 * (share * RED + (1 - share) * 123.68)));
  }
  paint(pictures, 10, 20);
  scoring.background = pictures;
  CHECK(gcpp_score(scores, model, &scoring, &error) == GCPP_OK);
  for (index = 0; index < COUNT; index++) {
    const double share = (double)index / (COUNT - 1);
    CHECK(is_close(scores[2 * index + 1], 0.04 * (share * BLUE + (1 - share) * 20)));
  }
  scoring.background = NULL;
  masks[17] = 1.5f;
  expect(gcpp_score(scores, model, &scoring, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "outside 0 to 1");
  scoring.pictures = pictures;
  expect(gcpp_score(scores, model, &scoring, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "expected one of them");
  scoring.image = NULL;
  expect(gcpp_score(scores, model, &scoring, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "masks or a background");
  scoring.masks = NULL;
  pictures[3] = -1;
  expect(gcpp_score(scores, model, &scoring, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "holds -1.0 in picture 0");
  scoring.targets = NULL;
  scoring.target_count = 0;
  expect(gcpp_score(scores, model, &scoring, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "none is given");
}

/* What is explained where no target is given. */
static void check_predicted(const gcpp_model *other, const char *kind, double expected) {
  gcpp_explanation *made = NULL;
  double score = NAN;
  CHECK(gcpp_explain(&made, other, image, NULL, &error) == GCPP_OK);
  CHECK(strcmp(gcpp_explanation_target_kind(made), kind) == 0);
  CHECK(gcpp_explanation_score(&score, made) == GCPP_OK && is_close(score, expected));
  gcpp_explanation_free(made);
}

/* One unit is a sigmoid, whose activation may be named; several are a softmax unless it is said. */
static void check_activations(tiny_network *network) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_prediction found[3];
  gcpp_model *other = NULL;
  size_t count = 3;
  options.activation = "sigmoid";
  CHECK(gcpp_model_open_arrays_with(&other, network->arrays, 4, &options, &error) == GCPP_OK);
  CHECK(gcpp_model_info(&description, other) == GCPP_OK);
  CHECK(strcmp(description.probabilities, "sigmoid") == 0);
  CHECK(gcpp_predict(found, &count, other, image, &error) == GCPP_OK && count == 3);
  CHECK(is_close(found[0].probability, 1 / (1 + exp(-0.04 * RED))));
  CHECK(is_close(found[2].probability, 1 / (1 + exp(-1.0))));
  gcpp_model_free(other);
  options.activation = "tanh";
  expect(gcpp_model_open_arrays_with(&other, network->arrays, 4, &options, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "expected softmax or sigmoid");
  /* Class 0 alone: red less 7 times 1. */
  {
    static float weights[8] = {0.01f, 0, 0.01f, 0, 0.01f, 0, 0.01f, 0};
    static float bias[1] = {-7};
    network->arrays[2].data = weights;
    network->arrays[2].shape[1] = 1;
    network->arrays[3].data = bias;
    network->arrays[3].shape[0] = 1;
  }
  options.activation = "softmax";
  expect(gcpp_model_open_arrays_with(&other, network->arrays, 4, &options, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "whose softmax is always 1");
  CHECK(gcpp_model_open_arrays(&other, network->arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_model_info(&description, other) == GCPP_OK);
  CHECK(strcmp(description.probabilities, "sigmoid") == 0 && description.class_count == 1);
  count = 3;
  CHECK(gcpp_predict(found, &count, other, image, &error) == GCPP_OK && count == 1);
  CHECK(is_close(found[0].probability, 1 / (1 + exp(7 - 0.04 * RED))));
  check_predicted(other, "logit", 0.04 * RED - 7);
  gcpp_model_free(other);
  {
    static float bias[1] = {-9};
    network->arrays[3].data = bias;
  }
  CHECK(gcpp_model_open_arrays(&other, network->arrays, 4, &error) == GCPP_OK);
  check_predicted(other, "not", 9 - 0.04 * RED);
  gcpp_model_free(other);
}

static void check_cancelled_passes(void) {
  gcpp_cancel_token *token = NULL;
  gcpp_prediction found[3];
  gcpp_tensor *tensor = NULL;
  size_t count = 3;
  CHECK(gcpp_cancel_token_create(&token, NULL, NULL, &error) == GCPP_OK);
  CHECK(gcpp_predict_with(found, &count, model, image, token, &error) == GCPP_OK && count == 3);
  gcpp_cancel_token_cancel(token);
  expect(gcpp_predict_with(found, &count, model, image, token, &error), GCPP_ERROR_CANCELLED,
         "cancelled");
  CHECK(count == 0);
  expect(gcpp_activations_with(&tensor, model, image, "pool1", token, &error),
         GCPP_ERROR_CANCELLED, "cancelled");
  expect(gcpp_gradients_with(&tensor, model, image, "pool1", NULL, token, &error),
         GCPP_ERROR_CANCELLED, "cancelled");
  CHECK(tensor == NULL);
  gcpp_cancel_token_free(token);
}

static int count_down(void *context) { return --*(int *)context < 0; }

static void check_cancelling(void) {
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_cancel_token *token = NULL;
  gcpp_explanation *out = NULL;
  int calls = 2;
  CHECK(gcpp_cancel_token_create(&token, NULL, NULL, &error) == GCPP_OK);
  options.cancel = token;
  CHECK(gcpp_explain(&out, model, image, &options, &error) == GCPP_OK);
  gcpp_explanation_free(out);
  gcpp_cancel_token_cancel(token);
  expect(gcpp_explain(&out, model, image, &options, &error), GCPP_ERROR_CANCELLED, "cancelled");
  CHECK(out == NULL);
  gcpp_cancel_token_free(token);
  CHECK(gcpp_cancel_token_create(&token, count_down, &calls, &error) == GCPP_OK);
  options.cancel = token;
  expect(gcpp_explain(&out, model, image, &options, &error), GCPP_ERROR_CANCELLED, "cancelled");
  CHECK(calls == -1);
  gcpp_cancel_token_free(token);
  check_cancelled_passes();
  gcpp_cancel_token_free(NULL);
  gcpp_cancel_token_cancel(NULL);
  expect(gcpp_cancel_token_create(NULL, NULL, NULL, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "out is NULL");
}

int main(void) {
  tiny_network network;
  uint8_t pixels[48];
  size_t pixel;
  tiny_network_fill(&network);
  for (pixel = 0; pixel < 16; pixel++) {
    pixels[pixel * 3] = (uint8_t)RED;
    pixels[pixel * 3 + 1] = 0;
    pixels[pixel * 3 + 2] = (uint8_t)BLUE;
  }
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixels, 4, 4, 0, &error) == GCPP_OK);
  {
    gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
    CHECK(gcpp_model_info(&description, model) == GCPP_OK);
    CHECK(strcmp(description.output, "classes") == 0);
    CHECK(strcmp(description.probabilities, "softmax") == 0);
    CHECK(description.output_rank == 1 && description.output_shape[0] == 3);
  }
  check_kinds();
  check_gradients();
  check_refused();
  check_methods();
  check_scores();
  check_cancelling();
  check_activations(&network);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
