/* Models: their type and description. What runs the network is named in model.h. */
#include "core.h"
#include "model.h"

PyObject *core_model_wrap(core_state *state, gcpp_model *handle, PyObject *arrays) {
  core_model *self = PyObject_New(core_model, state->model_type);
  if (self == NULL) {
    gcpp_model_free(handle);
    return NULL;
  }
  self->handle = handle;
  self->arrays = Py_XNewRef(arrays);
  return (PyObject *)self;
}

static void model_dealloc(core_model *self) {
  PyTypeObject *type = Py_TYPE(self);
  gcpp_model_free(self->handle);
  Py_XDECREF(self->arrays); /* after the handle that borrows from them */
  PyObject_Free(self);
  Py_DECREF(type);
}

static PyObject *model_verify(core_model *self, PyObject *Py_UNUSED(ignored)) {
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_model_verify(self->handle, &error);
  if (status != GCPP_OK)
    return core_raise(core_object_state((PyObject *)self), status, &error);
  Py_RETURN_NONE;
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
  return Py_BuildValue("(sd(ddd)(ddd)dsO)", found.channel_order, found.scale, found.mean[0],
                       found.mean[1], found.mean[2], found.deviation[0], found.deviation[1],
                       found.deviation[2], found.crop_fraction, found.resample,
                       found.resize_first ? Py_True : Py_False);
}

static PyObject *model_crop(core_model *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(describe(self).crop);
}

static PyObject *model_output(core_model *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(describe(self).output);
}

static PyObject *model_activation(core_model *self, void *Py_UNUSED(closure)) {
  gcpp_model_description description = describe(self);
  if (description.probabilities[0] == '\0')
    Py_RETURN_NONE;
  return PyUnicode_FromString(description.probabilities);
}

static PyObject *model_output_shape(core_model *self, void *Py_UNUSED(closure)) {
  gcpp_model_description description = describe(self);
  return core_shape(description.output_shape, description.output_rank);
}

static PyObject *model_array_count(core_model *self, void *Py_UNUSED(closure)) {
  return PyLong_FromSize_t(gcpp_model_array_count(self->handle));
}

static PyObject *model_configuration(core_model *self, void *Py_UNUSED(closure)) {
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_model_configuration(&buffer, self->handle, &error);
  if (status != GCPP_OK)
    return core_raise(core_object_state((PyObject *)self), status, &error);
  if (buffer.data == NULL)
    Py_RETURN_NONE;
  PyObject *text =
      PyUnicode_DecodeUTF8((const char *)buffer.data, (Py_ssize_t)buffer.size, NULL);
  gcpp_buffer_dispose(&buffer);
  return text;
}

static PyObject *model_notes(core_model *self, void *Py_UNUSED(closure)) {
  size_t count = gcpp_model_note_count(self->handle);
  PyObject *notes = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; notes != NULL && index < count; index++) {
    PyObject *note = PyUnicode_FromString(gcpp_model_note(self->handle, index));
    if (note == NULL)
      Py_CLEAR(notes);
    else
      PyList_SetItem(notes, (Py_ssize_t)index, note);
  }
  return notes;
}

static PyObject *model_layers(core_model *self, void *Py_UNUSED(closure)) {
  size_t count = gcpp_layer_count(self->handle);
  PyObject *layers = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; layers != NULL && index < count; index++) {
    gcpp_layer_description description = GCPP_LAYER_DESCRIPTION_INIT;
    gcpp_layer_info(&description, self->handle, index);
    /* N gives the reference away; with NULL it makes the whole call fail. */
    PyObject *layer = Py_BuildValue("(ssN)", description.name, description.kind,
                                    core_shape(description.shape, description.rank));
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
    {"score", (PyCFunction)core_model_score, METH_VARARGS, core_model_score_doc},
    {"score_masks", (PyCFunction)core_model_score_masks, METH_VARARGS,
     core_model_score_masks_doc},
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
     "(channel order, scale, mean, deviation, crop fraction, filter, resized first).", NULL},
    {"crop", (getter)model_crop, NULL, "center, squash or pad.", NULL},
    {"output", (getter)model_output, NULL, "classes, vector or map.", NULL},
    {"activation", (getter)model_activation, NULL, "softmax, sigmoid, or None.", NULL},
    {"output_shape", (getter)model_output_shape, NULL, "Of one picture.", NULL},
    {"array_count", (getter)model_array_count, NULL, "Number of arrays of weights.", NULL},
    {"configuration", (getter)model_configuration, NULL,
     "What makes the same network of the arrays; None where their names do.", NULL},
    {"notes", (getter)model_notes, NULL, "What is assumed, a sentence each.", NULL},
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
