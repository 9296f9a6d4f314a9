/* Explanations: their numbers, their pictures, and making one again from its numbers. */
#include "core.h"

PyObject *core_explanation_wrap(core_state *state, gcpp_explanation *handle) {
  core_explanation *self = PyObject_New(core_explanation, state->explanation_type);
  if (self == NULL) {
    gcpp_explanation_free(handle);
    return NULL;
  }
  self->handle = handle;
  return (PyObject *)self;
}

PyObject *core_prediction(const gcpp_prediction *prediction) {
  return Py_BuildValue("(Ldd)", (long long)prediction->index, prediction->probability,
                       (double)prediction->logit);
}

static void explanation_dealloc(core_explanation *self) {
  PyTypeObject *type = Py_TYPE(self);
  gcpp_explanation_free(self->handle);
  PyObject_Free(self);
  Py_DECREF(type);
}

/* ---- Numbers ------------------------------------------------------------------------- */

typedef gcpp_status (*view_function)(gcpp_view *, const gcpp_explanation *);

static PyObject *array_of(core_explanation *self, view_function view_of) {
  gcpp_view view = {NULL, 0, {0, 0, 0, 0}};
  view_of(&view, self->handle);
  return core_view_array(&view, (PyObject *)self);
}

static PyObject *explanation_heatmap(core_explanation *self, void *Py_UNUSED(closure)) {
  return array_of(self, gcpp_explanation_heatmap);
}

static PyObject *explanation_cam(core_explanation *self, void *Py_UNUSED(closure)) {
  return array_of(self, gcpp_explanation_cam);
}

static PyObject *explanation_channel_weights(core_explanation *self, void *Py_UNUSED(closure)) {
  return array_of(self, gcpp_explanation_channel_weights);
}

static PyObject *explanation_guided(core_explanation *self, void *Py_UNUSED(closure)) {
  return array_of(self, gcpp_explanation_guided);
}

static PyObject *explanation_seen(core_explanation *self, void *Py_UNUSED(closure)) {
  const double *data = NULL;
  size_t shape[3] = {0, 0, 3};
  gcpp_explanation_seen(&data, &shape[0], &shape[1], self->handle);
  return core_array(data, NPY_FLOAT64, 3, shape, (PyObject *)self);
}

static PyObject *explanation_scale(core_explanation *self, void *Py_UNUSED(closure)) {
  double scale = 0;
  gcpp_explanation_scale(&scale, self->handle);
  return PyFloat_FromDouble(scale);
}

static PyObject *explanation_area(core_explanation *self, void *Py_UNUSED(closure)) {
  gcpp_source_area area = {0};
  gcpp_explanation_source_area(&area, self->handle);
  if (area.image_height == 0)
    Py_RETURN_NONE;
  return Py_BuildValue("(LLLLLL)", (long long)area.image_height, (long long)area.image_width,
                       (long long)area.top, (long long)area.left, (long long)area.height,
                       (long long)area.width);
}

static PyObject *explanation_target(core_explanation *self, void *Py_UNUSED(closure)) {
  gcpp_prediction target = {0, 0.0, 0.0f};
  if (gcpp_explanation_target(&target, self->handle) != GCPP_OK)
    Py_RETURN_NONE;
  return core_prediction(&target);
}

static PyObject *explanation_target_kind(core_explanation *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(gcpp_explanation_target_kind(self->handle));
}

static PyObject *explanation_score(core_explanation *self, void *Py_UNUSED(closure)) {
  double score = 0;
  gcpp_explanation_score(&score, self->handle);
  return PyFloat_FromDouble(score);
}

static PyObject *explanation_predictions(core_explanation *self, void *Py_UNUSED(closure)) {
  size_t count = gcpp_explanation_prediction_count(self->handle);
  PyObject *list = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; list != NULL && index < count; index++) {
    gcpp_prediction value = {0, 0.0, 0.0f};
    gcpp_explanation_prediction(&value, self->handle, index);
    PyObject *prediction = core_prediction(&value);
    if (prediction == NULL)
      Py_CLEAR(list);
    else
      PyList_SetItem(list, (Py_ssize_t)index, prediction);
  }
  return list;
}

static PyObject *explanation_method(core_explanation *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(gcpp_explanation_method(self->handle));
}

static PyObject *explanation_layer(core_explanation *self, void *Py_UNUSED(closure)) {
  return PyUnicode_FromString(gcpp_explanation_layer(self->handle));
}

/* ---- Pictures ------------------------------------------------------------------------ */

static PyObject *explanation_render(core_explanation *self, PyObject *arguments,
                                    PyObject *keywords) {
  static char *names[] = {"", "colormap", "alpha", NULL};
  core_state *state = core_object_state((PyObject *)self);
  const char *kind;
  gcpp_render_options options = GCPP_RENDER_OPTIONS_INIT;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "s|$zd:render", names, &kind,
                                   &options.colormap, &options.alpha))
    return NULL;
  gcpp_image *handle = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_render(&handle, self->handle, kind, &options, &error);
  Py_END_ALLOW_THREADS;
  return status == GCPP_OK ? core_image_wrap(state, handle) : core_raise(state, status, &error);
}

/* ---- Type ---------------------------------------------------------------------------- */

static PyMethodDef explanation_methods[] = {
    {"render", CORE_KEYWORDS(explanation_render), METH_VARARGS | METH_KEYWORDS,
     "render($self, kind, /, *, colormap=None, alpha=0.0)\n--\n\nDraw a picture; see gcpp_render."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef explanation_attributes[] = {
    {"heatmap", (getter)explanation_heatmap, NULL, "float32 (height, width), 0 to 1.", NULL},
    {"cam", (getter)explanation_cam, NULL, "float32 (h, w) at the layer's resolution.", NULL},
    {"scale", (getter)explanation_scale, NULL, "What cam was divided by; 0: not known.", NULL},
    {"area", (getter)explanation_area, NULL,
     "(image_height, image_width, top, left, height, width) of what was seen, or None.", NULL},
    {"channel_weights", (getter)explanation_channel_weights, NULL, "float32 (channels,) or None.",
     NULL},
    {"guided", (getter)explanation_guided, NULL, "float32 (height, width, 3) or None.", NULL},
    {"seen", (getter)explanation_seen, NULL, "float64 (height, width, 3), 0 to 1.", NULL},
    {"target", (getter)explanation_target, NULL,
     "(index, probability, logit), or None for a target that is about no class.", NULL},
    {"target_kind", (getter)explanation_target_kind, NULL, "Name of the kind of target.", NULL},
    {"score", (getter)explanation_score, NULL, "The target's score for the picture.", NULL},
    {"predictions", (getter)explanation_predictions, NULL, "Up to five such tuples.", NULL},
    {"method", (getter)explanation_method, NULL, "Name of the method.", NULL},
    {"layer", (getter)explanation_layer, NULL, "Name of the layer.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot explanation_slots[] = {
    {Py_tp_doc, "Where the evidence for one target lies in one picture."},
    {Py_tp_dealloc, explanation_dealloc},
    {Py_tp_methods, explanation_methods},
    {Py_tp_getset, explanation_attributes},
    {0, NULL},
};

PyType_Spec core_explanation_spec = {
    .name = "gradcampp_swift._core.Explanation",
    .basicsize = sizeof(core_explanation),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = explanation_slots,
};
