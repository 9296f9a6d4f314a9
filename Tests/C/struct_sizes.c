/* What the library writes ends where the caller's struct says: every size of every struct that
   begins with struct_size is tried, with canaries behind each member and behind the struct. */
#include "expect.h"
#include "network.h"

enum { CANARY = 0xA5, ROOM = 4096, BEHIND = 32 };

typedef struct member {
  size_t start, end;
} member;

#define MEMBER(type, name) \
  {offsetof(type, name), offsetof(type, name) + sizeof(((type *)NULL)->name)}
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

typedef union memory {
  size_t struct_size;
  unsigned char bytes[ROOM];
} memory;

static gcpp_model *model;
static gcpp_image *image;
static gcpp_explanation *explanation;

/* Whether a struct may have that size: 8 bytes or more, and no member cut in two. */
static int is_size(size_t size, const member *members, size_t count) {
  size_t index;
  for (index = 0; index < count; index++)
    if (members[index].start < size && size < members[index].end)
      return 0;
  return size >= sizeof(size_t);
}

/* ---- Structs that the library fills ---------------------------------------------------- */

typedef gcpp_status (*filler)(memory *out);

static gcpp_status model_info(memory *out) {
  return gcpp_model_info((gcpp_model_description *)(void *)out, model);
}
static gcpp_status no_model_info(memory *out) {
  return gcpp_model_info((gcpp_model_description *)(void *)out, NULL);
}
static gcpp_status layer_info(memory *out) {
  return gcpp_layer_info((gcpp_layer_description *)(void *)out, model, 1);
}
static gcpp_status no_layer_info(memory *out) {
  return gcpp_layer_info((gcpp_layer_description *)(void *)out, model, 99);
}
static gcpp_status method_info(memory *out) {
  return gcpp_method_info((gcpp_description *)(void *)out, 0);
}
static gcpp_status no_method_info(memory *out) {
  return gcpp_method_info((gcpp_description *)(void *)out, (size_t)-1);
}

static gcpp_status method_needs(memory *out) {
  return gcpp_method_needs_info((gcpp_method_needs *)(void *)out, 0);
}
static gcpp_status no_method_needs(memory *out) {
  return gcpp_method_needs_info((gcpp_method_needs *)(void *)out, (size_t)-1);
}
static gcpp_status limits_info(memory *out) {
  return gcpp_limits_info((gcpp_limits *)(void *)out);
}

static const member limits_members[] = {
    MEMBER(gcpp_limits, struct_size),   MEMBER(gcpp_limits, pixels),
    MEMBER(gcpp_limits, decoded_bytes), MEMBER(gcpp_limits, scans),
    MEMBER(gcpp_limits, layers),        MEMBER(gcpp_limits, multiply_adds),
    MEMBER(gcpp_limits, workspace_bytes)};

/* `fill` fills members as far as struct_size goes; `refuse`, if not NULL,
   fails and fills them with zeros. */
static void check_filled(filler fill, filler refuse, size_t whole, const member *members,
                         size_t count) {
  memory reference, out;
  size_t size, index, byte;
  memset(&reference, 0x5A, sizeof reference);
  reference.struct_size = whole;
  CHECK(fill(&reference) == GCPP_OK);
  for (size = 0; size < whole + BEHIND; size++) {
    int is_refused;
    for (is_refused = 0; is_refused < (refuse == NULL ? 1 : 2); is_refused++) {
      const int is_good = is_size(size, members, count);
      memset(&out, CANARY, sizeof out);
      out.struct_size = size;
      CHECK((is_refused ? refuse : fill)(&out) ==
            (is_good && !is_refused ? GCPP_OK : GCPP_ERROR_INVALID_ARGUMENT));
      CHECK(out.struct_size == size);
      for (byte = sizeof(size_t); byte < whole + BEHIND; byte++) {
        unsigned char expected = CANARY;
        for (index = 1; is_good && index < count; index++)
          if (members[index].start <= byte && byte < members[index].end &&
              members[index].end <= size)
            expected = is_refused ? 0 : reference.bytes[byte];
        CHECK(out.bytes[byte] == expected);
      }
    }
  }
}

