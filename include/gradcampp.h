/*
 * gradcampp: Grad-CAM++ explanations of convolutional networks, without a framework.
 *
 * From weights and a JPEG held in memory to an overlay:
 *
 *     gcpp_error error = GCPP_ERROR_INIT;
 *     gcpp_model *model = NULL;
 *     gcpp_image *photo = NULL, *overlay = NULL;
 *     gcpp_explanation *explanation = NULL;
 *     gcpp_buffer jpeg = GCPP_BUFFER_INIT;
 *     if (gcpp_model_open(&model, "vgg16.npy", &error) ||
 *         gcpp_image_decode(&photo, bytes, size, &error) ||
 *         gcpp_explain(&explanation, model, photo, NULL, &error) ||
 *         gcpp_render(&overlay, explanation, "overlay", NULL, &error) ||
 *         gcpp_jpeg_encode(&jpeg, overlay, 95, &error))
 *       fprintf(stderr, "%s\n", error.message);
 *
 * Conventions
 *  - Out parameters come first. A function that fails returns a negative gcpp_status, leaves
 *    handles and borrowed addresses behind `out` at NULL, and fills `error` (may be NULL) with one
 *    sentence.
 *  - `*_free` ends a handle and accepts NULL; `gcpp_buffer_dispose` ends the inside of a
 *    caller-owned struct. Accessors borrow: what they return lives as long as their handle.
 *    Strings that are returned are borrowed too; strings passed in are UTF-8 and copied.
 *  - A struct that begins with `struct_size` is initialised by its *_INIT macro and only ever
 *    grows at the end. A size that cuts a member in two is refused, a shorter struct is served as
 *    far as it goes. In option structs zero or NULL means the default.
 *  - Tensors are float32, row-major, channels last.
 *
 * Threads
 *  - gcpp_model: immutable once open; any number of threads may use one model at once.
 *  - gcpp_image, gcpp_tensor, gcpp_explanation: immutable; may be read by several threads at
 *    once; one thread frees, when no other uses it.
 *  - The process may fork; parent and child both go on working. A fork while other threads are
 *    inside the library is safe once a first explanation was made: at first use the Swift
 *    runtime sets things up under locks of its own, which a child would find taken.
 *
 * The library never prints, never aborts on bad input, installs no signal handler.
 */
#ifndef GRADCAMPP_H
#define GRADCAMPP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------- */

#define GCPP_VERSION_MAJOR 0
#define GCPP_VERSION_MINOR 1
#define GCPP_VERSION_PATCH 0
#define GCPP_VERSION_STRING "0.1.0"

/** Version of the library that runs, e.g. "0.1.0". Static string. */
const char *gcpp_version(void);

/* ---- Errors -------------------------------------------------------------------------- */

/** Result of every call that can fail. Values are pinned. */
typedef enum gcpp_status {
  GCPP_OK = 0,
  GCPP_ERROR_INVALID_ARGUMENT = -1, /**< an argument's value cannot be used */
  GCPP_ERROR_FILE_NOT_FOUND = -2,   /**< no file at the path */
  GCPP_ERROR_IO = -3,               /**< the system refused to open or read a file */
  GCPP_ERROR_BAD_DATA = -4,         /**< the bytes of a file or image are not what they should be */
  GCPP_ERROR_CLASS_INDEX = -5,      /**< a class index outside the model's classes */
  GCPP_ERROR_UNKNOWN_LAYER = -6,    /**< the model has no layer of that name */
  GCPP_ERROR_OUT_OF_MEMORY = -7,    /**< memory could not be had */
  GCPP_ERROR_CANCELLED = -8         /**< the call's gcpp_cancel_token was cancelled */
} gcpp_status;

/** Details of a failure; caller-owned, optional everywhere. */
typedef struct gcpp_error {
  size_t struct_size;
  gcpp_status code;
  char message[512]; /**< one sentence, UTF-8, zero-terminated */
} gcpp_error;

#define GCPP_ERROR_INIT {sizeof(gcpp_error), GCPP_OK, {0}}

/* ---- Limits -------------------------------------------------------------------------- */

/**
 * What a file may cost, in memory and work: small ones can ask for gigabytes and minutes. Costs are
 * worked out before the work begins; what is above its limit is refused with a sentence that names
 * the cost, the limit and the member. 0: the default, which ordinary files keep to.
 */
typedef struct gcpp_limits {
  size_t struct_size;
  uint64_t pixels;          /**< of a picture; 0: 2^27 */
  uint64_t decoded_bytes;   /**< memory to decode a picture, or all arrays of a weight file as
                                 float32, or a copy of that file; 0: 2^32 */
  uint64_t scans;           /**< passes over a JPEG's picture; 0: 100 */
  uint64_t layers;          /**< operators of a network; 0: 10000 */
  uint64_t multiply_adds;   /**< of one forward pass of one picture; 0: 10^11, that is 200 GFLOP */
  uint64_t workspace_bytes; /**< memory that one call of a network works in; 0: 2^33 */
} gcpp_limits;

