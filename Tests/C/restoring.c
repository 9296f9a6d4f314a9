/* An explanation made again from its parts equals the first one; parts that do not fit are refused. */
#include "expect.h"
#include "network.h"

#include <math.h>

static gcpp_explanation *original;

/* Copies of everything, which a case may change. */
typedef struct copies {
  gcpp_explanation_parts parts;
  char method[64], layer[1024];
  gcpp_prediction predictions[6];
  float heatmap[16], cam[16], channel_weights[2], guided[48];
  double seen[48];
} copies;

static gcpp_view copied(float *out, const gcpp_view *view) {
  gcpp_view copy = *view;
  size_t count = 1, axis;
  for (axis = 0; axis < view->rank; axis++)
    count *= view->shape[axis];
  memcpy(out, view->data, count * sizeof(float));
  copy.data = out;
  return copy;
}

static void take_apart(copies *out) {
  const double *seen = NULL;
  gcpp_view view;
  size_t index;
  memset(out, 0, sizeof *out);
  out->parts.struct_size = sizeof out->parts;
  strcpy(out->method, gcpp_explanation_method(original));
  strcpy(out->layer, gcpp_explanation_layer(original));
  out->parts.method = out->method;
  out->parts.layer = out->layer;
  CHECK(gcpp_explanation_target(&out->parts.target, original) == GCPP_OK);
  out->parts.prediction_count = gcpp_explanation_prediction_count(original);
  CHECK(out->parts.prediction_count == 3);
  for (index = 0; index < 3; index++)
    CHECK(gcpp_explanation_prediction(&out->predictions[index], original, index) == GCPP_OK);
  out->parts.predictions = out->predictions;
  CHECK(gcpp_explanation_heatmap(&view, original) == GCPP_OK);
  out->parts.heatmap = copied(out->heatmap, &view);
  CHECK(gcpp_explanation_cam(&view, original) == GCPP_OK);
  out->parts.cam = copied(out->cam, &view);
  CHECK(gcpp_explanation_channel_weights(&view, original) == GCPP_OK);
  out->parts.channel_weights = copied(out->channel_weights, &view);
  CHECK(gcpp_explanation_guided(&view, original) == GCPP_OK);
  out->parts.guided = copied(out->guided, &view);
  CHECK(gcpp_explanation_seen(&seen, &out->parts.height, &out->parts.width, original) == GCPP_OK);
  memcpy(out->seen, seen, sizeof out->seen);
  out->parts.seen = out->seen;
  CHECK(gcpp_explanation_scale(&out->parts.scale, original) == GCPP_OK);
  CHECK(gcpp_explanation_source_area(&out->parts.source, original) == GCPP_OK);
}

static gcpp_explanation *restored(const copies *given) {
  gcpp_explanation *explanation = NULL;
  gcpp_status status = gcpp_explanation_restore(&explanation, &given->parts, &error);
  if (status != GCPP_OK)
    fprintf(stderr, "%s\n", error.message);
  CHECK(status == GCPP_OK);
  return explanation;
}

static void check_same(void) {
  copies first, second;
  gcpp_explanation *kept = original, *explanation;
  take_apart(&first);
  explanation = restored(&first);
  /* Everything is copied: what was given may go. */
  second = first;
  memset(&first, 0xFF, sizeof first);
  original = explanation;
  take_apart(&first);
  original = kept;
  CHECK(memcmp(first.heatmap, second.heatmap, sizeof first.heatmap) == 0);
  CHECK(memcmp(first.cam, second.cam, sizeof first.cam) == 0);
  CHECK(memcmp(first.guided, second.guided, sizeof first.guided) == 0);
  CHECK(memcmp(first.seen, second.seen, sizeof first.seen) == 0);
  CHECK(memcmp(first.channel_weights, second.channel_weights, sizeof first.channel_weights) == 0);
  CHECK(strcmp(first.method, second.method) == 0 && strcmp(first.layer, second.layer) == 0);
  CHECK(first.predictions[2].logit == second.predictions[2].logit);
  CHECK(first.parts.target.index == second.parts.target.index);
  CHECK(first.parts.scale == second.parts.scale);
  CHECK(first.parts.source.image_width == second.parts.source.image_width);
  gcpp_explanation_free(explanation);
}

