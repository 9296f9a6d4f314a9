/* Scores of many pictures: prepared ones, or one seen through masks. */
#include "model.h"

/* Views a float32 array whose axes from `first` on have these extents. 0, or -1 with an
   exception set. */
static int read_array(gcpp_view *out, PyObject *array, size_t first, const size_t *extents,
                      size_t count, const char *argument) {
  if (core_view_of(out, array, argument) < 0)
    return -1;
  int fits = out->rank == first + count;
  for (size_t axis = 0; fits && axis < count; axis++)
    fits = out->shape[first + axis] == extents[axis];
  if (!fits)
    PyErr_Format(PyExc_ValueError, "%s must be of the network's input size", argument);
  return fits ? 0 : -1;
}

/* Scores, and returns float64 (count, targets). */
static PyObject *score(core_model *self, gcpp_scoring *scoring, PyObject *targets) {
  core_state *state = core_object_state((PyObject *)self);
  core_targets wanted;
  if (core_targets_read(&wanted, targets) < 0)
    return NULL;
  npy_intp shape[2] = {(npy_intp)scoring->count, (npy_intp)wanted.count};
  PyObject *scores = PyArray_SimpleNew(2, shape, NPY_FLOAT64);
  core_interrupt interrupt;
  if (scores != NULL && core_interrupt_begin(&interrupt, state) < 0)
    Py_CLEAR(scores);
  if (scores != NULL) {
    gcpp_error error = GCPP_ERROR_INIT;
    scoring->targets = wanted.count > 0 ? wanted.targets : NULL;
    scoring->target_count = wanted.count;
    scoring->cancel = interrupt.token;
    double *out = PyArray_DATA((PyArrayObject *)scores);
    gcpp_status status = gcpp_score(out, self->handle, scoring, &error);
    core_interrupt_end(&interrupt);
    if (status != GCPP_OK) {
      core_raise(state, status, &error);
      Py_CLEAR(scores);
    }
  }
  core_targets_clear(&wanted);
  return scores;
}

const char core_model_score_doc[] =
    "score($self, pictures, targets, /)\n--\n\n"
    "Scores of prepared pictures, float32 (n, height, width, 3) in 0 to 1: float64 (n, targets).";

PyObject *core_model_score(core_model *self, PyObject *arguments) {
  PyObject *pictures, *targets;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model_info(&description, self->handle);
  const size_t extents[3] = {description.input_height, description.input_width, 3};
  gcpp_view view;
  if (!PyArg_ParseTuple(arguments, "OO:score", &pictures, &targets) ||
      read_array(&view, pictures, 1, extents, 3, "pictures") < 0)
    return NULL;
  gcpp_scoring scoring = GCPP_SCORING_INIT;
  scoring.pictures = view.data;
  scoring.count = view.shape[0];
  return score(self, &scoring, targets);
}

const char core_model_score_masks_doc[] =
    "score_masks($self, image, masks, background, targets, /)\n--\n\n"
    "Scores of an image seen through masks, float32 (n, height, width) in 0 to 1, before a "
    "background, float32 (height, width, 3) or None: float64 (n, targets).";

PyObject *core_model_score_masks(core_model *self, PyObject *arguments) {
  core_state *state = core_object_state((PyObject *)self);
  core_image *image;
  PyObject *masks, *background, *targets;
  gcpp_model_description description = GCPP_MODEL_DESCRIPTION_INIT;
  gcpp_model_info(&description, self->handle);
  const size_t extents[3] = {description.input_height, description.input_width, 3};
  gcpp_view view, behind = {NULL, 0, {0, 0, 0, 0}};
  if (!PyArg_ParseTuple(arguments, "O!OOO:score_masks", state->image_type, &image, &masks,
                        &background, &targets) ||
      read_array(&view, masks, 1, extents, 2, "masks") < 0 ||
      (background != Py_None && read_array(&behind, background, 0, extents, 3, "background") < 0))
    return NULL;
  gcpp_scoring scoring = GCPP_SCORING_INIT;
  scoring.image = image->handle;
  scoring.masks = view.data;
  scoring.background = behind.data;
  scoring.count = view.shape[0];
  return score(self, &scoring, targets);
}
