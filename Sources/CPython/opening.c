/* Opening models, and showing what becomes of their graphs. */
#include "core.h"

/* What the functions below are given beside the weights; options borrow from the rest. */
typedef struct opening {
  gcpp_model_options options;
  gcpp_limits limits;
  core_entries inputs;
  size_t tokens;
} opening;

/* Reads a preprocessing: None, a name, or (channel order, scale, mean, deviation, crop fraction,
   filter, resized first), which are borrowed from `object`. 0, or -1 with an exception set. */
static int read_preprocessing(gcpp_model_options *out, PyObject *object) {
  if (object == Py_None)
    return 0;
  if (PyUnicode_Check(object)) {
    out->preprocessing = PyUnicode_AsUTF8AndSize(object, NULL);
    return out->preprocessing == NULL ? -1 : 0;
  }
  return PyArg_Parse(object, "(sd(ddd)(ddd)dsp)", &out->channel_order, &out->scale,
                     &out->mean[0], &out->mean[1], &out->mean[2], &out->deviation[0],
                     &out->deviation[1], &out->deviation[2], &out->crop_fraction, &out->resample,
                     &out->resize_first)
             ? 0
             : -1;
}

/* Reads an input size: None, or (height, width). 0, or -1 with an exception set. */
static int read_size(gcpp_model_options *out, PyObject *object) {
  Py_ssize_t height, width;
  if (object == Py_None)
    return 0;
  if (!PyArg_Parse(object, "(nn)", &height, &width))
    return -1;
  out->input_height = (size_t)height;
  out->input_width = (size_t)width;
  return 0;
}

/* Reads a number of tokens: None, or an integer. 0, or -1 with an exception set. */
static int read_tokens(opening *out, PyObject *object) {
  if (object == Py_None)
    return 0;
  Py_ssize_t count = PyLong_AsSsize_t(object);
  if (count == -1 && PyErr_Occurred())
    return -1;
  out->tokens = (size_t)count;
  out->options.tokens = &out->tokens;
  return 0;
}

/* How a model is opened: the keywords of the functions below, which begin with the weights. */
#define OPTIONS_SIGNATURE \
  "*, origin=None, preprocessing=None, crop=None, limits=None, mapped=True, input_size=None, " \
  "activation=None, epsilon=None, output=None, inputs=(), tokens=None, configuration=None"

/* Reads the weights, a borrowed reference, and the options, whose texts are borrowed from the
   arguments. 0, or -1 with an exception set; after 0 comes close_opening. */
static int read_opening(PyObject **weights, opening *out, PyObject *arguments,
                        PyObject *keywords) {
  static char *names[] = {"",       "origin",     "preprocessing", "crop",    "limits",
                          "mapped", "input_size", "activation",    "epsilon", "output",
                          "inputs", "tokens",     "configuration", NULL};
  PyObject *preprocessing = Py_None, *given = Py_None, *size = Py_None, *epsilon = Py_None;
  PyObject *inputs = NULL, *tokens = Py_None;
  int mapped = 1;
  gcpp_model_options *options = &out->options;
  *out = (opening){.options = GCPP_MODEL_OPTIONS_INIT};
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$zOzOpOzOzOOz", names, weights,
                                   &options->source, &preprocessing, &options->crop, &given,
                                   &mapped, &size, &options->activation, &epsilon,
                                   &options->output, &inputs, &tokens,
                                   &options->configuration) ||
      core_limits_read(&out->limits, given) < 0 || read_size(options, size) < 0 ||
      read_tokens(out, tokens) < 0 || read_preprocessing(options, preprocessing) < 0)
    return -1;
  if (epsilon != Py_None) {
    options->epsilon = PyFloat_AsDouble(epsilon);
    if (options->epsilon == -1.0 && PyErr_Occurred())
      return -1;
  }
  options->limits = &out->limits;
  options->mapping = mapped ? GCPP_MAPPED : GCPP_COPIED;
  if (inputs != NULL && core_entries_read(&out->inputs, inputs, 1) < 0)
    return -1;
  options->inputs = out->inputs.entries;
  options->input_count = out->inputs.count;
  return 0;
}

