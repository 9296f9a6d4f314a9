/* Structs that the library writes: what it writes ends where the caller's struct says. Every size is
   tried, with canaries behind each member and behind the struct. */
#include "check.h"
#include "members.h"
#include "network.h"

#include <string.h>

static gcpp_error error = GCPP_ERROR_INIT;
static gcpp_model *model;
static gcpp_image *image;
static gcpp_explanation *explanation;

/* ---- Structs with a size --------------------------------------------------------------- */

/* Fills a struct; with `fails` not 0 in a way that fails. */
typedef gcpp_status (*filler)(memory *out, int fails);

static gcpp_status model_info(memory *out, int fails) {
  return gcpp_model_info((gcpp_model_description *)(void *)out, fails ? NULL : model);
}
static gcpp_status layer_info(memory *out, int fails) {
  return gcpp_layer_info((gcpp_layer_description *)(void *)out, model, fails ? 99 : 1);
}
static gcpp_status method_info(memory *out, int fails) {
  return gcpp_method_info((gcpp_description *)(void *)out, fails ? (size_t)-1 : 0);
}
static gcpp_status method_needs_info(memory *out, int fails) {
  return gcpp_method_needs_info((gcpp_method_needs *)(void *)out, fails ? (size_t)-1 : 0);
}
static gcpp_status limits_info(memory *out, int fails) {
  (void)fails;
  return gcpp_limits_info((gcpp_limits *)(void *)out);
}
/* Of the first method that has options. */
static gcpp_status method_option_info(memory *out, int fails) {
  size_t method = 0;
  while (method < gcpp_method_count() && gcpp_method_option_count(method) == 0)
    method++;
  return gcpp_method_option_info((gcpp_option_description *)(void *)out, method,
                                 fails ? (size_t)-1 : 0);
}

/* Members are filled as far as struct_size goes; when the call fails they are filled with zeros. */
static void check_filled(filler fill, int can_fail, size_t whole, const member *members,
                         size_t count) {
  memory reference, out;
  size_t size, index, byte;
  int fails;
  memset(&reference, 0x5A, sizeof reference);
  reference.struct_size = whole;
  CHECK(fill(&reference, 0) == GCPP_OK);
  for (size = 0; size < whole + BEHIND; size++) {
    for (fails = 0; fails <= can_fail; fails++) {
      const int is_good = is_size(size, members, count);
      memset(&out, CANARY, sizeof out);
      out.struct_size = size;
      CHECK(fill(&out, fails) ==
            (is_good && !fails ? GCPP_OK : GCPP_ERROR_INVALID_ARGUMENT));
      CHECK(out.struct_size == size);
      for (byte = sizeof(size_t); byte < whole + BEHIND; byte++) {
        unsigned char expected = CANARY;
        for (index = 1; is_good && index < count; index++)
          if (members[index].start <= byte && byte < members[index].end &&
              members[index].end <= size)
            expected = fails ? 0 : reference.bytes[byte];
        CHECK(out.bytes[byte] == expected);
      }
    }
  }
}

