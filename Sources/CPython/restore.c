/* Making an explanation again from its numbers, for pickle. */
#include "core.h"

enum { MOST_PREDICTIONS = 5 };

static int read_prediction(gcpp_prediction *out, PyObject *item) {
  long long index;
  double logit;
  if (!PyArg_Parse(item, "(Ldd)", &index, &out->probability, &logit))
    return -1;
  out->index = index;
  out->logit = (float)logit;
  return 0;
}

/* Reads up to five (index, probability, logit) tuples. */
static int read_predictions(gcpp_prediction *out, size_t *count, PyObject *list) {
  PyObject *items = PySequence_Tuple(list);
  if (items == NULL)
    return -1;
  Py_ssize_t size = PyTuple_Size(items);
  int result = size <= MOST_PREDICTIONS ? 0 : -1;
  if (result < 0)
    PyErr_SetString(PyExc_ValueError, "predictions must be at most five");
  for (Py_ssize_t index = 0; result == 0 && index < size; index++)
    result = read_prediction(&out[index], PyTuple_GetItem(items, index));
  Py_DECREF(items);
  *count = (size_t)size;
  return result;
}

static int read_seen(gcpp_explanation_parts *parts, PyObject *seen) {
  PyArrayObject *array = (PyArrayObject *)seen;
  if (!PyArray_Check(seen) || PyArray_TYPE(array) != NPY_FLOAT64 || !PyArray_ISCARRAY_RO(array) ||
      PyArray_NDIM(array) != 3 || PyArray_DIM(array, 2) != 3) {
    PyErr_SetString(PyExc_TypeError, "seen must be a C-contiguous float64 array (H, W, 3)");
    return -1;
  }
  parts->seen = PyArray_DATA(array);
  parts->height = (size_t)PyArray_DIM(array, 0);
  parts->width = (size_t)PyArray_DIM(array, 1);
  return 0;
}

static int read_area(gcpp_source_area *out, PyObject *area) {
  long long numbers[6];
  if (area == Py_None)
    return 0;
  if (!PyArg_Parse(area, "(LLLLLL)", &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                   &numbers[4], &numbers[5]))
    return -1;
  *out = (gcpp_source_area){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
  return 0;
}

const char core_explanation_restore_doc[] =
    "explanation_restore($module, /, *, method, layer, target, predictions, heatmap, cam, "
    "channel_weights, guided, seen, scale, area, target_kind, score)\n--\n\n"
    "Make an explanation from what the attributes of another one returned.";

PyObject *core_explanation_restore(PyObject *module, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"method", "layer",  "target", "predictions", "heatmap", "cam",
                          "channel_weights", "guided", "seen", "scale", "area",
                          "target_kind", "score", NULL};
  core_state *state = core_module_state(module);
  gcpp_explanation_parts parts = {.struct_size = sizeof parts, .target.index = -1};
  gcpp_prediction predictions[MOST_PREDICTIONS];
  PyObject *target, *list, *heatmap, *cam, *channel_weights, *guided, *seen, *area;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "$ssOOOOOOOdOzd:explanation_restore",
                                   names,
                                   &parts.method, &parts.layer, &target, &list, &heatmap, &cam,
                                   &channel_weights, &guided, &seen, &parts.scale, &area,
                                   &parts.target_kind, &parts.score) ||
      (target != Py_None && read_prediction(&parts.target, target) < 0) ||
      read_predictions(predictions, &parts.prediction_count, list) < 0 ||
      core_view_of(&parts.heatmap, heatmap, "heatmap") < 0 ||
      core_view_of(&parts.cam, cam, "cam") < 0 ||
      (channel_weights != Py_None &&
       core_view_of(&parts.channel_weights, channel_weights, "channel_weights") < 0) ||
      (guided != Py_None && core_view_of(&parts.guided, guided, "guided") < 0) ||
      read_seen(&parts, seen) < 0 || read_area(&parts.source, area) < 0)
    return NULL;
  parts.predictions = predictions;
  gcpp_explanation *handle = NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_explanation_restore(&handle, &parts, &error);
  Py_END_ALLOW_THREADS;
  return status == GCPP_OK ? core_explanation_wrap(state, handle)
                           : core_raise(state, status, &error);
}
