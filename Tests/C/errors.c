/* Every misuse is a status and a sentence, never a crash. */
#include "expect.h"
#include "network.h"

static void check_null(void) {
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  gcpp_explanation *explanation = NULL;
  gcpp_view view;
  const gcpp_status bad = GCPP_ERROR_INVALID_ARGUMENT;
  expect(gcpp_model_open(NULL, "x", &error), bad, "out is NULL");
  expect(gcpp_model_open(&model, NULL, &error), bad, "path is NULL");
  expect(gcpp_model_open_arrays(&model, NULL, 2, &error), bad, "arrays is NULL");
  expect(gcpp_image_decode(&image, NULL, 5, &error), bad, "bytes is NULL");
  expect(gcpp_image_from_rgb8(&image, NULL, 2, 2, 0, &error), bad, "pixels is NULL");
  expect(gcpp_explain(&explanation, NULL, NULL, NULL, &error), bad, "model is NULL");
  expect(gcpp_predict(NULL, NULL, NULL, NULL, &error), bad, "count is NULL");
  expect(gcpp_cam(NULL, NULL, NULL, NULL, 0, NULL, &error), bad, "out is NULL");
  CHECK(gcpp_explanation_heatmap(&view, NULL) == bad);
  CHECK(gcpp_tensor_view(&view, NULL) == bad);
  CHECK(gcpp_layer_count(NULL) == 0);
  CHECK(gcpp_explanation_method(NULL) == NULL);
  CHECK(gcpp_model_open(&model, NULL, NULL) == bad);
  gcpp_model_free(NULL);
  gcpp_image_free(NULL);
  gcpp_explanation_free(NULL);
  gcpp_tensor_free(NULL);
  gcpp_buffer_dispose(NULL);
}

static void check_files(void) {
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  const uint8_t png[8] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  expect(gcpp_model_open(&model, "no such file.npy", &error), GCPP_ERROR_FILE_NOT_FOUND,
         "no such file.npy");
  expect(gcpp_model_open(&model, "/", &error), GCPP_ERROR_IO, "directory");
  expect(gcpp_image_decode(&image, png, 0, &error), GCPP_ERROR_BAD_DATA, "empty");
  expect(gcpp_image_decode(&image, png, 8, &error), GCPP_ERROR_BAD_DATA, "PNG");
  CHECK(model == NULL && image == NULL);
}

static void check_pictures(void) {
  gcpp_image *image = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  const uint8_t pixel[3] = {1, 2, 3};
  const gcpp_status bad = GCPP_ERROR_INVALID_ARGUMENT;
  expect(gcpp_image_from_rgb8(&image, pixel, 0, 0, 0, &error), bad, "0 x 0");
  expect(gcpp_image_from_rgb8(&image, pixel, 20000, 20000, 0, &error), bad, "20000");
  expect(gcpp_image_from_rgb8(&image, pixel, (size_t)-1, (size_t)-1, 0, &error), bad, "height");
  expect(gcpp_image_from_rgb8(&image, pixel, 1, 1, 2, &error), bad, "row_stride");
  expect(gcpp_image_from_rgb8(&image, pixel, 4, 1, (size_t)-1 / 4, &error), bad, "row_stride");
  expect(gcpp_image_decode(&image, pixel, (size_t)-1, &error), bad, "size");
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  expect(gcpp_jpeg_encode(&jpeg, image, 0, &error), bad, "quality");
  expect(gcpp_jpeg_encode(&jpeg, image, 101, &error), bad, "quality");
  gcpp_image_free(image);
}

