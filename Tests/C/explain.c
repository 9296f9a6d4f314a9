/* From arrays in memory to numbers that can be worked out by hand. */
#include "check.h"
#include "network.h"

#include <math.h>
#include <string.h>

/* 4 x 4 black, the upper left 2 x 2 red. */
static void fill_picture(uint8_t *pixels) {
  memset(pixels, 0, 48);
  pixels[0] = pixels[3] = pixels[12] = pixels[15] = 255;
}

static int near(double a, double b) { return fabs(a - b) <= 1e-4 * (1 + fabs(b)); }

static void check_prediction(const gcpp_model *model, const gcpp_image *image) {
  gcpp_prediction predictions[9];
  gcpp_error error = GCPP_ERROR_INIT;
  size_t count = 9;
  double sum;
  CHECK(gcpp_predict(predictions, &count, model, image, &error) == GCPP_OK);
  CHECK(count == 3);
  /* The pooled red is 255 in one cell of four: logit 2.55. */
  CHECK(predictions[0].index == 0 && near(predictions[0].logit, 2.55));
  CHECK(predictions[1].index == 2 && near(predictions[1].logit, 1));
  CHECK(predictions[2].index == 1 && fabs(predictions[2].logit) < 1e-4);
  sum = exp(2.55) + exp(1) + 1;
  CHECK(near(predictions[0].probability, exp(2.55) / sum));
}

/* Before its division the map of class 0 was 0.01 x 255 in the red corner, that of class 1 was 0. */
static void check_origin(const gcpp_explanation *red, const gcpp_explanation *blue) {
  gcpp_source_area area;
  double scale = -1;
  CHECK(gcpp_explanation_scale(&scale, red) == GCPP_OK && near(scale, 2.55));
  CHECK(gcpp_explanation_scale(&scale, blue) == GCPP_OK && fabs(scale) < 1e-5);
  CHECK(gcpp_explanation_scale(&scale, NULL) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_explanation_source_area(&area, red) == GCPP_OK);
  CHECK(area.image_height == 4 && area.image_width == 4);
  CHECK(area.top == 0 && area.left == 0 && area.height == 4 && area.width == 4);
  CHECK(gcpp_explanation_source_area(NULL, red) == GCPP_ERROR_INVALID_ARGUMENT);
}

static void check_explanation(const gcpp_model *model, const gcpp_image *image) {
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_explanation *explanations[2] = {NULL, NULL};
  const int64_t targets[2] = {0, 1};
  const float *cam;
  gcpp_view view;
  gcpp_prediction prediction;
  options.targets = targets;
  options.target_count = 2;
  options.guided = 1;
  CHECK(gcpp_explain(explanations, model, image, &options, &error) == GCPP_OK);
  CHECK(gcpp_explanation_cam(&view, explanations[0]) == GCPP_OK);
  CHECK(view.rank == 2 && view.shape[0] == 4 && view.shape[1] == 4);
  /* Class 0 sees red: the map is 1 in the red corner and 0 elsewhere. */
  cam = view.data;
  CHECK(near(cam[0], 1) && near(cam[1], 1) && near(cam[4], 1) && near(cam[5], 1));
  CHECK(fabs(cam[2]) < 1e-5 && fabs(cam[10]) < 1e-5 && fabs(cam[15]) < 1e-5);
  /* Class 1 sees blue, of which there is none. */
  CHECK(gcpp_explanation_cam(&view, explanations[1]) == GCPP_OK);
  CHECK(fabs(view.data[0]) < 1e-5 && fabs(view.data[15]) < 1e-5);
  CHECK(gcpp_explanation_channel_weights(&view, explanations[0]) == GCPP_OK);
  /* All gradients of channel 0 are 0.01 or 0; their weighted mean over g > 0 is 0.01. */
  CHECK(view.rank == 1 && view.shape[0] == 2 && near(view.data[0], 0.01));
  CHECK(gcpp_explanation_guided(&view, explanations[0]) == GCPP_OK);
  CHECK(view.rank == 3 && view.shape[2] == 3);
  /* The gradient by red of the window's first pixel: 255 x 0.01; by green and blue 0. */
  CHECK(near(view.data[0], 2.55) && view.data[1] == 0 && view.data[2] == 0);
  CHECK(gcpp_explanation_target(&prediction, explanations[1]) == GCPP_OK);
  CHECK(prediction.index == 1);
  CHECK(gcpp_explanation_prediction_count(explanations[0]) == 3);
  CHECK(strcmp(gcpp_explanation_layer(explanations[0]), "conv1_1") == 0);
  CHECK(strcmp(gcpp_explanation_method(explanations[0]), "gradcam++") == 0);
  check_origin(explanations[0], explanations[1]);
  gcpp_explanation_free(explanations[0]);
  gcpp_explanation_free(explanations[1]);
}