static void check_all_filled(void) {
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
      MEMBER(gcpp_model_description, output_shape)};
  static const member layer_members[] = {
      MEMBER(gcpp_layer_description, struct_size), MEMBER(gcpp_layer_description, name),
      MEMBER(gcpp_layer_description, kind), MEMBER(gcpp_layer_description, rank),
      MEMBER(gcpp_layer_description, shape)};
  static const member members[] = {
      MEMBER(gcpp_description, struct_size), MEMBER(gcpp_description, name),
      MEMBER(gcpp_description, summary), MEMBER(gcpp_description, citation)};
  static const member needs_members[] = {
      MEMBER(gcpp_method_needs, struct_size), MEMBER(gcpp_method_needs, several_layers),
      MEMBER(gcpp_method_needs, gradients), MEMBER(gcpp_method_needs, scoring)};
  check_filled(model_info, no_model_info, sizeof(gcpp_model_description), model_members,
               COUNT(model_members));
  check_filled(layer_info, no_layer_info, sizeof(gcpp_layer_description), layer_members,
               COUNT(layer_members));
  check_filled(method_info, no_method_info, sizeof(gcpp_description), members, COUNT(members));
  check_filled(method_needs, no_method_needs, sizeof(gcpp_method_needs), needs_members,
               COUNT(needs_members));
  check_filled(limits_info, NULL, sizeof(gcpp_limits), limits_members, COUNT(limits_members));
}

/* ---- Structs that the library reads ---------------------------------------------------- */

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

/* All members 0, which means the defaults; a field that is not known yet is 0, too, or refused. */
static void check_read(reader read, size_t whole, const member *members, size_t count) {
  memory options;
  size_t size;
  memset(&options, 0, sizeof options);
  for (size = 0; size < whole + BEHIND; size++) {
    options.struct_size = size;
    if (is_size(size, members, count))
      CHECK(read(&options) == GCPP_OK);
    else
      expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT,
             size < sizeof(size_t) ? "initialise it with its INIT macro" : "inside a member");
  }
  options.bytes[whole + 7] = 1;
  options.struct_size = whole + 7;
  CHECK(read(&options) == GCPP_OK);
  options.struct_size = whole + 8;
  expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT, "does not know");
  options.struct_size = (size_t)-1;
  expect(read(&options), GCPP_ERROR_INVALID_ARGUMENT, "struct_size 18446744073709551615");
}

static void check_all_read(void) {
  static const member model_members[] = {
      MEMBER(gcpp_model_options, struct_size),   MEMBER(gcpp_model_options, preprocessing),
      MEMBER(gcpp_model_options, channel_order), MEMBER(gcpp_model_options, scale),
      MEMBER(gcpp_model_options, mean),          MEMBER(gcpp_model_options, deviation),
      MEMBER(gcpp_model_options, source),        MEMBER(gcpp_model_options, crop),
      MEMBER(gcpp_model_options, limits),        MEMBER(gcpp_model_options, mapping)};
  static const member explain_members[] = {
      MEMBER(gcpp_explain_options, struct_size), MEMBER(gcpp_explain_options, method),
      MEMBER(gcpp_explain_options, layer),       MEMBER(gcpp_explain_options, targets),
      MEMBER(gcpp_explain_options, target_count), MEMBER(gcpp_explain_options, guided),
      MEMBER(gcpp_explain_options, top),         MEMBER(gcpp_explain_options, target_list),
      MEMBER(gcpp_explain_options, target_list_count), MEMBER(gcpp_explain_options, layers),
      MEMBER(gcpp_explain_options, layer_count), MEMBER(gcpp_explain_options, method_options),
      MEMBER(gcpp_explain_options, method_option_count), MEMBER(gcpp_explain_options, cancel)};
  static const member render_members[] = {MEMBER(gcpp_render_options, struct_size),
                                          MEMBER(gcpp_render_options, colormap),
                                          MEMBER(gcpp_render_options, alpha)};
  check_read(open_with, sizeof(gcpp_model_options), model_members, COUNT(model_members));
  check_read(explain_with, sizeof(gcpp_explain_options), explain_members, COUNT(explain_members));
  check_read(render_with, sizeof(gcpp_render_options), render_members, COUNT(render_members));
  check_read(from_rgb8_with, sizeof(gcpp_limits), limits_members, COUNT(limits_members));
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
  check_all_filled();
  check_all_read();
  check_plain();
  gcpp_explanation_free(explanation);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