/* What may be left out. */
static void check_optional(void) {
  copies given;
  gcpp_explanation *explanation;
  gcpp_source_area area;
  gcpp_view view;
  double scale = 7;
  take_apart(&given);
  given.parts.prediction_count = 0;
  given.parts.predictions = NULL;
  memset(&given.parts.guided, 0, sizeof given.parts.guided);
  memset(&given.parts.source, 0, sizeof given.parts.source);
  given.parts.scale = 0;
  explanation = restored(&given);
  CHECK(gcpp_explanation_prediction_count(explanation) == 0);
  CHECK(gcpp_explanation_guided(&view, explanation) == GCPP_OK);
  CHECK(view.rank == 0 && view.data == NULL);
  CHECK(gcpp_explanation_scale(&scale, explanation) == GCPP_OK && scale == 0);
  CHECK(gcpp_explanation_source_area(&area, explanation) == GCPP_OK);
  CHECK(area.image_height == 0 && area.width == 0);
  gcpp_explanation_free(explanation);
  /* A map without evidence. */
  memset(given.cam, 0, sizeof given.cam);
  gcpp_explanation_free(restored(&given));
}

#define REFUSED(change, words)                                                            \
  do {                                                                                    \
    copies given;                                                                         \
    gcpp_explanation *out = (gcpp_explanation *)(void *)&error;                           \
    take_apart(&given);                                                                   \
    change;                                                                               \
    expect(gcpp_explanation_restore(&out, &given.parts, &error),                          \
           GCPP_ERROR_INVALID_ARGUMENT, words);                                           \
    CHECK(out == NULL);                                                                   \
  } while (0)

static void check_texts(void) {
  REFUSED(given.parts.method = NULL, "parts.method is NULL");
  REFUSED(given.parts.method = "", "method \"\" is unknown");
  REFUSED(strcpy(given.method, "magic"), "method \"magic\" is unknown");
  REFUSED(strcpy(given.method, "\xff"), "parts.method is not valid UTF-8");
  REFUSED(given.parts.layer = NULL, "parts.layer is NULL");
  REFUSED(given.layer[0] = 0, "the layer's name is \"\"");
  REFUSED(strcpy(given.layer, "a\nb"), "the layer's name is \"a\\nb\"");
  REFUSED(memset(given.layer, 'x', 513), "1 to 512 bytes");
}

static void check_shapes(void) {
  REFUSED(given.parts.heatmap.shape[0] = 3, "the heatmap have shape 3x4");
  REFUSED((given.parts.heatmap.rank = 1, given.parts.heatmap.shape[0] = 16), "shape 16");
  REFUSED(given.parts.heatmap.rank = 0, "rank 0");
  REFUSED(given.parts.heatmap.rank = 5, "rank 5");
  REFUSED(given.parts.heatmap.data = NULL, "parts.heatmap is NULL");
  REFUSED((given.parts.cam.rank = 1, given.parts.cam.shape[0] = 16), "the cam has 1 axes");
  REFUSED((given.parts.cam.rank = 3, given.parts.cam.shape[2] = 1), "the cam has 3 axes");
  REFUSED(given.parts.cam.shape[0] = 0, "empty");
  REFUSED(given.parts.cam.shape[0] = (size_t)-1, "memory");
  REFUSED(given.parts.cam.data = NULL, "parts.cam is NULL");
  REFUSED((given.parts.channel_weights.rank = 2, given.parts.channel_weights.shape[1] = 1),
          "channel weights have shape 2x1");
  REFUSED(given.parts.guided.shape[2] = 2, "shape 4x4x2");
  REFUSED(given.parts.guided.rank = 2, "the guided gradients have shape 4x4");
  /* "Rank 0 when there is none": half of none is a mistake. */
  REFUSED(given.parts.guided.data = NULL, "parts.guided is NULL");
  REFUSED(given.parts.guided.rank = 0, "parts.guided has rank 0");
  REFUSED(given.parts.height = 0, "0 x 4");
  REFUSED(given.parts.height = (size_t)-1, "parts.height");
  REFUSED(given.parts.width = 2, "the heatmap have shape 4x4; expected 4x2");
  REFUSED(given.parts.seen = NULL, "parts.seen is NULL");
}