/* Pictures together, and the most probable classes, equal one call for each. */
static void check_batch(const gcpp_model *model, const gcpp_image *image) {
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_explanation *together[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
  const gcpp_image *images[3];
  const uint8_t blue[3] = {0, 0, 255};
  gcpp_image *other = NULL;
  gcpp_prediction prediction;
  gcpp_view view;
  int index;
  CHECK(gcpp_image_from_rgb8(&other, blue, 1, 1, 0, &error) == GCPP_OK);
  images[0] = images[2] = image;
  images[1] = other;
  options.top = 2;
  CHECK(gcpp_explain_batch(together, model, images, 3, &options, &error) == GCPP_OK);
  for (index = 0; index < 6; index++) {
    /* Red: classes 0 and 2; blue: classes 1 and 2. */
    const int64_t expected = index % 2 == 1 ? 2 : index == 2 ? 1 : 0;
    CHECK(gcpp_explanation_target(&prediction, together[index]) == GCPP_OK);
    CHECK(prediction.index == expected);
    CHECK(gcpp_explanation_cam(&view, together[index]) == GCPP_OK);
    CHECK(index % 2 == 1 ? view.data[0] == 0 : near(view.data[index == 2 ? 5 : 0], 1));
    gcpp_explanation_free(together[index]);
  }
  CHECK(gcpp_explain_batch(together, model, images, 0, &options, &error) == GCPP_OK);
  options.top = 4;
  CHECK(gcpp_explain(together, model, image, &options, &error) == GCPP_ERROR_INVALID_ARGUMENT);
  gcpp_image_free(other);
}

static void check_layers(const gcpp_model *model, const gcpp_image *image) {
  gcpp_layer_description layer = GCPP_LAYER_DESCRIPTION_INIT;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_tensor *tensor = NULL;
  gcpp_view view;
  CHECK(gcpp_model_info(&description, model) == GCPP_OK);
  CHECK(description.class_count == 3 && description.input_height == 4);
  CHECK(strcmp(description.default_layer, "conv1_1") == 0);
  CHECK(gcpp_layer_count(model) == 3);
  CHECK(gcpp_layer_info(&layer, model, 1) == GCPP_OK);
  CHECK(strcmp(layer.name, "pool1") == 0 && strcmp(layer.kind, "max pooling") == 0);
  CHECK(layer.rank == 3 && layer.shape[0] == 2 && layer.shape[2] == 2);
  CHECK(gcpp_layer_info(&layer, model, 3) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_activations(&tensor, model, image, "pool1", &error) == GCPP_OK);
  CHECK(gcpp_tensor_view(&view, tensor) == GCPP_OK);
  CHECK(near(view.data[0], 255) && fabs(view.data[2]) < 1e-3);
  gcpp_tensor_free(tensor);
  CHECK(gcpp_gradients(&tensor, model, image, "fc2", NULL, &error) == GCPP_OK);
  CHECK(gcpp_tensor_view(&view, tensor) == GCPP_OK);
  CHECK(view.data[0] == 1 && view.data[1] == 0 && view.data[2] == 0);
  gcpp_tensor_free(tensor);
}

static void check_rendering(const gcpp_model *model, const gcpp_image *image) {
  gcpp_render_options options = GCPP_RENDER_OPTIONS_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_explanation *explanation = NULL;
  gcpp_image *picture = NULL, *decoded = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  gcpp_pixels pixels;
  CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
  CHECK(gcpp_render(&picture, explanation, "input", NULL, &error) == GCPP_OK);
  CHECK(gcpp_image_pixels(&pixels, picture) == GCPP_OK);
  CHECK(pixels.height == 4 && pixels.width == 4);
  CHECK(pixels.data[0] == 255 && pixels.data[1] == 0 && pixels.data[47] == 0);
  gcpp_image_free(picture);
  options.colormap = "gray";
  CHECK(gcpp_render(&picture, explanation, "heatmap", &options, &error) == GCPP_OK);
  CHECK(gcpp_image_pixels(&pixels, picture) == GCPP_OK);
  CHECK(pixels.data[0] == 255 && pixels.data[47] == 0);
  CHECK(gcpp_jpeg_encode(&jpeg, picture, 95, &error) == GCPP_OK);
  CHECK(gcpp_image_decode(&decoded, jpeg.data, jpeg.size, &error) == GCPP_OK);
  CHECK(gcpp_image_pixels(&pixels, decoded) == GCPP_OK && pixels.height == 4);
  gcpp_buffer_dispose(&jpeg);
  CHECK(jpeg.data == NULL && jpeg.size == 0);
  gcpp_image_free(decoded);
  gcpp_image_free(picture);
  gcpp_explanation_free(explanation);
}

static void check_color_table(void) {
  gcpp_error error = GCPP_ERROR_INIT;
  uint8_t table[769];
  table[768] = 77;
  CHECK(gcpp_colormap_table(table, "gray", &error) == GCPP_OK);
  CHECK(table[0] == 0 && table[3 * 100 + 1] == 100 && table[767] == 255 && table[768] == 77);
  CHECK(gcpp_colormap_table(table, NULL, &error) == GCPP_OK);
  /* JET begins at dark blue. */
  CHECK(table[0] == 0 && table[1] == 0 && table[2] > 100);
  CHECK(gcpp_colormap_table(table, "plaid", &error) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_colormap_table(NULL, "gray", &error) == GCPP_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  tiny_network network;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  uint8_t pixels[48];
  tiny_network_fill(&network);
  fill_picture(pixels);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixels, 4, 4, 0, &error) == GCPP_OK);
  check_prediction(model, image);
  check_explanation(model, image);
  check_batch(model, image);
  check_layers(model, image);
  check_rendering(model, image);
  check_color_table();
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
