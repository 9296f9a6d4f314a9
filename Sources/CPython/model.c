/* Models: opening, description, prediction. What looks inside the network is in network.c. */
#include "core.h"
#include "model.h"

static PyObject *wrap(core_state *state, gcpp_model *handle, PyObject *arrays) {
  core_model *self = PyObject_New(core_model, state->model_type);
  if (self == NULL) {
    gcpp_model_free(handle);
    return NULL;
  }
  self->handle = handle;
  self->arrays = Py_XNewRef(arrays);
  return (PyObject *)self;
}

/* Reads a preprocessing: None, a name, or (channel order, scale, mean, deviation), which are
   borrowed from `object`. 0, or -1 with an exception set. */
static int read_preprocessing(gcpp_model_options *out, PyObject *object) {
  if (object == Py_None)
    return 0;
  if (PyUnicode_Check(object)) {
    out->preprocessing = PyUnicode_AsUTF8AndSize(object, NULL);
    return out->preprocessing == NULL ? -1 : 0;
  }
  return PyArg_Parse(object, "(sd(ddd)(ddd))", &out->channel_order, &out->scale, &out->mean[0],
                     &out->mean[1], &out->mean[2], &out->deviation[0], &out->deviation[1],
                     &out->deviation[2])
             ? 0
             : -1;
}

/* How a model is opened: the keywords of both functions below, which begin with the weights. */
#define OPTIONS_SIGNATURE \
  "*, origin=None, preprocessing=None, crop=None, limits=None, mapped=True"

/* Reads the weights, a borrowed reference, and the options, whose texts are borrowed from the
   arguments and whose limits are `limits`. 0, or -1 with an exception set. */
static int read_opening(PyObject **weights, gcpp_model_options *out, gcpp_limits *limits,
                        PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"", "origin", "preprocessing", "crop", "limits", "mapped", NULL};
  PyObject *preprocessing = Py_None, *given = Py_None;
  int mapped = 1;
  *out = (gcpp_model_options)GCPP_MODEL_OPTIONS_INIT;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$zOzOp", names, weights, &out->source,
                                   &preprocessing, &out->crop, &given, &mapped) ||
      core_limits_read(limits, given) < 0)
    return -1;
  out->limits = limits;
  out->mapping = mapped ? GCPP_MAPPED : GCPP_COPIED;
  return read_preprocessing(out, preprocessing);
}

const char core_model_open_doc[] =
    "model_open($module, path, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "Open a weight file, mapped or copied. Messages name the path, not `origin`.";

PyObject *core_model_open(PyObject *module, PyObject *arguments, PyObject *keywords) {
  core_state *state = core_module_state(module);
  PyObject *bytes = NULL, *path;
  gcpp_model_options options;
  gcpp_limits limits;
  if (read_opening(&path, &options, &limits, arguments, keywords) < 0 ||
      !PyUnicode_FSConverter(path, &bytes))
    return NULL;
  const char *text = PyBytes_AsString(bytes);
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_model_open_with(&handle, text, &options, &error);
  Py_END_ALLOW_THREADS;
  Py_DECREF(bytes);
  if (status != GCPP_OK)
    return core_raise(state, status, &error);
  return wrap(state, handle, NULL);
}

const char core_model_open_arrays_doc[] =
    "model_open_arrays($module, pairs, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "Open a model from (name, array) pairs; float32 arrays are borrowed and kept alive. "
    "`origin` is what messages call them.";

PyObject *core_model_open_arrays(PyObject *module, PyObject *arguments, PyObject *keywords) {
  core_state *state = core_module_state(module);
  PyObject *pairs;
  gcpp_model_options options;
  gcpp_limits limits;
  core_entries entries;
  if (read_opening(&pairs, &options, &limits, arguments, keywords) < 0 ||
      core_entries_read(&entries, pairs) < 0)
    return NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_model *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_model_open_arrays_with(&handle, entries.entries, entries.count, &options, &error);
  Py_END_ALLOW_THREADS;
  PyObject *model = NULL;
  if (status == GCPP_OK) {
    gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
    gcpp_model_info(&description, handle);
    model = wrap(state, handle, description.borrows ? entries.arrays : NULL);
  } else {
    core_raise(state, status, &error);
  }
  core_entries_clear(&entries);
  return model;
}

static PyObject *model_verify(core_model *self, PyObject *Py_UNUSED(ignored)) {
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_model_verify(self->handle, &error);
  if (status != GCPP_OK)
    return core_raise(core_object_state((PyObject *)self), status, &error);
  Py_RETURN_NONE;
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
  gcpp_model_options options;
  gcpp_limits limits;
  if (read_opening(&path, &options, &limits, arguments, keywords) < 0 ||
      !PyUnicode_FSConverter(path, &bytes))
    return NULL;
  const char *text = PyBytes_AsString(bytes);
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_graph_passes(&buffer, text, &options, &error);
  Py_END_ALLOW_THREADS;
  Py_DECREF(bytes);
  return text_of(core_module_state(module), status, &buffer, &error);
}

const char core_graph_passes_arrays_doc[] =
    "graph_passes_arrays($module, pairs, /, " OPTIONS_SIGNATURE ")\n--\n\n"
    "The same for (name, array) pairs.";