#define GCPP_LIMITS_INIT {sizeof(gcpp_limits), 0, 0, 0, 0, 0, 0}

/** Writes the defaults. */
gcpp_status gcpp_limits_info(gcpp_limits *out);

/* ---- Pictures ------------------------------------------------------------------------ */

/** A picture: RGB, 8 bits a channel, upright. */
typedef struct gcpp_image gcpp_image;

/** Borrowed view of a picture's pixels: height x width x 3 bytes, rows contiguous. */
typedef struct gcpp_pixels {
  const uint8_t *data;
  size_t height;
  size_t width;
} gcpp_pixels;

/** Bytes made by the library; end with gcpp_buffer_dispose. */
typedef struct gcpp_buffer {
  uint8_t *data;
  size_t size;
} gcpp_buffer;

#define GCPP_BUFFER_INIT {NULL, 0}

/**
 * Decodes an encoded picture held in memory (JPEG: grey, colour, CMYK, baseline or
 * progressive; the EXIF orientation is applied). Bytes are read during the call only.
 */
gcpp_status gcpp_image_decode(gcpp_image **out, const uint8_t *bytes, size_t size,
                              gcpp_error *error);

/**
 * Copies height x width x 3 bytes of RGB pixels; `row_stride` is the distance between rows in
 * bytes, 0 for contiguous rows. Pictures of more than 2^27 pixels are refused.
 */
gcpp_status gcpp_image_from_rgb8(gcpp_image **out, const uint8_t *pixels, size_t height,
                                 size_t width, size_t row_stride, gcpp_error *error);

/** gcpp_image_decode within limits, which may be NULL. */
gcpp_status gcpp_image_decode_with(gcpp_image **out, const uint8_t *bytes, size_t size,
                                   const gcpp_limits *limits, gcpp_error *error);

/** gcpp_image_from_rgb8 within limits, which may be NULL: `pixels` in place of 2^27. */
gcpp_status gcpp_image_from_rgb8_with(gcpp_image **out, const uint8_t *pixels, size_t height,
                                      size_t width, size_t row_stride, const gcpp_limits *limits,
                                      gcpp_error *error);

/** Borrows the pixels of `image`. */
gcpp_status gcpp_image_pixels(gcpp_pixels *out, const gcpp_image *image);

void gcpp_image_free(gcpp_image *image);

/** Encodes as baseline JPEG, 4:2:0; `quality` is 1 to 100. `out` is overwritten. */
gcpp_status gcpp_jpeg_encode(gcpp_buffer *out, const gcpp_image *image, int quality,
                             gcpp_error *error);

/** Frees the inside of `buffer` and zeroes it; accepts NULL and a zeroed buffer. */
void gcpp_buffer_dispose(gcpp_buffer *buffer);

/* ---- Models -------------------------------------------------------------------------- */

/** A network with its weights and its preprocessing. */
typedef struct gcpp_model gcpp_model;

/**
 * Opens a weight file: vgg16.npy and its like, a safetensors file, or what PyTorch saved of a state
 * dictionary, its names those of gcpp_array below, of torchvision, timm or Keras. The file is mapped
 * and must not change while the model is open (see gcpp_mapping and gcpp_model_verify). A file on
 * which another program holds a write lease (fcntl, F_SETLEASE) is refused. Nothing in the file is
 * executed.
 */
gcpp_status gcpp_model_open(gcpp_model **out, const char *path, gcpp_error *error);

/** Element type of an array handed to gcpp_model_open_arrays; native byte order. */
typedef enum gcpp_dtype {
  GCPP_FLOAT32 = 0,
  GCPP_FLOAT16 = 1,
  GCPP_FLOAT64 = 2,
  GCPP_INT64 = 3 /**< of inputs (gcpp_model_options), not of weights */
} gcpp_dtype;

/**
 * One named array: "conv1_1/weights" (3, 3, in, out), "fc6/biases" (out), row-major. Or the names
 * and layouts of torchvision and timm ("features.0.weight" (out, in, 3, 3)) or of Keras
 * ("block1_conv1/kernel").
 */
typedef struct gcpp_array {
  const char *name;
  const void *data;
  gcpp_dtype dtype;
  size_t rank; /**< 1 to 4 */
  size_t shape[4];
} gcpp_array;

