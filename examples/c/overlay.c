/*
 * Shows where a network sees its class in a photo. After `make install PREFIX=$PREFIX`:
 *
 *     cc overlay.c -I$PREFIX/include -L$PREFIX/lib -Wl,-rpath,$PREFIX/lib -lgradcampp -o overlay
 *     ./overlay vgg16.npy photo.jpg overlay.jpg
 */
#include <gradcampp.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads a whole file; the caller frees it. NULL when it cannot be read. */
static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  uint8_t *bytes = NULL;
  long length = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0)
    bytes = (uint8_t *)malloc((size_t)length + 1);
  if (bytes != NULL) {
    rewind(file);
    *size = fread(bytes, 1, (size_t)length, file);
  }
  if (file != NULL) fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *model = NULL;
  gcpp_image *photo = NULL, *overlay = NULL;
  gcpp_explanation *explanation = NULL;
  gcpp_buffer jpeg = GCPP_BUFFER_INIT;
  gcpp_prediction target;
  size_t size = 0;
  FILE *output;
  int failed = 1;
  uint8_t *bytes = argc == 4 ? read_file(argv[2], &size) : NULL;
  if (bytes == NULL) {
    fprintf(stderr, "usage: overlay WEIGHTS.npy PHOTO.jpg OUTPUT.jpg (a photo that can be read)\n");
  } else if (gcpp_model_open(&model, argv[1], &error) ||
             gcpp_image_decode(&photo, bytes, size, &error) ||
             gcpp_explain(&explanation, model, photo, NULL, &error) ||
             gcpp_render(&overlay, explanation, "overlay", NULL, &error) ||
             gcpp_jpeg_encode(&jpeg, overlay, 95, &error)) {
    fprintf(stderr, "overlay: %s\n", error.message);
  } else if ((output = fopen(argv[3], "wb")) == NULL ||
             fwrite(jpeg.data, 1, jpeg.size, output) != jpeg.size || fclose(output) != 0) {
    perror(argv[3]);
  } else {
    gcpp_explanation_target(&target, explanation);
    printf("class %lld, probability %.4f: %s\n", (long long)target.index, target.probability, argv[3]);
    failed = 0;
  }
  gcpp_buffer_dispose(&jpeg);
  gcpp_image_free(overlay);
  gcpp_explanation_free(explanation);
  gcpp_image_free(photo);
  gcpp_model_free(model);
  free(bytes);
  return failed;
}