static void check_ranges(void) {
  REFUSED(given.heatmap[5] = -0.5f, "the heatmap holds numbers outside 0 to 1");
  REFUSED(given.heatmap[5] = 1.5f, "the heatmap holds numbers outside 0 to 1");
  REFUSED(given.heatmap[5] = NAN, "the heatmap");
  REFUSED(given.cam[15] = 2, "the cam holds numbers outside 0 to 1");
  REFUSED(given.cam[15] = -1, "the cam holds numbers outside 0 to 1");
  REFUSED(given.cam[15] = INFINITY, "the cam");
  REFUSED((given.cam[0] = given.cam[1] = given.cam[4] = given.cam[5] = 0.5f),
          "the largest value of the cam is 0.5");
  REFUSED(memset(given.cam, 0, sizeof given.cam), "the largest value of the cam is 0.0");
  REFUSED(given.channel_weights[1] = NAN, "channel weights hold NaN");
  REFUSED(given.guided[1] = INFINITY, "guided gradients hold NaN or infinity");
  REFUSED(given.seen[3] = 1.0001, "outside 0 to 1");
  REFUSED(given.seen[3] = NAN, "outside 0 to 1");
  REFUSED(given.parts.scale = -1, "the scale is -1");
  REFUSED(given.parts.scale = INFINITY, "the scale is inf");
  REFUSED(given.parts.source.image_height = -4, "-4 x 4");
  REFUSED(given.parts.source.top = 4, "lies beside");
  REFUSED(given.parts.source.width = 0, "lies beside");
  REFUSED(given.parts.source.left = INT64_MIN, "lies beside");
}

static void check_predictions(void) {
  REFUSED(given.parts.prediction_count = 6, "6 predictions; expected up to 5");
  REFUSED(given.parts.prediction_count = (size_t)-1, "expected up to 5");
  REFUSED(given.parts.predictions = NULL, "parts.predictions is NULL");
  REFUSED(given.predictions[0].probability = 1.5, "is no prediction");
  REFUSED(given.predictions[0].probability = NAN, "is no prediction");
  REFUSED(given.predictions[0].logit = INFINITY, "is no prediction");
  REFUSED(given.predictions[0].index = -1, "is no prediction");
  REFUSED(given.parts.target.probability = -0.5, "is no prediction");
  REFUSED(given.predictions[1].index = given.predictions[0].index, "twice");
  REFUSED(given.predictions[2].probability = given.predictions[1].probability + 0.01,
          "behind a less probable one");
  REFUSED(given.parts.target.logit += 1, "the target, class 0, has another");
}

int main(void) {
  tiny_network network;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_model *model = NULL;
  gcpp_image *image = NULL;
  uint8_t pixels[48] = {0};
  pixels[0] = pixels[3] = pixels[12] = pixels[15] = 255;
  options.guided = 1;
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixels, 4, 4, 0, &error) == GCPP_OK);
  CHECK(gcpp_explain(&original, model, image, &options, &error) == GCPP_OK);
  check_same();
  check_optional();
  check_texts();
  check_shapes();
  check_ranges();
  check_predictions();
  gcpp_explanation_free(original);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