/**
 * Opens a model from arrays in memory. float32 data is borrowed: it must stay valid and
 * unchanged until gcpp_model_free. Other element types are converted and copied. A model whose
 * description says that it does not borrow has copied everything, as torchvision's layout needs.
 */
gcpp_status gcpp_model_open_arrays(gcpp_model **out, const gcpp_array *arrays, size_t count,
                                   gcpp_error *error);

/** How a weight file comes into memory. */
typedef enum gcpp_mapping {
  /** Read as it is used: fast, and shared between processes. What somebody writes to the file is
      seen, and if it is shortened, reading what was cut off ends the process with SIGBUS. */
  GCPP_MAPPED = 0,
  /** Read as a whole when it is opened: what happens to the file afterwards does not matter. */
  GCPP_COPIED = 1
} gcpp_mapping;

/**
 * How colours become the network's input: one from 0 to 255 goes in as
 * (colour * scale - mean) / deviation. The default is what the weights say, else what their names
 * tell: "torchvision" for names of torchvision and timm, else "caffe".
 *
 * `crop` is what is done about a picture of other proportions than the input's: "center" takes
 * the largest part of those proportions in the middle, "squash" the whole picture out of
 * proportion, "pad" the whole picture with bars of the colour that goes in as 0 (or the nearest
 * there is) beside it. Of that, `crop_fraction` is seen. It is cut out, then resized; with
 * `resize_first` the other way round, as torchvision and timm do: the picture is resized so that the
 * input is `crop_fraction` of its shorter side.
 */
typedef struct gcpp_model_options {
  size_t struct_size;
  const char *preprocessing; /**< a name, see gcpp_preprocessing_info */
  const char *channel_order; /**< "RGB" or "BGR", in place of a name; then the rest counts */
  double scale;              /**< 0: 1 */
  double mean[3];            /**< in the order of the channels */
  double deviation[3];       /**< likewise; all 0: 1 */
  const char *source;        /**< what messages call arrays; NULL: "the mapping" */
  const char *crop;          /**< "center", "squash" or "pad"; NULL: "center" */
  const gcpp_limits *limits; /**< of the file and the network; NULL: the defaults */
  gcpp_mapping mapping;      /**< of a file */
  /** Extents of the input, both or neither; 0: what the weights say. A network whose size they fix
      refuses another one. */
  size_t input_height;
  size_t input_width;
  /** What made probabilities of the logits: "softmax" or "sigmoid"; NULL: what the weights say, else
      "sigmoid" for one output and "softmax" for several. */
  const char *activation;
  double epsilon; /**< of batch normalisations whose file does not say theirs; 0: 1e-5 */
  /** What came with the arrays and describes their network: the text of Keras's config.json, or of
      the attribute model_config of its HDF5 files, or what gcpp_model_configuration wrote; NULL:
      nothing. */
  const char *configuration;
  /** How much of what `crop` leaves is seen, up to 1, such as 224.0 / 256; 0: 1. */
  double crop_fraction;
  /** The filter of the resizing: "skimage", which takes four pixels around a point as the 2018
      program does, or one that is as wide as a smaller picture needs, as Pillow (before 13) has it:
      "bilinear", "bicubic" or "lanczos"; NULL: "skimage". */
  const char *resample;
  int resize_first; /**< not 0: resize, then cut */
  /** The output that is explained, of an ONNX file with several; NULL: the first of (N, classes). */
  const char *output;
  /** Values of the inputs of an ONNX file that take no pictures; copied. */
  const gcpp_array *inputs;
  size_t input_count;
  /** How many tokens at the head of a layer of tokens are no part of the picture, such as a class
      token; NULL: none or one, whichever leaves a grid of the input's proportions. */
  const size_t *tokens;
} gcpp_model_options;

