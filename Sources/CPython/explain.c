/* Explaining: pictures, targets and options in, explanations out. */
#include "model.h"

/* Wraps `count` handles; those that cannot be wrapped are freed. */
static PyObject *wrap_all(core_state *state, gcpp_explanation **handles, size_t count) {
  PyObject *list = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; index < count; index++) {
    if (list == NULL) {
      gcpp_explanation_free(handles[index]);
      continue;
    }
    PyObject *explanation = core_explanation_wrap(state, handles[index]);
    if (explanation == NULL)
      Py_CLEAR(list);
    else
      PyList_SetItem(list, (Py_ssize_t)index, explanation);
  }
  return list;
}

/* Borrows the handles of a tuple of images. NULL with an exception on failure. */
static const gcpp_image **read_images(core_state *state, PyObject *images) {
  Py_ssize_t size = PyTuple_Size(images);
  const gcpp_image **handles = PyMem_Calloc(size > 0 ? (size_t)size : 1, sizeof(gcpp_image *));
  if (handles == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  for (Py_ssize_t index = 0; index < size; index++) {
    PyObject *image = PyTuple_GetItem(images, index);
    if (!Py_IS_TYPE(image, state->image_type)) {
      PyErr_Format(PyExc_TypeError, "images[%zd] is %R, expected an Image", index, image);
      PyMem_Free(handles);
      return NULL;
    }
    handles[index] = ((core_image *)image)->handle;
  }
  return handles;
}

/* Reads None, a name, or a tuple of names, which `*names` borrows. 0, or -1 with an exception. */
static int read_layers(const char ***names, size_t *count, PyObject *layer) {
  *names = NULL;
  *count = layer == Py_None ? 0 : PyTuple_Check(layer) ? (size_t)PyTuple_Size(layer) : 1;
  *names = PyMem_Calloc(*count + 1, sizeof(char *));
  if (*names == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  for (size_t index = 0; index < *count; index++) {
    PyObject *name = PyTuple_Check(layer) ? PyTuple_GetItem(layer, (Py_ssize_t)index) : layer;
    (*names)[index] = PyUnicode_AsUTF8AndSize(name, NULL);
    if ((*names)[index] == NULL)
      return -1;
  }
  return 0;
}

/* Reads a tuple of (name, value). 0, or -1 with an exception set. */
static int read_options(gcpp_option **options, size_t *count, PyObject *given) {
  if (!PyTuple_Check(given)) {
    PyErr_Format(PyExc_TypeError, "options are %R, expected a tuple", given);
    return -1;
  }
  *count = (size_t)PyTuple_Size(given);
  *options = PyMem_Calloc(*count + 1, sizeof(gcpp_option));
  if (*options == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  for (size_t index = 0; index < *count; index++)
    if (!PyArg_Parse(PyTuple_GetItem(given, (Py_ssize_t)index), "(sd)", &(*options)[index].name,
                     &(*options)[index].value))
      return -1;
  return 0;
}

/* Explains a tuple of images, each for `each` targets. */
static PyObject *explain_all(core_model *self, PyObject *images, size_t each,
                             gcpp_explain_options *options) {
  core_state *state = core_object_state((PyObject *)self);
  size_t image_count = (size_t)PyTuple_Size(images);
  const gcpp_image **pictures = read_images(state, images);
  if (pictures == NULL)
    return NULL;
  size_t room = image_count * each;
  gcpp_explanation **handles = PyMem_Calloc(room > 0 ? room : 1, sizeof(gcpp_explanation *));
  core_interrupt interrupt;
  PyObject *result = NULL;
  if (handles == NULL) {
    PyErr_NoMemory();
  } else if (core_interrupt_begin(&interrupt, state) == 0) {
    gcpp_error error = GCPP_ERROR_INIT;
    options->cancel = interrupt.token;
    gcpp_status status =
        gcpp_explain_batch(handles, self->handle, pictures, image_count, options, &error);
    core_interrupt_end(&interrupt);
    result =
        status == GCPP_OK ? wrap_all(state, handles, room) : core_raise(state, status, &error);
  }
  PyMem_Free(handles);
  PyMem_Free(pictures);
  return result;
}

const char core_model_explain_doc[] =
    "explain($self, images, /, *, method=None, layer=None, targets=None, guided=False, top=0, "
    "options=())\n--\n\n"
    "One forward pass for all images, then for each image one explanation for each target (None: "
    "the predicted class), or for each of the `top` most probable classes. A layer is a name or a "
    "tuple of names, a target a class index or (kind, classes, others, weights), an option of the "
    "method (name, value).";

PyObject *core_model_explain(core_model *self, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"", "method", "layer", "targets", "guided", "top", "options", NULL};
  PyObject *images, *targets = Py_None, *layer = Py_None, *given = NULL;
  Py_ssize_t top = 0;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$zOOpnO:explain", names, &images,
                                   &options.method, &layer, &targets, &options.guided, &top,
                                   &given))
    return NULL;
  if (top < 0 || top > 1 << 20) {
    PyErr_Format(PyExc_ValueError, "top is %zd, expected 0 to 1048576", top);
    return NULL;
  }
  core_targets wanted;
  if (core_targets_read(&wanted, targets) < 0)
    return NULL;
  const char **layers = NULL;
  gcpp_option *values = NULL;
  PyObject *result = NULL;
  if (targets != Py_None && wanted.count == 0) {
    result = PyList_New(0);
  } else if (read_layers(&layers, &options.layer_count, layer) == 0 &&
             (given == NULL || read_options(&values, &options.method_option_count, given) == 0)) {
    /* Without elements a list is absent. */
    options.layers = options.layer_count > 0 ? layers : NULL;
    options.method_options = options.method_option_count > 0 ? values : NULL;
    options.target_list = wanted.count > 0 ? wanted.targets : NULL;
    options.target_list_count = wanted.count;
    options.top = (size_t)top;
    /* A tuple keeps the images alive while other threads run. */
    PyObject *tuple = PySequence_Tuple(images);
    if (tuple != NULL) {
      size_t each = top > 0 ? (size_t)top : wanted.count > 0 ? wanted.count : 1;
      result = explain_all(self, tuple, each, &options);
      Py_DECREF(tuple);
    }
  }
  PyMem_Free(values);
  PyMem_Free(layers);
  core_targets_clear(&wanted);
  return result;
}