static void check_arrays(void) {
  tiny_network network;
  gcpp_model *model = NULL;
  tiny_network_fill(&network);
  expect(gcpp_model_open_arrays(&model, network.arrays, 0, &error), GCPP_ERROR_BAD_DATA,
         "the mapping");
  expect(gcpp_model_open_arrays(&model, network.arrays, 3, &error), GCPP_ERROR_BAD_DATA, "fc2");
  network.arrays[2].rank = 9;
  expect(gcpp_model_open_arrays(&model, network.arrays, 4, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "rank 9");
  network.arrays[2].rank = (size_t)-1;
  expect(gcpp_model_open_arrays(&model, network.arrays, 4, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "fc2/weights");
  expect(gcpp_model_open_arrays(&model, network.arrays, (size_t)-1, &error),
         GCPP_ERROR_INVALID_ARGUMENT, "count");
  network.arrays[2].rank = 2;
  network.arrays[2].dtype = (gcpp_dtype)7;
  expect(gcpp_model_open_arrays(&model, network.arrays, 4, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "dtype 7");
  network.arrays[2].dtype = GCPP_FLOAT32;
  network.arrays[2].shape[0] = (size_t)-1;
  expect(gcpp_model_open_arrays(&model, network.arrays, 4, &error), GCPP_ERROR_INVALID_ARGUMENT,
         "fc2/weights");
  network.arrays[2].shape[0] = 7;
  expect(gcpp_model_open_arrays(&model, network.arrays, 4, &error), GCPP_ERROR_BAD_DATA, "7 rows");
  CHECK(model == NULL);
}

static void check_explain(void) {
  tiny_network network;
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  gcpp_explanation *explanation = NULL;
  gcpp_image *picture = NULL;
  gcpp_tensor *tensor = NULL;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  struct {
    gcpp_explain_options known;
    long unknown;
  } newer = {GCPP_EXPLAIN_OPTIONS_INIT, 0};
  const int64_t target = 3;
  const uint8_t pixel[3] = {1, 2, 3};
  const gcpp_status bad = GCPP_ERROR_INVALID_ARGUMENT;
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  CHECK(gcpp_explain(&explanation, model, image, &options, &error) == GCPP_OK);
  expect(gcpp_render(&picture, explanation, "figure", NULL, &error), bad, "guided");
  expect(gcpp_render(&picture, explanation, "map", NULL, &error), bad, "\"map\"");
  gcpp_explanation_free(explanation);
  options.method = "magic";
  expect(gcpp_explain(&explanation, model, image, &options, &error), bad, "\"magic\"");
  CHECK(explanation == NULL);
  options.method = "\xff";
  expect(gcpp_explain(&explanation, model, image, &options, &error), bad, "UTF-8");
  options.method = NULL;
  options.layer = "conv9_9";
  expect(gcpp_explain(&explanation, model, image, &options, &error), GCPP_ERROR_UNKNOWN_LAYER,
         "\"conv9_9\"");
  options.layer = NULL;
  options.targets = &target;
  expect(gcpp_explain(&explanation, model, image, &options, &error), bad, "target_count");
  options.target_count = 1;
  expect(gcpp_explain(&explanation, model, image, &options, &error), GCPP_ERROR_CLASS_INDEX,
         "class 3");
  options.struct_size = 0;
  expect(gcpp_explain(&explanation, model, image, &options, &error), bad, "struct_size");
  /* A newer caller's struct is welcome as long as it asks for nothing unknown. */
  newer.known.struct_size = sizeof newer;
  CHECK(gcpp_explain(&explanation, model, image, &newer.known, &error) == GCPP_OK);
  gcpp_explanation_free(explanation);
  newer.unknown = 1;
  expect(gcpp_explain(&explanation, model, image, &newer.known, &error), bad, "does not know");
  expect(gcpp_activations(&tensor, model, image, "conv7", &error), GCPP_ERROR_UNKNOWN_LAYER,
         "\"conv7\"");
  expect(gcpp_gradients(&tensor, model, image, "pool1", &target, &error), GCPP_ERROR_CLASS_INDEX,
         "class 3");
  gcpp_image_free(image);
  gcpp_model_free(model);
}

static void check_cam(void) {
  const float numbers[4] = {1, 2, 3, 4};
  const size_t shape[2] = {2, 2}, huge[3] = {(size_t)1 << 40, (size_t)1 << 40, 3};
  const gcpp_status bad = GCPP_ERROR_INVALID_ARGUMENT;
  gcpp_tensor *map = NULL;
  gcpp_view view;
  expect(gcpp_cam(&map, numbers, numbers, huge, 3, NULL, &error), bad, "memory");
  expect(gcpp_cam(&map, numbers, numbers, shape, (size_t)-1, NULL, &error), bad, "rank");
  expect(gcpp_cam(&map, numbers, NULL, shape, 2, NULL, &error), bad, "gradients is NULL");
  CHECK(gcpp_cam(&map, numbers, numbers, shape, 2, NULL, &error) == GCPP_OK);
  CHECK(gcpp_tensor_view(&view, map) == GCPP_OK && view.rank == 1 && view.data[1] == 1);
  gcpp_tensor_free(map);
}

static void check_introspection(void) {
  gcpp_description description = GCPP_DESCRIPTION_INIT;
  CHECK(strcmp(gcpp_version(), GCPP_VERSION_STRING) == 0);
  CHECK(gcpp_method_count() >= 2);
  CHECK(gcpp_method_info(&description, 0) == GCPP_OK);
  CHECK(strcmp(description.name, "gradcam++") == 0);
  CHECK(strstr(description.citation, "WACV 2018") != NULL);
  CHECK(gcpp_method_info(&description, gcpp_method_count()) == GCPP_ERROR_INVALID_ARGUMENT);
  CHECK(gcpp_colormap_info(&description, 0) == GCPP_OK);
  CHECK(strcmp(description.name, "jet") == 0);
  CHECK(gcpp_set_threads(1, &error) == GCPP_OK && gcpp_threads() == 1);
  CHECK(gcpp_set_threads(0, &error) == GCPP_OK && gcpp_threads() >= 1);
  expect(gcpp_set_threads((size_t)-1, &error), GCPP_ERROR_INVALID_ARGUMENT, "count");
}

int main(void) {
  check_null();
  check_files();
  check_pictures();
  check_arrays();
  check_explain();
  check_cam();
  check_introspection();
  return 0;
}
