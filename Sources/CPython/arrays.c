/* NumPy arrays over the library's memory, and the library's structs over NumPy's. */
#include "core.h"

PyObject *core_array(const void *data, int type, size_t rank, const size_t *shape,
                     PyObject *owner) {
  npy_intp dimensions[4] = {0, 0, 0, 0};
  for (size_t axis = 0; axis < rank && axis < 4; axis++)
    dimensions[axis] = (npy_intp)shape[axis];
  PyObject *array = PyArray_New(&PyArray_Type, (int)rank, dimensions, type, NULL, (void *)data, 0,
                                NPY_ARRAY_CARRAY_RO, NULL);
  if (array == NULL)
    return NULL;
  /* Steals the reference to the owner, also on failure. */
  if (PyArray_SetBaseObject((PyArrayObject *)array, Py_NewRef(owner)) < 0) {
    Py_DECREF(array);
    return NULL;
  }
  return array;
}

PyObject *core_view_array(const gcpp_view *view, PyObject *owner) {
  if (view->rank == 0)
    Py_RETURN_NONE;
  return core_array(view->data, NPY_FLOAT32, view->rank, view->shape, owner);
}

PyObject *core_shape(const size_t *extents, size_t rank) {
  PyObject *shape = PyTuple_New((Py_ssize_t)rank);
  for (size_t axis = 0; shape != NULL && axis < rank; axis++) {
    PyObject *extent = PyLong_FromSize_t(extents[axis]);
    if (extent == NULL)
      Py_CLEAR(shape);
    else
      PyTuple_SetItem(shape, (Py_ssize_t)axis, extent);
  }
  return shape;
}

static void free_tensor(PyObject *capsule) {
  gcpp_tensor_free((gcpp_tensor *)PyCapsule_GetPointer(capsule, "gcpp_tensor"));
}

PyObject *core_tensor_array(gcpp_tensor *tensor) {
  PyObject *capsule = PyCapsule_New(tensor, "gcpp_tensor", free_tensor);
  if (capsule == NULL) {
    gcpp_tensor_free(tensor);
    return NULL;
  }
  gcpp_view view;
  gcpp_tensor_view(&view, tensor);
  PyObject *array = core_view_array(&view, capsule);
  Py_DECREF(capsule);
  return array;
}

int core_view_of(gcpp_view *out, PyObject *object, const char *argument) {
  PyArrayObject *array = (PyArrayObject *)object;
  if (!PyArray_Check(object) || PyArray_TYPE(array) != NPY_FLOAT32 || !PyArray_ISCARRAY_RO(array) ||
      PyArray_NDIM(array) < 1 || PyArray_NDIM(array) > 4) {
    PyErr_Format(PyExc_TypeError, "%s must be an aligned C-contiguous float32 array of rank 1 to 4",
                 argument);
    return -1;
  }
  *out = (gcpp_view){.data = PyArray_DATA(array), .rank = (size_t)PyArray_NDIM(array)};
  for (size_t axis = 0; axis < out->rank; axis++)
    out->shape[axis] = (size_t)PyArray_DIM(array, (int)axis);
  return 0;
}

/* ---- A mapping's entries ------------------------------------------------------------- */

static int read_entry(gcpp_array *entry, PyObject *pair, PyObject **array_out, int takes_integers) {
  PyObject *object;
  if (!PyArg_Parse(pair, "(sO)", &entry->name, &object))
    return -1;
  PyArrayObject *array = (PyArrayObject *)object;
  if (!PyArray_Check(object) || !PyArray_ISCARRAY_RO(array) || PyArray_NDIM(array) < 1 ||
      PyArray_NDIM(array) > 4) {
    PyErr_Format(PyExc_TypeError, "%s must be an aligned C-contiguous array of rank 1 to 4",
                 entry->name);
    return -1;
  }
  switch (PyArray_TYPE(array)) {
  case NPY_FLOAT32:
    entry->dtype = GCPP_FLOAT32;
    break;
  case NPY_FLOAT16:
    entry->dtype = GCPP_FLOAT16;
    break;
  case NPY_FLOAT64:
    entry->dtype = GCPP_FLOAT64;
    break;
  case NPY_INT64:
    if (takes_integers) {
      entry->dtype = GCPP_INT64;
      break;
    }
    /* fall through */
  default:
    PyErr_Format(PyExc_TypeError, "%s must hold float16, float32 or float64%s", entry->name,
                 takes_integers ? ", or int64" : "");
    return -1;
  }
  entry->data = PyArray_DATA(array);
  entry->rank = (size_t)PyArray_NDIM(array);
  for (size_t axis = 0; axis < entry->rank; axis++)
    entry->shape[axis] = (size_t)PyArray_DIM(array, (int)axis);
  *array_out = Py_NewRef(object);
  return 0;
}

int core_entries_read(core_entries *out, PyObject *pairs, int takes_integers) {
  *out = (core_entries){NULL, 0, NULL, NULL};
  out->pairs = PySequence_Tuple(pairs);
  if (out->pairs == NULL)
    return -1;
  Py_ssize_t count = PyTuple_Size(out->pairs);
  out->arrays = PyTuple_New(count);
  out->entries = PyMem_Calloc(count > 0 ? (size_t)count : 1, sizeof(gcpp_array));
  if (out->entries == NULL)
    PyErr_NoMemory();
  if (out->entries == NULL || out->arrays == NULL) {
    core_entries_clear(out);
    return -1;
  }
  for (Py_ssize_t index = 0; index < count; index++) {
    PyObject *array = NULL;
    if (read_entry(&out->entries[index], PyTuple_GetItem(out->pairs, index), &array,
                   takes_integers) < 0) {
      core_entries_clear(out);
      return -1;
    }
    PyTuple_SetItem(out->arrays, index, array);
  }
  out->count = (size_t)count;
  return 0;
}

void core_entries_clear(core_entries *entries) {
  PyMem_Free(entries->entries);
  Py_CLEAR(entries->arrays);
  Py_CLEAR(entries->pairs);
  entries->entries = NULL;
}