#define GCPP_MODEL_OPTIONS_INIT                                                                \
  {sizeof(gcpp_model_options), NULL, NULL, 0.0, {0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, NULL, NULL, \
   NULL, GCPP_MAPPED, 0, 0, NULL, 0.0, NULL, 0.0, NULL, 0,      \
   NULL, NULL, 0, NULL}

/** gcpp_model_open with options, which may be NULL. */
gcpp_status gcpp_model_open_with(gcpp_model **out, const char *path,
                                 const gcpp_model_options *options, gcpp_error *error);

/** gcpp_model_open_arrays with options, which may be NULL. */
gcpp_status gcpp_model_open_arrays_with(gcpp_model **out, const gcpp_array *arrays, size_t count,
                                        const gcpp_model_options *options, gcpp_error *error);

/**
 * Compares size and time of a model's weight file with those when it was opened, and fails when they
 * differ: then its numbers may not be the same any more. Succeeds for a file that was copied and for
 * arrays, and when the path has become another file: the old one stays. Worth a call before each
 * picture of a long run; between the call and the use of the weights nothing can be promised.
 */
gcpp_status gcpp_model_verify(const gcpp_model *model, gcpp_error *error);

void gcpp_model_free(gcpp_model *model);

/**
 * Writes what becomes of a file's network before it runs: its graph as it was read, and after each
 * pass that rewrites it. UTF-8 text without a terminator, for people: its form may change.
 * `options` may be NULL.
 */
gcpp_status gcpp_graph_passes(gcpp_buffer *out, const char *path,
                              const gcpp_model_options *options, gcpp_error *error);

/** gcpp_graph_passes for arrays in memory. */
gcpp_status gcpp_graph_passes_arrays(gcpp_buffer *out, const gcpp_array *arrays, size_t count,
                                     const gcpp_model_options *options, gcpp_error *error);

/** What a model is; strings are borrowed from it. */
typedef struct gcpp_model_description {
  size_t struct_size;
  const char *architecture;  /**< e.g. "VGG16" */
  const char *default_layer; /**< the layer explained when none is named, e.g. "conv5_3" */
  size_t class_count;
  size_t input_height;
  size_t input_width;
  size_t input_channels;
  const char *channel_order; /**< "RGB" or "BGR", see gcpp_model_options */
  double scale;
  double mean[3];
  double deviation[3];
  int borrows; /**< not 0: arrays handed to gcpp_model_open_arrays must stay */
  const char *crop; /**< "center", "squash" or "pad", see gcpp_model_options */
  /** What the network ends with: "classes", a "vector", or a "map" of classes for each cell. */
  const char *output;
  /** How logits of classes become probabilities: "softmax" or "sigmoid"; empty without classes. */
  const char *probabilities;
  size_t output_rank;     /**< of one picture: 1 for classes */
  size_t output_shape[4]; /**< (classes), or (height, width, classes) for a map */
  double crop_fraction;   /**< see gcpp_model_options, as the next two */
  const char *resample;
  int resize_first;
} gcpp_model_description;

#define GCPP_MODEL_DESCRIPTION_INIT                                                          \
  {sizeof(gcpp_model_description), NULL, NULL, 0, 0, 0, 0, NULL, 0.0, {0.0, 0.0, 0.0}, \
   {0.0, 0.0, 0.0}, 0, NULL, NULL, NULL, 0, {0, 0, 0, 0}, 0.0, NULL, 0}

gcpp_status gcpp_model_info(gcpp_model_description *out, const gcpp_model *model);

/**
 * Number of things that are assumed about `model` because nothing says them, such as how colours go
 * into a network whose file does not tell. 0 for NULL.
 */
size_t gcpp_model_note_count(const gcpp_model *model);

/** One of them, a sentence, borrowed from `model`. NULL when there is no such one. */
const char *gcpp_model_note(const gcpp_model *model, size_t index);

/** A layer that can be named: its tensor's shape without the batch. */
typedef struct gcpp_layer_description {
  size_t struct_size;
  const char *name; /**< "conv5_3", "pool5", "fc8"; NAME/linear: before its activation */
  const char *kind; /**< "convolution", "max pooling", "dense" */
  size_t rank;      /**< 3: (height, width, channels); 1: (units) */
  size_t shape[4];
} gcpp_layer_description;

#define GCPP_LAYER_DESCRIPTION_INIT {sizeof(gcpp_layer_description), NULL, NULL, 0, {0, 0, 0, 0}}

/** Number of layers of `model`, in the order of the data. 0 for NULL. */
size_t gcpp_layer_count(const gcpp_model *model);
gcpp_status gcpp_layer_info(gcpp_layer_description *out, const gcpp_model *model, size_t index);

/* ---- Prediction ---------------------------------------------------------------------- */

/** One class and the network's opinion of it. */
typedef struct gcpp_prediction {
  int64_t index;
  double probability; /**< softmax over all classes, or sigmoid, 0 to 1 */
  float logit;        /**< the value before softmax or sigmoid */
} gcpp_prediction;

/**
 * The most probable classes of `image`, best first. `*count` is the room in `out` on entry
 * and the number written on return: at most the model's number of classes.
 */
gcpp_status gcpp_predict(gcpp_prediction *out, size_t *count, const gcpp_model *model,
                         const gcpp_image *image, gcpp_error *error);

/* ---- Targets ------------------------------------------------------------------------- */

/**
 * What is explained: a score of the network's output. `kind` is a name of gcpp_target_info:
 *  - "logit": the logit of `classes[0]`, what speaks for the class;
 *  - "not": that times -1, what speaks against it;
 *  - "difference": the logits of `classes` minus those of `others`, why these and not those;
 *  - "probability": the probability of `classes[0]`, with its exact derivative by all logits;
 *  - "output": the output's elements, each times one of `weights`, added up, for any network;
 *  - "mask": for a network that ends with a map, the logits of `classes[0]`, each times one of
 *    `weights` (height x width numbers), added up.
 * What a kind does not use must be absent.
 *
 * Where no target is given it is the predicted class: "logit" of the most probable one, or "not" of
 * the only one where a network with one sigmoid unit finds it less probable than 1/2.
 */
typedef struct gcpp_target {
  size_t struct_size;
  const char *kind;       /**< NULL: "logit" */
  const int64_t *classes; /**< class indices that the target is for */
  size_t class_count;
  const int64_t *others; /**< class indices that it is against */
  size_t other_count;
  const float *weights; /**< finite, row-major, channels last */
  size_t weight_count;
} gcpp_target;

#define GCPP_TARGET_INIT {sizeof(gcpp_target), NULL, NULL, 0, NULL, 0, NULL, 0}

/* ---- Cancelling ---------------------------------------------------------------------- */

/**
 * Ends long calls: a call that was given a token looks at it between the steps of a network, some
 * milliseconds each, and fails with GCPP_ERROR_CANCELLED once it is cancelled. A token may serve
 * several calls and threads at once; it must outlive them. Cancelled, it stays so.
 */
typedef struct gcpp_cancel_token gcpp_cancel_token;

/**
 * Makes a token. `poll`, which may be NULL, is called with `context` between steps by the thread
 * that made the call, and cancels by returning something other than 0.
 */
gcpp_status gcpp_cancel_token_create(gcpp_cancel_token **out, int (*poll)(void *context),
                                     void *context, gcpp_error *error);

/** Cancels the calls of `token`; any thread may do so. Nothing happens for NULL. */
void gcpp_cancel_token_cancel(gcpp_cancel_token *token);

void gcpp_cancel_token_free(gcpp_cancel_token *token);

/** gcpp_predict that can be cancelled; `cancel` may be NULL. */
gcpp_status gcpp_predict_with(gcpp_prediction *out, size_t *count, const gcpp_model *model,
                              const gcpp_image *image, const gcpp_cancel_token *cancel,
                              gcpp_error *error);

/* ---- Explanation --------------------------------------------------------------------- */

/** Where the evidence for one target lies in one picture. */
typedef struct gcpp_explanation gcpp_explanation;

/** The value of an option of a method; see gcpp_method_option_info. */
typedef struct gcpp_option {
  const char *name;
  double value;
} gcpp_option;

typedef struct gcpp_explain_options {
  size_t struct_size;
  const char *method;     /**< NULL: "gradcam++"; see gcpp_method_info */
  const char *layer;      /**< NULL: the model's default layer */
  const int64_t *targets; /**< class indices; NULL: the predicted class */
  size_t target_count;    /**< how many `targets`; `out` needs room for as many handles */
  int guided;             /**< not 0: guided backpropagation to the pixels as well */
  size_t top;             /**< not 0: so many most probable classes, in place of `targets` */
  /** Targets of any kind, in place of `targets`; `out` needs room for as many handles. */
  const gcpp_target *target_list;
  size_t target_list_count;
  const char *const *layers; /**< several layers, in place of `layer`, for methods that take them */
  size_t layer_count;
  const gcpp_option *method_options; /**< those that shall not have their defaults */
  size_t method_option_count;
  const gcpp_cancel_token *cancel; /**< NULL: the call cannot be cancelled */
} gcpp_explain_options;

#define GCPP_EXPLAIN_OPTIONS_INIT                                                           \
  {sizeof(gcpp_explain_options), NULL, NULL, NULL, 0, 0, 0, NULL, 0, NULL, 0, NULL, 0, NULL}

/**
 * Explains `image`: one forward pass, then one explanation for each target (one for the
 * predicted class when no target is given; `top` of them, best first, when that is). `options`
 * may be NULL. On failure every handle behind `out` is NULL. One call makes up to 1048576
 * explanations; where more are asked for, only the first handle is touched.
 */
gcpp_status gcpp_explain(gcpp_explanation **out, const gcpp_model *model,
                         const gcpp_image *image, const gcpp_explain_options *options,
                         gcpp_error *error);

/**
 * Explains `image_count` pictures together, so that dense weights are read once for all of them.
 * `out` has room for the explanations of the first picture, then those of the second, and so on.
 * Maps equal those of gcpp_explain up to rounding. On failure every handle is NULL, as there. Up
 * to 65536 pictures.
 */
gcpp_status gcpp_explain_batch(gcpp_explanation **out, const gcpp_model *model,
                               const gcpp_image *const *images, size_t image_count,
                               const gcpp_explain_options *options, gcpp_error *error);

void gcpp_explanation_free(gcpp_explanation *explanation);

/** Borrowed view of numbers: rank 0 and NULL data when there are none. */
typedef struct gcpp_view {
  const float *data;
  size_t rank;
  size_t shape[4];
} gcpp_view;

/** The map at the network's input size, (height, width), 0 to 1. */
gcpp_status gcpp_explanation_heatmap(gcpp_view *out, const gcpp_explanation *explanation);
/** The map at the layer's resolution, (h, w), largest value 1 (or all 0). */
gcpp_status gcpp_explanation_cam(gcpp_view *out, const gcpp_explanation *explanation);
/** The weight of each channel of the layer, (channels); rank 0 where the method has none. */
gcpp_status gcpp_explanation_channel_weights(gcpp_view *out, const gcpp_explanation *explanation);
/** Guided gradient of the score by the RGB input in 0..1, (height, width, 3), if asked for. */
gcpp_status gcpp_explanation_guided(gcpp_view *out, const gcpp_explanation *explanation);
/**
 * The class that is explained: the first of `classes` of its target. Fails with
 * GCPP_ERROR_INVALID_ARGUMENT for a target of kind "output", and for a network without classes.
 */
gcpp_status gcpp_explanation_target(gcpp_prediction *out, const gcpp_explanation *explanation);
/** The class of place `index`, 0 the most probable; up to five are kept. */
gcpp_status gcpp_explanation_prediction(gcpp_prediction *out, const gcpp_explanation *explanation,
                                        size_t index);
/** Number of predictions kept: five, or the number of classes if that is smaller. */
size_t gcpp_explanation_prediction_count(const gcpp_explanation *explanation);
/** What the network saw, (height, width, 3), RGB, 0 to 1, before the preprocessing's scale. */
gcpp_status gcpp_explanation_seen(const double **data, size_t *height, size_t *width,
                                  const gcpp_explanation *explanation);
/**
 * What `cam` is multiplied by to have the map before its division by its largest value: the
 * largest of max(sum of weight * activation, 0). With it maps of several pictures compare. 0 when
 * the map is all 0, and for an explanation that was restored from parts without it.
 */
gcpp_status gcpp_explanation_scale(double *out, const gcpp_explanation *explanation);

/**
 * Where in the upright picture, in its pixels, lies what the network saw of it. Element (i, j) of
 * the h x w elements of `heatmap` has its centre at row top + (i + 0.5) * height / h and column
 * left + (j + 0.5) * width / w, where pixel k covers k to k + 1. Of a picture that was resized
 * first (resize_first) the area is given to the nearest pixel.
 */
typedef struct gcpp_source_area {
  int64_t image_height; /**< rows of the whole picture */
  int64_t image_width;  /**< columns of the whole picture */
  int64_t top;          /**< first row of the part that was seen; below 0 in a padded picture */
  int64_t left;         /**< first column of that part, likewise */
  int64_t height;       /**< rows of that part */
  int64_t width;        /**< columns of that part */
} gcpp_source_area;

/** The area; all 0 for an explanation that was restored from parts without it. */
gcpp_status gcpp_explanation_source_area(gcpp_source_area *out,
                                         const gcpp_explanation *explanation);
/** The score of the target for the picture: for kind "logit" the logit. */
gcpp_status gcpp_explanation_score(double *out, const gcpp_explanation *explanation);
/** The kind of target that is explained, such as "logit". Static string; NULL for NULL. */
const char *gcpp_explanation_target_kind(const gcpp_explanation *explanation);
/** Name of the method that made the map. NULL for NULL. */
const char *gcpp_explanation_method(const gcpp_explanation *explanation);
/** Name of the layer that is explained, of several joined by ", ". NULL for NULL. */
const char *gcpp_explanation_layer(const gcpp_explanation *explanation);

/** The values an explanation consists of: enough to make it again in another process. */
typedef struct gcpp_explanation_parts {
  size_t struct_size;
  const char *method;
  const char *layer;
  gcpp_prediction target;             /**< index -1: the target is about no class */
  const gcpp_prediction *predictions; /**< best first */
  size_t prediction_count;            /**< up to five */
  gcpp_view heatmap;                  /**< (height, width) */
  gcpp_view cam;                      /**< (h, w) */
  gcpp_view channel_weights;          /**< (channels); rank 0 when there are none */
  gcpp_view guided;                   /**< (height, width, 3); rank 0 when there is none */
  const double *seen;                 /**< (height, width, 3), finite, 0 to 1 */
  size_t height;                      /**< rows of `seen` and `heatmap`, 1 or more */
  size_t width;                       /**< columns of `seen` and `heatmap`, 1 or more */
  double scale;                       /**< 0: not known, or `cam` is all 0 */
  gcpp_source_area source;            /**< all 0: not known */
  const char *target_kind;            /**< NULL: "logit", and `score` is the target's logit */
  double score;                       /**< the target's score */
} gcpp_explanation_parts;

/**
 * Makes an explanation from the values that the accessors of another one returned. Everything
 * is copied. What no explanation has is refused: shapes that do not fit each other, numbers that
 * are not finite or outside the ranges above, a method that is not known, predictions out of order.
 */
gcpp_status gcpp_explanation_restore(gcpp_explanation **out, const gcpp_explanation_parts *parts,
                                     gcpp_error *error);

/* ---- Rendering ----------------------------------------------------------------------- */

typedef struct gcpp_render_options {
  size_t struct_size;
  const char *colormap; /**< NULL: "jet"; see gcpp_colormap_info */
  double alpha;         /**< weight of the heat map in an overlay, above 0 to 1; 0: 0.3 */
} gcpp_render_options;

#define GCPP_RENDER_OPTIONS_INIT {sizeof(gcpp_render_options), NULL, 0.0}

/**
 * Draws `kind`: "input" (what the network saw), "heatmap", "overlay", "guided", "panels" (the
 * four side by side) or "figure" (the page of the 2018 program, 3840 x 2880). "guided",
 * "panels" and "figure" need an explanation made with `guided`. The page always uses JET
 * and an overlay of 0.3.
 */
gcpp_status gcpp_render(gcpp_image **out, const gcpp_explanation *explanation, const char *kind,
                        const gcpp_render_options *options, gcpp_error *error);

/* ---- Scoring ------------------------------------------------------------------------- */

/** Pictures for gcpp_score, prepared: (height, width, 3), RGB, 0 to 1, of the input's size. */
typedef struct gcpp_scoring {
  size_t struct_size;
  const float *pictures; /**< `count` prepared pictures, one after the other */
  /** Or one picture, cropped and resized as for gcpp_explain and seen through each mask. */
  const gcpp_image *image;
  const float *masks; /**< `count` masks, (height, width), 0 where hidden to 1 where shown */
  const float *background; /**< prepared, shows where hidden; NULL: the colour that goes in as 0 */
  size_t count;
  const gcpp_target *targets; /**< one at least */
  size_t target_count;
  const gcpp_cancel_token *cancel; /**< NULL: the call cannot be cancelled */
} gcpp_scoring;

#define GCPP_SCORING_INIT {sizeof(gcpp_scoring), NULL, NULL, NULL, NULL, 0, NULL, 0, NULL}

/**
 * Scores targets for many pictures, some at a time: `out` has room for `target_count` scores of the
 * first picture, then those of the second, and so on. Each is bit for bit that of its picture
 * alone.
 */
gcpp_status gcpp_score(double *out, const gcpp_model *model, const gcpp_scoring *scoring,
                       gcpp_error *error);

/* ---- Inside the network -------------------------------------------------------------- */

/** Numbers owned by the caller. */
typedef struct gcpp_tensor gcpp_tensor;

gcpp_status gcpp_tensor_view(gcpp_view *out, const gcpp_tensor *tensor);
void gcpp_tensor_free(gcpp_tensor *tensor);

/** Number of arrays of weights. 0 for NULL. */
size_t gcpp_model_array_count(const gcpp_model *model);

/**
 * One array of weights, under the name and in the layout of gcpp_array ("conv1_1/weights"),
 * whatever those of its source were. Behind those of all layers come the other tensors of a network
 * that has some, "constants/0" and so on. `*name` is borrowed from `model`.
 */
gcpp_status gcpp_model_array(gcpp_tensor **out, const char **name, const gcpp_model *model,
                             size_t index, gcpp_error *error);

/**
 * Writes the text that makes the same network of the arrays above, or of others of the same names and
 * shapes, given as gcpp_model_options.configuration with gcpp_model_open_arrays_with. Nothing is
 * written, and `out` is zeroed, where their names and the size of the input say what the network is.
 * Beside it gcpp_model_description says what those options were: how colours go in, the size of the
 * input, the probabilities. UTF-8 without a terminator.
 */
gcpp_status gcpp_model_configuration(gcpp_buffer *out, const gcpp_model *model, gcpp_error *error);

/** Activations of a layer: (h, w, channels), dense layers (units). */
gcpp_status gcpp_activations(gcpp_tensor **out, const gcpp_model *model, const gcpp_image *image,
                             const char *layer, gcpp_error *error);

/** Gradient of a class's logit by a layer's tensor. `target` NULL: the predicted class. */
gcpp_status gcpp_gradients(gcpp_tensor **out, const gcpp_model *model, const gcpp_image *image,
                           const char *layer, const int64_t *target, gcpp_error *error);

/** gcpp_gradients of a target of any kind; `target` NULL: the predicted class. */
gcpp_status gcpp_gradients_of(gcpp_tensor **out, const gcpp_model *model, const gcpp_image *image,
                              const char *layer, const gcpp_target *target, gcpp_error *error);

/** gcpp_activations that can be cancelled; `cancel` may be NULL. */
gcpp_status gcpp_activations_with(gcpp_tensor **out, const gcpp_model *model,
                                  const gcpp_image *image, const char *layer,
                                  const gcpp_cancel_token *cancel, gcpp_error *error);

/** gcpp_gradients_of that can be cancelled; `cancel` may be NULL. */
gcpp_status gcpp_gradients_with(gcpp_tensor **out, const gcpp_model *model,
                                const gcpp_image *image, const char *layer,
                                const gcpp_target *target, const gcpp_cancel_token *cancel,
                                gcpp_error *error);

/**
 * The class activation map of any network's numbers: `activations` and `gradients` have
 * `shape` of `rank` 2 to 4, channels last; the result has the spatial shape, largest value 1
 * (or all 0). `method` NULL: "gradcam++".
 */
gcpp_status gcpp_cam(gcpp_tensor **out, const float *activations, const float *gradients,
                     const size_t *shape, size_t rank, const char *method, gcpp_error *error);

/* ---- Introspection and settings ------------------------------------------------------ */

/** A method, kind of target, colour map or preprocessing that can be named. Static strings. */
typedef struct gcpp_description {
  size_t struct_size;
  const char *name;
  const char *summary;
  const char *citation; /**< empty when there is none */
} gcpp_description;

#define GCPP_DESCRIPTION_INIT {sizeof(gcpp_description), NULL, NULL, NULL}

size_t gcpp_method_count(void);
gcpp_status gcpp_method_info(gcpp_description *out, size_t index);
/** What a method has to be given, and whether it scores further pictures. */
typedef struct gcpp_method_needs {
  size_t struct_size;
  int several_layers; /**< not 0: it takes more than one layer */
  int gradients;      /**< not 0: it looks at gradients, so that a walk back is made */
  int scoring;        /**< not 0: it runs the network again, as often as its options say */
  int input;          /**< not 0: it looks at the picture itself, and takes no layer */
  int repeats;        /**< not 0: changed pictures go forward and back, as its options say */
} gcpp_method_needs;

#define GCPP_METHOD_NEEDS_INIT {sizeof(gcpp_method_needs), 0, 0, 0, 0, 0}

gcpp_status gcpp_method_needs_info(gcpp_method_needs *out, size_t method);

/** Something that can be chosen about a method. Static strings. */
typedef struct gcpp_option_description {
  size_t struct_size;
  const char *name;
  const char *summary;
  const char *kind;      /**< "number", "integer" or "flag" (0 or 1) */
  double standard_value; /**< when nothing is said */
  double least;
  double most;
} gcpp_option_description;

#define GCPP_OPTION_DESCRIPTION_INIT \
  {sizeof(gcpp_option_description), NULL, NULL, NULL, 0.0, 0.0, 0.0}

/** Number of options of the method at index `method`; 0 when there is no such method. */
size_t gcpp_method_option_count(size_t method);
gcpp_status gcpp_method_option_info(gcpp_option_description *out, size_t method, size_t index);
size_t gcpp_target_count(void);
gcpp_status gcpp_target_info(gcpp_description *out, size_t index);
size_t gcpp_colormap_count(void);
gcpp_status gcpp_colormap_info(gcpp_description *out, size_t index);
size_t gcpp_preprocessing_count(void);
gcpp_status gcpp_preprocessing_info(gcpp_description *out, size_t index);

/**
 * Writes the 256 colours of a colour map, 256 x 3 bytes RGB, from the coldest to the hottest: a
 * heat map's value v in 0..1 has colour 255 - floor(255 * (1 - v)). `name` NULL: "jet".
 */
gcpp_status gcpp_colormap_table(uint8_t *out, const char *name, gcpp_error *error);

/**
 * Sets how many threads the process uses for one call, 1 or more; more than the processors
 * given to the process are not used. 0 restores the default. Results do not depend on it.
 */
gcpp_status gcpp_set_threads(size_t count, gcpp_error *error);

/** The number of threads in use. */
size_t gcpp_threads(void);

/**
 * Name of the kernels in use: "avx512", "avx2" or "portable", the best that the processor supports
 * unless the environment variable GRADCAMPP_KERNELS names another one of those. Static string.
 */
const char *gcpp_kernels(void);

#ifdef __cplusplus
}
#endif

#endif
