/* How colours go in is the caller's choice, and a model tells it and its weights. */
#include "check.h"
#include "network.h"

#include <math.h>
#include <string.h>

static gcpp_error error = GCPP_ERROR_INIT;

static gcpp_model *opened(const gcpp_model_options *options) {
  static tiny_network network;
  gcpp_model *model = NULL;
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays_with(&model, network.arrays, 4, options, &error) == GCPP_OK);
  return model;
}

static void expect_refusal(const gcpp_model_options *options, const char *words) {
  tiny_network network;
  gcpp_model *model = NULL;
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays_with(&model, network.arrays, 4, options, &error) ==
        GCPP_ERROR_INVALID_ARGUMENT);
  if (strstr(error.message, words) == NULL) {
    fprintf(stderr, "'%s' lacks '%s'\n", error.message, words);
    exit(1);
  }
  CHECK(model == NULL);
}

/* Logits of a grey-blue picture. Class 0 sums (input channel 2) + 123.68 over four cells, times
   0.01; class 1 likewise input channel 0 and 103.939. */
static void logits(float out[3], const gcpp_model *model) {
  uint8_t pixels[4 * 4 * 3];
  gcpp_image *image = NULL;
  gcpp_prediction predictions[3];
  size_t count = 3, index;
  for (index = 0; index < sizeof pixels; index++)
    pixels[index] = (uint8_t)(index % 3 == 0 ? 51 : index % 3 == 1 ? 102 : 204);
  CHECK(gcpp_image_from_rgb8(&image, pixels, 4, 4, 0, &error) == GCPP_OK);
  CHECK(gcpp_predict(predictions, &count, model, image, &error) == GCPP_OK && count == 3);
  for (index = 0; index < count; index++)
    out[predictions[index].index] = predictions[index].logit;
  gcpp_image_free(image);
}

static void check_values(void) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model *model = opened(NULL);
  float found[3];
  logits(found, model);
  CHECK(fabsf(found[0] - 0.04f * 51) < 1e-4f && fabsf(found[1] - 0.04f * 204) < 1e-4f);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(strcmp(description.channel_order, "BGR") == 0 && description.scale == 1);
  CHECK(description.mean[0] == 103.939 && description.mean[2] == 123.68);
  CHECK(description.deviation[1] == 1 && description.borrows != 0);
  gcpp_model_free(model);

  options.preprocessing = "unit";
  model = opened(&options);
  logits(found, model);
  /* Blue is channel 2 now: 0.8; red is channel 0: 0.2. */
  CHECK(fabsf(found[0] - 0.04f * (0.8f + 123.68f)) < 1e-4f);
  CHECK(fabsf(found[1] - 0.04f * (0.2f + 103.939f)) < 1e-4f);
  gcpp_model_free(model);

  options.preprocessing = NULL;
  options.channel_order = "RGB";
  options.scale = 0.5;
  options.mean[2] = 2;
  options.deviation[0] = 1;
  options.deviation[1] = 1;
  options.deviation[2] = 4;
  model = opened(&options);
  logits(found, model);
  CHECK(fabsf(found[0] - 0.04f * (25 + 123.68f)) < 1e-4f);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(strcmp(description.channel_order, "RGB") == 0 && description.scale == 0.5);
  CHECK(description.mean[2] == 2 && description.deviation[2] == 4);
  gcpp_model_free(model);
}

/* A picture of 2 x 4 in a network of 4 x 4: all but its middle is seen through other crops. */
static void check_crops(void) {
  static const struct {
    const char *crop, *name;
    int64_t top, left, height, width;
  } cases[] = {{NULL, "center", 0, 1, 2, 2},
               {"squash", "squash", 0, 0, 2, 4},
               {"pad", "pad", -1, 0, 4, 4}};
  uint8_t pixels[24] = {0};
  gcpp_image *image = NULL;
  CHECK(gcpp_image_from_rgb8(&image, pixels, 2, 4, 0, &error) == GCPP_OK);
  for (size_t index = 0; index < 3; index++) {
    gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
    gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
    gcpp_explanation *explanation = NULL;
    gcpp_source_area area;
    gcpp_model *model;
    options.crop = cases[index].crop;
    model = opened(&options);
    CHECK(gcpp_model_info(&description, model) == GCPP_OK);
    CHECK(strcmp(description.crop, cases[index].name) == 0);
    CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
    CHECK(gcpp_explanation_source_area(&area, explanation) == GCPP_OK);
    CHECK(area.image_height == 2 && area.image_width == 4);
    CHECK(area.top == cases[index].top && area.left == cases[index].left);
    CHECK(area.height == cases[index].height && area.width == cases[index].width);
    gcpp_explanation_free(explanation);
    gcpp_model_free(model);
  }
  gcpp_image_free(image);
}

