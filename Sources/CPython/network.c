/* The calls that run the network: predict, explain, activations, gradients, and cam. */
#include "model.h"

const char core_model_predict_doc[] =
    "predict($self, image, count, /)\n--\n\n"
    "The most probable classes: list of (index, probability, logit), best first.";

PyObject *core_model_predict(core_model *self, PyObject *arguments) {
  core_state *state = core_object_state((PyObject *)self);
  core_image *image;
  Py_ssize_t room;
  if (!PyArg_ParseTuple(arguments, "O!n:predict", state->image_type, &image, &room))
    return NULL;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model_info(&description, self->handle);
  size_t count = room < 0 ? 0 : (size_t)room;
  if (count > description.class_count)
    count = description.class_count;
  gcpp_prediction *predictions = PyMem_Calloc(count > 0 ? count : 1, sizeof(gcpp_prediction));
  if (predictions == NULL)
    return PyErr_NoMemory();
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_predict(predictions, &count, self->handle, image->handle, &error);
  Py_END_ALLOW_THREADS;
  PyObject *list =
      status == GCPP_OK ? PyList_New((Py_ssize_t)count) : core_raise(state, status, &error);
  for (size_t index = 0; list != NULL && index < count; index++) {
    PyObject *prediction = core_prediction(&predictions[index]);
    if (prediction == NULL)
      Py_CLEAR(list);
    else
      PyList_SetItem(list, (Py_ssize_t)index, prediction);
  }
  PyMem_Free(predictions);
  return list;
}

/* ---- Explain ------------------------------------------------------------------------- */

/* Reads a sequence of integers; `*count` is 0 for None. NULL with an exception on failure. */
static int64_t *read_targets(PyObject *targets, size_t *count) {
  *count = 0;
  PyObject *items = targets == Py_None ? PyTuple_New(0) : PySequence_Tuple(targets);
  if (items == NULL)
    return NULL;
  Py_ssize_t size = PyTuple_Size(items);
  int64_t *values = PyMem_Calloc(size > 0 ? (size_t)size : 1, sizeof(int64_t));
  if (values == NULL)
    PyErr_NoMemory();
  for (Py_ssize_t index = 0; values != NULL && index < size; index++) {
    values[index] = PyLong_AsLongLong(PyTuple_GetItem(items, index));
    if (values[index] == -1 && PyErr_Occurred()) {
      PyMem_Free(values);
      values = NULL;
    }
  }
  Py_DECREF(items);
  *count = (size_t)size;
  return values;
}

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

/* Explains a tuple of images, each for `each` targets. */
static PyObject *explain_all(core_model *self, PyObject *images, size_t each,
                             const gcpp_explain_options *options) {
  core_state *state = core_object_state((PyObject *)self);
  size_t image_count = (size_t)PyTuple_Size(images);
  const gcpp_image **pictures = read_images(state, images);
  if (pictures == NULL)
    return NULL;
  size_t room = image_count * each;
  gcpp_explanation **handles = PyMem_Calloc(room > 0 ? room : 1, sizeof(gcpp_explanation *));
  PyObject *result = NULL;
  if (handles == NULL) {
    PyErr_NoMemory();
  } else {
    gcpp_error error = GCPP_ERROR_INIT;
    gcpp_status status;
    Py_BEGIN_ALLOW_THREADS;
    status = gcpp_explain_batch(handles, self->handle, pictures, image_count, options, &error);
    Py_END_ALLOW_THREADS;
    result =
        status == GCPP_OK ? wrap_all(state, handles, room) : core_raise(state, status, &error);
  }
  PyMem_Free(handles);
  PyMem_Free(pictures);
  return result;
}

const char core_model_explain_doc[] =
    "explain($self, images, /, *, method=None, layer=None, targets=None, guided=False, top=0)"
    "\n--\n\n"
    "One forward pass for all images, then for each image one explanation for each target (None: "
    "the predicted class), or for each of the `top` most probable classes.";