PyObject *core_graph_passes_arrays(PyObject *module, PyObject *arguments, PyObject *keywords) {
  PyObject *pairs;
  gcpp_model_options options;
  gcpp_limits limits;
  core_entries entries;
  if (read_opening(&pairs, &options, &limits, arguments, keywords) < 0 ||
      core_entries_read(&entries, pairs) < 0)
    return NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_graph_passes_arrays(&buffer, entries.entries, entries.count, &options, &error);
  Py_END_ALLOW_THREADS;
  core_entries_clear(&entries);
  return text_of(core_module_state(module), status, &buffer, &error);
}

static void model_dealloc(core_model *self) {
  PyTypeObject *type = Py_TYPE(self);
  gcpp_model_free(self->handle);
  Py_XDECREF(self->arrays); /* after the handle that borrows from them */
  PyObject_Free(self);
  Py_DECREF(type);
}

/* ---- Description --------------------------------------------------------------------- */

static gcpp_model_description describe(const core_model *self) {
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model_info(&description, self->handle);
  return description;
}

static PyObject *model_architecture(core_model *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(describe(self).architecture);
}

static PyObject *model_default_layer(core_model *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(describe(self).default_layer);
}

static PyObject *model_class_count(core_model *self, void *Py_UNUSED(closure)) {
  return PyLong_FromSize_t(describe(self).class_count);
}

static PyObject *model_input_shape(core_model *self, void *Py_UNUSED(closure)) {
  gcpp_model_description description = describe(self);
  return Py_BuildValue("(nnn)", (Py_ssize_t)description.input_height,
                       (Py_ssize_t)description.input_width,
                       (Py_ssize_t)description.input_channels);
}

static PyObject *model_preprocessing(core_model *self, void *Py_UNUSED(closure)) {
  gcpp_model_description found = describe(self);
  return Py_BuildValue("(sd(ddd)(ddd))", found.channel_order, found.scale, found.mean[0],
                       found.mean[1], found.mean[2], found.deviation[0], found.deviation[1],
                       found.deviation[2]);
}

static PyObject *model_crop(core_model *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(describe(self).crop);
}

static PyObject *model_array_count(core_model *self, void *Py_UNUSED(closure)) {
  return PyLong_FromSize_t(gcpp_model_array_count(self->handle));
}

static PyObject *model_layers(core_model *self, void *Py_UNUSED(closure)) {
  size_t count = gcpp_layer_count(self->handle);
  PyObject *layers = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; layers != NULL && index < count; index++) {
    gcpp_layer_description description = GCPP_LAYER_DESCRIPTION_INIT;
    gcpp_layer_info(&description, self->handle, index);
    PyObject *shape = PyTuple_New((Py_ssize_t)description.rank);
    for (size_t axis = 0; shape != NULL && axis < description.rank; axis++) {
      PyObject *extent = PyLong_FromSize_t(description.shape[axis]);
      if (extent == NULL)
        Py_CLEAR(shape);
      else
        PyTuple_SetItem(shape, (Py_ssize_t)axis, extent);
    }
    /* N gives the reference away; with NULL it makes the whole call fail. */
    PyObject *layer = Py_BuildValue("(ssN)", description.name, description.kind, shape);
    if (layer == NULL)
      Py_CLEAR(layers);
    else
      PyList_SetItem(layers, (Py_ssize_t)index, layer);
  }
  return layers;
}

/* ---- Type ---------------------------------------------------------------------------- */

static PyMethodDef model_methods[] = {
    {"verify", (PyCFunction)model_verify, METH_NOARGS,
     "verify($self, /)\n--\n\nRaise if the weight file changed since it was opened."},
    {"predict", (PyCFunction)core_model_predict, METH_VARARGS, core_model_predict_doc},
    {"explain", CORE_KEYWORDS(core_model_explain), METH_VARARGS | METH_KEYWORDS,
     core_model_explain_doc},
    {"array", (PyCFunction)core_model_array, METH_O, core_model_array_doc},
    {"activations", (PyCFunction)core_model_activations, METH_VARARGS,
     core_model_activations_doc},
    {"gradients", (PyCFunction)core_model_gradients, METH_VARARGS, core_model_gradients_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef model_attributes[] = {
    {"architecture", (getter)model_architecture, NULL, "Name of the architecture.", NULL},
    {"default_layer", (getter)model_default_layer, NULL, "The layer explained by default.", NULL},
    {"class_count", (getter)model_class_count, NULL, "Number of classes.", NULL},
    {"input_shape", (getter)model_input_shape, NULL, "(height, width, channels).", NULL},
    {"preprocessing", (getter)model_preprocessing, NULL,
     "(channel order, scale, mean, deviation).", NULL},
    {"crop", (getter)model_crop, NULL, "center, squash or pad.", NULL},
    {"array_count", (getter)model_array_count, NULL, "Number of arrays of weights.", NULL},
    {"layers", (getter)model_layers, NULL, "List of (name, kind, shape).", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot model_slots[] = {
    {Py_tp_doc, "A network with its weights and its preprocessing."},
    {Py_tp_dealloc, model_dealloc},
    {Py_tp_methods, model_methods},
    {Py_tp_getset, model_attributes},
    {0, NULL},
};

PyType_Spec core_model_spec = {
    .name = "gradcampp_swift._core.Model",
    .basicsize = sizeof(core_model),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = model_slots,
};
