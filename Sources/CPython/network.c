/* What a network says of one picture, and what is inside it; and cam. */
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
  core_interrupt interrupt;
  if (core_interrupt_begin(&interrupt, state) < 0) {
    PyMem_Free(predictions);
    return NULL;
  }
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_predict_with(predictions, &count, self->handle, image->handle,
                                         interrupt.token, &error);
  core_interrupt_end(&interrupt);
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
  core_interrupt interrupt;
  if (core_interrupt_begin(&interrupt, state) < 0)
    return NULL;
  gcpp_tensor *tensor = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_activations_with(&tensor, self->handle, image->handle, layer,
                                             interrupt.token, &error);
  core_interrupt_end(&interrupt);
  return status == GCPP_OK ? core_tensor_array(tensor) : core_raise(state, status, &error);
}

const char core_model_gradients_doc[] =
    "gradients($self, image, layer, target, /)\n--\n\n"
    "Gradient of a target's score by a layer; target None: the predicted class.";

PyObject *core_model_gradients(core_model *self, PyObject *arguments) {
  core_state *state = core_object_state((PyObject *)self);
  core_image *image;
  const char *layer;
  PyObject *target;
  if (!PyArg_ParseTuple(arguments, "O!sO:gradients", state->image_type, &image, &layer, &target))
    return NULL;
  PyObject *list = target == Py_None ? PyTuple_New(0) : PyTuple_Pack(1, target);
  core_targets wanted;
  if (list == NULL || core_targets_read(&wanted, list) < 0) {
    Py_XDECREF(list);
    return NULL;
  }
  Py_DECREF(list);
  PyObject *result = NULL;
  core_interrupt interrupt;
  if (core_interrupt_begin(&interrupt, state) == 0) {
    gcpp_tensor *tensor = NULL;
    gcpp_error error = GCPP_ERROR_INIT;
    gcpp_status status = gcpp_gradients_with(&tensor, self->handle, image->handle, layer,
                                             wanted.count > 0 ? wanted.targets : NULL,
                                             interrupt.token, &error);
    core_interrupt_end(&interrupt);
    result = status == GCPP_OK ? core_tensor_array(tensor) : core_raise(state, status, &error);
  }
  core_targets_clear(&wanted);
  return result;
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