PyObject *core_model_explain(core_model *self, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"", "method", "layer", "targets", "guided", "top", NULL};
  PyObject *images;
  PyObject *targets = Py_None;
  Py_ssize_t top = 0;
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$zzOpn:explain", names, &images,
                                   &options.method, &options.layer, &targets, &options.guided,
                                   &top))
    return NULL;
  if (top < 0 || top > 1 << 20) {
    PyErr_Format(PyExc_ValueError, "top is %zd, expected 0 to 1048576", top);
    return NULL;
  }
  size_t count;
  int64_t *values = read_targets(targets, &count);
  if (values == NULL)
    return NULL;
  PyObject *result = NULL;
  if (targets != Py_None && count == 0) {
    result = PyList_New(0);
  } else {
    options.targets = count > 0 ? values : NULL;
    options.target_count = count;
    options.top = (size_t)top;
    /* A tuple keeps the images alive while other threads run. */
    PyObject *tuple = PySequence_Tuple(images);
    if (tuple != NULL) {
      result = explain_all(self, tuple, top > 0 ? (size_t)top : count > 0 ? count : 1, &options);
      Py_DECREF(tuple);
    }
  }
  PyMem_Free(values);
  return result;
}

/* ---- Inside the network -------------------------------------------------------------- */

const char core_model_array_doc[] =
    "array($self, index, /)\n--\n\n"
    "One array of weights: (name, float32 array), such as conv1_1/weights (3, 3, in, out).";

PyObject *core_model_array(core_model *self, PyObject *index) {
  core_state *state = core_object_state((PyObject *)self);
  size_t place = PyLong_AsSize_t(index);
  if (place == (size_t)-1 && PyErr_Occurred())
    return NULL;
  gcpp_tensor *tensor = NULL;
  const char *name = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_model_array(&tensor, &name, self->handle, place, &error);
  Py_END_ALLOW_THREADS;
  if (status != GCPP_OK)
    return core_raise(state, status, &error);
  return Py_BuildValue("(sN)", name, core_tensor_array(tensor));
}

const char core_model_activations_doc[] =
    "activations($self, image, layer, /)\n--\n\n"
    "Activations of a layer: float32 (h, w, channels), dense layers (units).";

PyObject *core_model_activations(core_model *self, PyObject *arguments) {
  core_state *state = core_object_state((PyObject *)self);
  core_image *image;
  const char *layer;
  if (!PyArg_ParseTuple(arguments, "O!s:activations", state->image_type, &image, &layer))
    return NULL;
  gcpp_tensor *tensor = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_activations(&tensor, self->handle, image->handle, layer, &error);
  Py_END_ALLOW_THREADS;
  return status == GCPP_OK ? core_tensor_array(tensor) : core_raise(state, status, &error);
}

const char core_model_gradients_doc[] =
    "gradients($self, image, layer, target, /)\n--\n\n"
    "Gradient of a class's logit by a layer; target None: the predicted class.";

PyObject *core_model_gradients(core_model *self, PyObject *arguments) {
  core_state *state = core_object_state((PyObject *)self);
  core_image *image;
  const char *layer;
  PyObject *target;
  if (!PyArg_ParseTuple(arguments, "O!sO:gradients", state->image_type, &image, &layer, &target))
    return NULL;
  int64_t index = target == Py_None ? 0 : PyLong_AsLongLong(target);
  if (index == -1 && PyErr_Occurred())
    return NULL;
  const int64_t *wanted = target == Py_None ? NULL : &index;
  gcpp_tensor *tensor = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_gradients(&tensor, self->handle, image->handle, layer, wanted, &error);
  Py_END_ALLOW_THREADS;
  return status == GCPP_OK ? core_tensor_array(tensor) : core_raise(state, status, &error);
}

const char core_cam_doc[] =
    "cam($module, activations, gradients, method, /)\n--\n\n"
    "Class activation map of channels-last float32 arrays, largest value 1.";

PyObject *core_cam(PyObject *module, PyObject *arguments) {
  PyObject *activations_array, *gradients_array;
  const char *method;
  gcpp_view activations, gradients;
  if (!PyArg_ParseTuple(arguments, "OOz:cam", &activations_array, &gradients_array, &method) ||
      core_view_of(&activations, activations_array, "activations") < 0 ||
      core_view_of(&gradients, gradients_array, "gradients") < 0)
    return NULL;
  if (!PyArray_SAMESHAPE((PyArrayObject *)activations_array, (PyArrayObject *)gradients_array)) {
    PyErr_SetString(PyExc_ValueError, "activations and gradients must have the same shape");
    return NULL;
  }
  gcpp_tensor *tensor = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_cam(&tensor, activations.data, gradients.data, activations.shape,
                    activations.rank, method, &error);
  Py_END_ALLOW_THREADS;
  return status == GCPP_OK ? core_tensor_array(tensor)
                           : core_raise(core_module_state(module), status, &error);
}