static void close_opening(opening *out) { core_entries_clear(&out->inputs); }

const char core_model_open_doc[] =
    "model_open($module, path, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "Open a weight file, mapped or copied. Messages name the path, not `origin`.";

PyObject *core_model_open(PyObject *module, PyObject *arguments, PyObject *keywords) {
  core_state *state = core_module_state(module);
  PyObject *bytes = NULL, *path;
  opening given;
  if (read_opening(&path, &given, arguments, keywords) < 0)
    return NULL;
  if (!PyUnicode_FSConverter(path, &bytes)) {
    close_opening(&given);
    return NULL;
  }
  const char *text = PyBytes_AsString(bytes);
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_model_open_with(&handle, text, &given.options, &error);
  Py_END_ALLOW_THREADS;
  Py_DECREF(bytes);
  close_opening(&given);
  if (status != GCPP_OK)
    return core_raise(state, status, &error);
  return core_model_wrap(state, handle, NULL);
}

const char core_model_open_arrays_doc[] =
    "model_open_arrays($module, pairs, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "Open a model from (name, array) pairs; float32 arrays are borrowed and kept alive. "
    "`origin` is what messages call them.";

PyObject *core_model_open_arrays(PyObject *module, PyObject *arguments, PyObject *keywords) {
  core_state *state = core_module_state(module);
  PyObject *pairs;
  opening given;
  core_entries entries;
  if (read_opening(&pairs, &given, arguments, keywords) < 0)
    return NULL;
  if (core_entries_read(&entries, pairs, 0) < 0) {
    close_opening(&given);
    return NULL;
  }
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_model_open_arrays_with(&handle, entries.entries, entries.count, &given.options, &error);
  Py_END_ALLOW_THREADS;
  PyObject *model = NULL;
  if (status == GCPP_OK) {
    gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
    gcpp_model_info(&description, handle);
    model = core_model_wrap(state, handle, description.borrows ? entries.arrays : NULL);
  } else {
    core_raise(state, status, &error);
  }
  core_entries_clear(&entries);
  close_opening(&given);
  return model;
}

/* ---- Graphs -------------------------------------------------------------------------- */

static PyObject *text_of(core_state *state, gcpp_status status, gcpp_buffer *buffer,
                         const gcpp_error *error) {
  if (status != GCPP_OK)
    return core_raise(state, status, error);
  PyObject *text =
      PyUnicode_DecodeUTF8((const char *)buffer->data, (Py_ssize_t)buffer->size, "replace");
  gcpp_buffer_dispose(buffer);
  return text;
}

const char core_graph_passes_doc[] =
    "graph_passes($module, path, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "What becomes of a file's graph before it runs, as text.";

PyObject *core_graph_passes(PyObject *module, PyObject *arguments, PyObject *keywords) {
  PyObject *bytes = NULL, *path;
  opening given;
  if (read_opening(&path, &given, arguments, keywords) < 0)
    return NULL;
  if (!PyUnicode_FSConverter(path, &bytes)) {
    close_opening(&given);
    return NULL;
  }
  const char *text = PyBytes_AsString(bytes);
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_graph_passes(&buffer, text, &given.options, &error);
  Py_END_ALLOW_THREADS;
  Py_DECREF(bytes);
  close_opening(&given);
  return text_of(core_module_state(module), status, &buffer, &error);
}

const char core_graph_passes_arrays_doc[] =
    "graph_passes_arrays($module, pairs, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "The same for (name, array) pairs.";

PyObject *core_graph_passes_arrays(PyObject *module, PyObject *arguments, PyObject *keywords) {
  PyObject *pairs;
  opening given;
  core_entries entries;
  if (read_opening(&pairs, &given, arguments, keywords) < 0)
    return NULL;
  if (core_entries_read(&entries, pairs, 0) < 0) {
    close_opening(&given);
    return NULL;
  }
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_graph_passes_arrays(&buffer, entries.entries, entries.count, &given.options, &error);
  Py_END_ALLOW_THREADS;
  core_entries_clear(&entries);
  close_opening(&given);
  return text_of(core_module_state(module), status, &buffer, &error);
}