static void check_sized(void) {
  static const member model_members[] = {
      MEMBER(gcpp_model_description, struct_size),
      MEMBER(gcpp_model_description, architecture),
      MEMBER(gcpp_model_description, default_layer),
      MEMBER(gcpp_model_description, class_count),
      MEMBER(gcpp_model_description, input_height),
      MEMBER(gcpp_model_description, input_width),
      MEMBER(gcpp_model_description, input_channels),
      MEMBER(gcpp_model_description, channel_order),
      MEMBER(gcpp_model_description, scale),
      MEMBER(gcpp_model_description, mean),
      MEMBER(gcpp_model_description, deviation),
      MEMBER(gcpp_model_description, borrows),
      MEMBER(gcpp_model_description, crop),
      MEMBER(gcpp_model_description, output),
      MEMBER(gcpp_model_description, probabilities),
      MEMBER(gcpp_model_description, output_rank),
      MEMBER(gcpp_model_description, output_shape),
      MEMBER(gcpp_model_description, crop_fraction),
      MEMBER(gcpp_model_description, resample),
      MEMBER(gcpp_model_description, resize_first)};
  static const member layer_members[] = {
      MEMBER(gcpp_layer_description, struct_size), MEMBER(gcpp_layer_description, name),
      MEMBER(gcpp_layer_description, kind), MEMBER(gcpp_layer_description, rank),
      MEMBER(gcpp_layer_description, shape)};
  static const member members[] = {
      MEMBER(gcpp_description, struct_size), MEMBER(gcpp_description, name),
      MEMBER(gcpp_description, summary), MEMBER(gcpp_description, citation)};
  static const member needs_members[] = {
      MEMBER(gcpp_method_needs, struct_size), MEMBER(gcpp_method_needs, several_layers),
      MEMBER(gcpp_method_needs, gradients), MEMBER(gcpp_method_needs, scoring),
      MEMBER(gcpp_method_needs, input), MEMBER(gcpp_method_needs, repeats)};
  static const member option_members[] = {
      MEMBER(gcpp_option_description, struct_size),
      MEMBER(gcpp_option_description, name),
      MEMBER(gcpp_option_description, summary),
      MEMBER(gcpp_option_description, kind),
      MEMBER(gcpp_option_description, standard_value),
      MEMBER(gcpp_option_description, least),
      MEMBER(gcpp_option_description, most)};
  static const member limits_members[] = {
      MEMBER(gcpp_limits, struct_size),   MEMBER(gcpp_limits, pixels),
      MEMBER(gcpp_limits, decoded_bytes), MEMBER(gcpp_limits, scans),
      MEMBER(gcpp_limits, layers),        MEMBER(gcpp_limits, multiply_adds),
      MEMBER(gcpp_limits, workspace_bytes)};
  size_t method, options = 0;
  check_filled(model_info, 1, sizeof(gcpp_model_description), model_members,
               COUNT(model_members));
  check_filled(layer_info, 1, sizeof(gcpp_layer_description), layer_members,
               COUNT(layer_members));
  check_filled(method_info, 1, sizeof(gcpp_description), members, COUNT(members));
  check_filled(method_needs_info, 1, sizeof(gcpp_method_needs), needs_members,
               COUNT(needs_members));
  check_filled(limits_info, 0, sizeof(gcpp_limits), limits_members, COUNT(limits_members));
  for (method = 0; method < gcpp_method_count(); method++)
    options += gcpp_method_option_count(method);
  if (options > 0)
    check_filled(method_option_info, 1, sizeof(gcpp_option_description), option_members,
                 COUNT(option_members));
}

/* ---- Structs without a size ------------------------------------------------------------ */

#define CHECK_BEHIND(type, call)                                         \
  do {                                                                   \
    struct {                                                             \
      type value;                                                        \
      unsigned char canaries[BEHIND];                                    \
    } out;                                                               \
    size_t byte;                                                         \
    memset(&out, CANARY, sizeof out);                                    \
    CHECK((call) == GCPP_OK);                                            \
    for (byte = 0; byte < BEHIND; byte++)                                \
      CHECK(out.canaries[byte] == CANARY);                               \
  } while (0)

static void check_plain(void) {
  size_t count = 2, width = 0;
  struct {
    const double *data;
    size_t canary, height;
  } seen = {NULL, 7, 0};
  gcpp_prediction room[3];
  memset(room, CANARY, sizeof room);
  CHECK_BEHIND(gcpp_pixels, gcpp_image_pixels(&out.value, image));
  CHECK_BEHIND(gcpp_view, gcpp_explanation_heatmap(&out.value, explanation));
  CHECK_BEHIND(gcpp_view, gcpp_explanation_cam(&out.value, explanation));
  CHECK_BEHIND(gcpp_view, gcpp_explanation_channel_weights(&out.value, explanation));
  CHECK_BEHIND(gcpp_view, gcpp_explanation_guided(&out.value, explanation));
  CHECK_BEHIND(gcpp_prediction, gcpp_explanation_target(&out.value, explanation));
  CHECK_BEHIND(gcpp_prediction, gcpp_explanation_prediction(&out.value, explanation, 0));
  CHECK_BEHIND(gcpp_source_area, gcpp_explanation_source_area(&out.value, explanation));
  CHECK_BEHIND(double, gcpp_explanation_scale(&out.value, explanation));
  CHECK_BEHIND(double, gcpp_explanation_score(&out.value, explanation));
  CHECK(gcpp_explanation_seen(&seen.data, &seen.height, &width, explanation) == GCPP_OK);
  CHECK(seen.canary == 7 && seen.height == 4 && width == 4);
  CHECK(gcpp_predict(room, &count, model, image, &error) == GCPP_OK && count == 2);
  CHECK(((unsigned char *)&room[2])[0] == CANARY);
  {
    struct {
      gcpp_buffer value;
      size_t canary;
    } jpeg = {GCPP_BUFFER_INIT, 7};
    CHECK(gcpp_jpeg_encode(&jpeg.value, image, 90, &error) == GCPP_OK && jpeg.canary == 7);
    gcpp_buffer_dispose(&jpeg.value);
    CHECK(jpeg.value.data == NULL && jpeg.value.size == 0 && jpeg.canary == 7);
  }
}

int main(void) {
  tiny_network network;
  const uint8_t pixel[3] = {200, 2, 3};
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  CHECK(gcpp_explain(&explanation, model, image, NULL, &error) == GCPP_OK);
  check_sized();
  check_plain();
  gcpp_explanation_free(explanation);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