/* A picture of 2 x 4, of whose middle the halves are seen, and what a model tells of that. */
static void check_fractions(void) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_explanation *explanation = NULL;
  gcpp_source_area area;
  gcpp_image *image = NULL;
  gcpp_model *model = opened(NULL);
  uint8_t pixels[24] = {0};
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(description.crop_fraction == 1 && description.resize_first == 0);
  CHECK(strcmp(description.resample, "skimage") == 0);
  gcpp_model_free(model);
  options.crop_fraction = 0.5;
  options.resample = "bicubic";
  options.resize_first = 7;
  model = opened(&options);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(description.crop_fraction == 0.5 && description.resize_first == 1);
  CHECK(strcmp(description.resample, "bicubic") == 0);
  CHECK(gcpp_image_from_rgb8(&image, pixels, 2, 4, 0, &error) == GCPP_OK);
  CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
  /* Resized to 8 x 16, of which rows 2 to 5 and columns 6 to 9 are seen: halves of pixels. */
  CHECK(gcpp_explanation_source_area(&area, explanation) == GCPP_OK);
  CHECK(area.top == 1 && area.left == 2 && area.height == 1 && area.width == 1);
  gcpp_explanation_free(explanation);
  gcpp_image_free(image);
  gcpp_model_free(model);
  options.resample = "nearest";
  expect_refusal(&options, "\"nearest\" is unknown; expected one of skimage, bilinear");
  options.resample = NULL;
  options.crop_fraction = -1;
  expect_refusal(&options, "crop_fraction is -1.0; expected a number above 0");
  options.crop_fraction = 0;
  options.crop = "pad";
  expect_refusal(&options, "crop is \"pad\"");
}

static void check_refusals(void) {
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_model *model = NULL;
  options.preprocessing = "tf";
  expect_refusal(&options, "\"tf\" is unknown");
  options.preprocessing = NULL;
  options.crop = "stretch";
  expect_refusal(&options, "\"stretch\" is unknown; expected one of center, squash, pad");
  options.crop = NULL;
  options.preprocessing = "tf";
  options.channel_order = "RGB";
  expect_refusal(&options, "both a preprocessing and a channel_order");
  options.preprocessing = NULL;
  options.channel_order = "RBG";
  expect_refusal(&options, "\"RBG\"");
  options.channel_order = "RGB";
  options.deviation[0] = 1;
  expect_refusal(&options, "standard deviation 0");
  options.channel_order = NULL;
  expect_refusal(&options, "without a channel_order");
  options.struct_size = 0;
  expect_refusal(&options, "struct_size");
  CHECK(gcpp_model_open_with(&model, "no such file", &options, &error) ==
        GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_model_open_with(NULL, "x", NULL, &error) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_model_open_with(&model, "no such file", NULL, &error) == GCPP_ERROR_FILE_NOT_FOUND);
}

/* A caller of an older header: its description ends where this one once did. */
static void check_old_description(void) {
  gcpp_model *model = opened(NULL);
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  description.struct_size = offsetof(gcpp_model_description, channel_order);
  description.scale = -7;
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(description.class_count == 3 && description.scale == -7);
  CHECK(description.channel_order == NULL);
  gcpp_model_free(model);
}

static void check_arrays(void) {
  gcpp_model *model = opened(NULL);
  gcpp_tensor *tensor = NULL;
  gcpp_view view;
  const char *name = NULL;
  CHECK(gcpp_model_array_count(NULL) == 0 && gcpp_model_array_count(model) == 4);
  CHECK(gcpp_model_array(&tensor, &name, model, 2, &error) == GCPP_OK);
  CHECK(strcmp(name, "fc2/weights") == 0);
  CHECK(gcpp_tensor_view(&view, tensor) == GCPP_OK);
  CHECK(view.rank == 2 && view.shape[0] == 8 && view.shape[1] == 3 && view.data[4] == 0.01f);
  gcpp_tensor_free(tensor);
  CHECK(gcpp_model_array(&tensor, &name, model, 4, &error) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(tensor == NULL && strstr(error.message, "array index is 4") != NULL);
  CHECK(gcpp_model_array(&tensor, NULL, model, 0, &error) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_model_array(&tensor, &name, model, (size_t)-1, &error) ==
        GCPP_ERROR_INVALID_ARGUMENT);
  gcpp_model_free(model);
}

/* torchvision's names: everything is rearranged, so that nothing stays borrowed. */
static void check_nothing_borrowed(void) {
  static float weights[2 * 3 * 3 * 3], dense[3 * 8], biases[3] = {1, 2, 3};
  const gcpp_array arrays[4] = {
      {"features.0.weight", weights, GCPP_FLOAT32, 4, {2, 3, 3, 3}},
      {"features.0.bias", biases, GCPP_FLOAT32, 1, {2, 0, 0, 0}},
      {"classifier.0.weight", dense, GCPP_FLOAT32, 2, {3, 8, 0, 0}},
      {"classifier.0.bias", biases, GCPP_FLOAT32, 1, {3, 0, 0, 0}}};
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_description preprocessing = GCPP_DESCRIPTION_INIT;
  gcpp_model *model = NULL;
  float found[3];
  CHECK(gcpp_model_open_arrays(&model, arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK && description.borrows == 0);
  CHECK(strcmp(description.channel_order, "RGB") == 0 && description.mean[0] == 0.485);
  biases[0] = 50;
  dense[0] = (float)NAN;
  logits(found, model);
  CHECK(found[0] == 1 && found[2] == 3);
  gcpp_model_free(model);
  options.source = "vgg16.pth";
  CHECK(gcpp_model_open_arrays_with(&model, arrays, 3, &options, &error) == GCPP_ERROR_BAD_DATA);
  CHECK(strstr(error.message, "vgg16.pth: \"classifier.0.bias\" is missing") == error.message);
  CHECK(gcpp_preprocessing_count() == 4);
  CHECK(gcpp_preprocessing_info(&preprocessing, 1) == GCPP_OK);
  CHECK(strcmp(preprocessing.name, "torchvision") == 0);
  CHECK(gcpp_preprocessing_info(&preprocessing, 4) == GCPP_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  check_values();
  check_crops();
  check_fractions();
  check_refusals();
  check_old_description();
  check_arrays();
  check_nothing_borrowed();
  return 0;
}
