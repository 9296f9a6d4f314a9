/* What the header says is copied may change afterwards; what it says is borrowed lives on. */
#include "check.h"
#include "network.h"

#include <string.h>

static gcpp_error error = GCPP_ERROR_INIT;

static uint8_t picture[48];

static float logit(const gcpp_model *model, int64_t index) {
  gcpp_image *image = NULL;
  gcpp_prediction predictions[3];
  size_t count = 3, place;
  float found = -1;
  CHECK(gcpp_image_from_rgb8(&image, picture, 4, 4, 0, &error) == GCPP_OK);
  CHECK(gcpp_predict(predictions, &count, model, image, &error) == GCPP_OK && count == 3);
  for (place = 0; place < 3; place++)
    if (predictions[place].index == index)
      found = predictions[place].logit;
  gcpp_image_free(image);
  return found;
}

/* Pixels and encoded bytes are read during the call only. */
static void check_pictures(void) {
  uint8_t pixels[2 * 10];
  gcpp_image *image = NULL, *decoded = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  gcpp_pixels view, before;
  size_t index;
  /* Two rows of two pixels, ten bytes apart, but without the last row's padding. */
  memset(pixels, 9, sizeof pixels);
  for (index = 0; index < 6; index++) {
    pixels[index] = (uint8_t)index;
    pixels[10 + index] = (uint8_t)(100 + index);
  }
  CHECK(gcpp_image_from_rgb8(&image, pixels, 2, 2, 10, &error) == GCPP_OK);
  memset(pixels, 77, sizeof pixels);
  CHECK(gcpp_image_pixels(&view, image) == GCPP_OK);
  CHECK(view.height == 2 && view.width == 2);
  for (index = 0; index < 6; index++)
    CHECK(view.data[index] == index && view.data[6 + index] == 100 + index);
  CHECK(gcpp_jpeg_encode(&jpeg, image, 100, &error) == GCPP_OK);
  CHECK(gcpp_image_decode(&decoded, jpeg.data, jpeg.size, &error) == GCPP_OK);
  CHECK(gcpp_image_pixels(&before, decoded) == GCPP_OK);
  CHECK(before.data[0] < 30 && before.data[11] > 60);
  memset(jpeg.data, 0, jpeg.size);
  gcpp_buffer_dispose(&jpeg);
  gcpp_buffer_dispose(&jpeg);
  gcpp_buffer_dispose(NULL);
  CHECK(gcpp_image_pixels(&view, decoded) == GCPP_OK && view.data == before.data);
  CHECK(view.data[0] < 30 && view.data[11] > 60);
  gcpp_image_free(decoded);
  gcpp_image_free(image);
}

/* Baseline, 4:2:0: the frame header is SOF0, its first component sampled 2 x 2. */
static void check_encoding(void) {
  gcpp_image *image = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  size_t index, frames = 0;
  CHECK(gcpp_image_from_rgb8(&image, picture, 4, 4, 0, &error) == GCPP_OK);
  CHECK(gcpp_jpeg_encode(&jpeg, image, 1, &error) == GCPP_OK);
  for (index = 2; index + 12 < jpeg.size && jpeg.data[index + 1] != 0xDA;
       index += 2 + (size_t)(jpeg.data[index + 2] << 8 | jpeg.data[index + 3])) {
    CHECK(jpeg.data[index] == 0xFF);
    if (jpeg.data[index + 1] == 0xC0) {
      frames++;
      CHECK(jpeg.data[index + 9] == 3 && jpeg.data[index + 11] == 0x22);
    }
  }
  CHECK(frames == 1);
  gcpp_buffer_dispose(&jpeg);
  gcpp_image_free(image);
}

/* Names and options are copied. */
static void check_strings(void) {
  static char names[4][32];
  char order[] = "RGB", crop[] = "squash", layer[] = "conv1_1", method[] = "gradcam";
  tiny_network network;
  gcpp_model_options options = GCPP_MODEL_OPTIONS_INIT;
  gcpp_explain_options wanted = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_explanation *explanation = NULL;
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  gcpp_tensor *tensor = NULL;
  const char *name = NULL;
  int index;
  tiny_network_fill(&network);
  for (index = 0; index < 4; index++) {
    strcpy(names[index], network.arrays[index].name);
    network.arrays[index].name = names[index];
  }
  options.channel_order = order;
  options.crop = crop;
  CHECK(gcpp_model_open_arrays_with(&model, network.arrays, 4, &options, &error) == GCPP_OK);
  memset(names, 'x', sizeof names);
  memset(network.arrays, 0xFF, sizeof network.arrays);
  memset(order, 'x', 3);
  memset(crop, 'x', 6);
  CHECK(gcpp_model_array(&tensor, &name, model, 3, &error) == GCPP_OK);
  CHECK(strcmp(name, "fc2/biases") == 0);
  gcpp_tensor_free(tensor);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(strcmp(description.channel_order, "RGB") == 0 && strcmp(description.crop, "squash") == 0);
  CHECK(gcpp_image_from_rgb8(&image, picture, 4, 4, 0, &error) == GCPP_OK);
  wanted.layer = layer;
  wanted.method = method;
  CHECK(gcpp_explain(&explanation, model, image, &wanted, &error) == GCPP_OK);
  memset(layer, 'x', 7);
  memset(method, 'x', 7);
  /* Explanations need neither their model nor their picture. */
  gcpp_model_free(model);
  gcpp_image_free(image);
  CHECK(strcmp(gcpp_explanation_layer(explanation), "conv1_1") == 0);
  CHECK(strcmp(gcpp_explanation_method(explanation), "gradcam") == 0);
  CHECK(gcpp_explanation_layer(explanation) == gcpp_explanation_layer(explanation));
  gcpp_explanation_free(explanation);
}

/* float32 is borrowed; other element types are converted and copied. */
static void check_arrays(void) {
  tiny_network network;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model *model = NULL;
  double wide[DENSE_WEIGHTS], wide_convolution[CONVOLUTION_WEIGHTS];
  double wide_biases[2] = {123.68, 103.939};
  /* binary16: 0, 0 and 1. */
  uint16_t half[3] = {0, 0, 0x3C00};
  float before;
  int index;
  tiny_network_fill(&network);
  for (index = 0; index < DENSE_WEIGHTS; index++)
    wide[index] = network.dense[index];
  for (index = 0; index < CONVOLUTION_WEIGHTS; index++)
    wide_convolution[index] = network.convolution[index];
  network.arrays[0].data = wide_convolution;
  network.arrays[1].data = wide_biases;
  network.arrays[2].data = wide;
  for (index = 0; index < 3; index++)
    network.arrays[index].dtype = GCPP_FLOAT64;
  network.arrays[3].data = half;
  network.arrays[3].dtype = GCPP_FLOAT16;
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK && description.borrows == 0);
  memset(wide, 0, sizeof wide);
  memset(wide_convolution, 0, sizeof wide_convolution);
  memset(wide_biases, 0, sizeof wide_biases);
  half[2] = 0;
  CHECK(logit(model, 0) > 2.5f && logit(model, 2) == 1);
  gcpp_model_free(model);

  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_model_info(&description, model) == GCPP_OK && description.borrows != 0);
  before = logit(model, 0);
  for (index = 0; index < DENSE_WEIGHTS; index++)
    network.dense[index] *= 2;
  /* The numbers are read where they lie. */
  CHECK(logit(model, 0) > 1.9f * before);
  gcpp_model_free(model);
}

int main(void) {
  picture[0] = picture[3] = picture[12] = picture[15] = 255;
  check_pictures();
  check_encoding();
  check_strings();
  check_arrays();
  return 0;
}
