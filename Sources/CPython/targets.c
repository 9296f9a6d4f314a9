/* Targets: Python's values as the header's structs. */
#include "core.h"

/* Counts the indices of a tuple of integers. 0, or -1 with an exception set. */
static int count_indices(size_t *total, PyObject *item) {
  if (!PyTuple_Check(item)) {
    PyErr_Format(PyExc_TypeError, "classes of a target are %R, expected a tuple", item);
    return -1;
  }
  *total += (size_t)PyTuple_Size(item);
  return 0;
}

/* Copies a tuple of integers; `*next` moves behind them. 0, or -1 with an exception set. */
static int copy_indices(const int64_t **out, size_t *count, int64_t **next, PyObject *item) {
  *count = (size_t)PyTuple_Size(item);
  *out = *count > 0 ? *next : NULL;
  for (size_t place = 0; place < *count; place++) {
    **next = PyLong_AsLongLong(PyTuple_GetItem(item, (Py_ssize_t)place));
    if (**next == -1 && PyErr_Occurred())
      return -1;
    ++*next;
  }
  return 0;
}

/* The parts of (kind, classes, others, weights), borrowed. 0, or -1 with an exception set. */
static int take_apart(PyObject *item, const char **kind, PyObject **classes, PyObject **others,
                      PyObject **weights) {
  if (!PyTuple_Check(item)) {
    PyErr_Format(PyExc_TypeError, "a target is %R, expected a tuple", item);
    return -1;
  }
  return PyArg_ParseTuple(item, "sOOO:target", kind, classes, others, weights) ? 0 : -1;
}

static int read_target(gcpp_target *out, int64_t **next, PyObject *item) {
  PyObject *classes, *others, *weights;
  gcpp_view view = {NULL, 0, {0, 0, 0, 0}};
  if (PyLong_Check(item)) {
    **next = PyLong_AsLongLong(item);
    out->classes = (*next)++;
    out->class_count = 1;
    return out->classes[0] == -1 && PyErr_Occurred() ? -1 : 0;
  }
  if (take_apart(item, &out->kind, &classes, &others, &weights) < 0 ||
      copy_indices(&out->classes, &out->class_count, next, classes) < 0 ||
      copy_indices(&out->others, &out->other_count, next, others) < 0 ||
      (weights != Py_None && core_view_of(&view, weights, "weights of a target") < 0))
    return -1;
  out->weights = view.data;
  out->weight_count = view.rank > 0 ? 1 : 0;
  for (size_t axis = 0; axis < view.rank; axis++)
    out->weight_count *= view.shape[axis];
  return 0;
}

int core_targets_read(core_targets *out, PyObject *object) {
  *out = (core_targets){NULL, NULL, 0, NULL};
  out->items = object == Py_None ? PyTuple_New(0) : PySequence_Tuple(object);
  if (out->items == NULL)
    return -1;
  out->count = (size_t)PyTuple_Size(out->items);
  size_t total = out->count;
  for (size_t index = 0; index < out->count; index++) {
    PyObject *item = PyTuple_GetItem(out->items, (Py_ssize_t)index);
    PyObject *classes, *others, *weights;
    const char *kind;
    if (PyLong_Check(item))
      continue;
    if (take_apart(item, &kind, &classes, &others, &weights) < 0 ||
        count_indices(&total, classes) < 0 || count_indices(&total, others) < 0) {
      core_targets_clear(out);
      return -1;
    }
  }
  out->targets = PyMem_Calloc(out->count + 1, sizeof(gcpp_target));
  out->indices = PyMem_Calloc(total + 1, sizeof(int64_t));
  if (out->targets == NULL || out->indices == NULL) {
    PyErr_NoMemory();
    core_targets_clear(out);
    return -1;
  }
  int64_t *next = out->indices;
  for (size_t index = 0; index < out->count; index++) {
    out->targets[index] = (gcpp_target)GCPP_TARGET_INIT;
    if (read_target(&out->targets[index], &next,
                    PyTuple_GetItem(out->items, (Py_ssize_t)index)) < 0) {
      core_targets_clear(out);
      return -1;
    }
  }
  return 0;
}

void core_targets_clear(core_targets *targets) {
  PyMem_Free(targets->targets);
  PyMem_Free(targets->indices);
  Py_CLEAR(targets->items);
  targets->targets = NULL;
  targets->indices = NULL;
}
