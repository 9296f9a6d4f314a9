/* Pictures: decoding, pixels in and out, JPEG. */
#include "core.h"

PyObject *core_image_wrap(core_state *state, gcpp_image *handle) {
  core_image *self = PyObject_New(core_image, state->image_type);
  if (self == NULL) {
    gcpp_image_free(handle);
    return NULL;
  }
  self->handle = handle;
  return (PyObject *)self;
}

const char core_image_decode_doc[] =
    "image_decode($module, data, limits=None, /)\n--\n\n"
    "Decode an encoded picture; its EXIF orientation is applied.";

PyObject *core_image_decode(PyObject *module, PyObject *arguments) {
  core_state *state = core_module_state(module);
  PyObject *data, *given = Py_None;
  char *bytes;
  Py_ssize_t size;
  gcpp_limits limits;
  if (!PyArg_ParseTuple(arguments, "O|O:image_decode", &data, &given) ||
      PyBytes_AsStringAndSize(data, &bytes, &size) < 0 || core_limits_read(&limits, given) < 0)
    return NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_image *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status =
      gcpp_image_decode_with(&handle, (const uint8_t *)bytes, (size_t)size, &limits, &error);
  Py_END_ALLOW_THREADS;
  if (status != GCPP_OK)
    return core_raise(state, status, &error);
  return core_image_wrap(state, handle);
}

const char core_image_from_rgb8_doc[] =
    "image_from_rgb8($module, pixels, limits=None, /)\n--\n\n"
    "Copy a C-contiguous uint8 array (height, width, 3).";

PyObject *core_image_from_rgb8(PyObject *module, PyObject *arguments) {
  core_state *state = core_module_state(module);
  PyObject *pixels, *given = Py_None;
  gcpp_limits limits;
  if (!PyArg_ParseTuple(arguments, "O|O:image_from_rgb8", &pixels, &given) ||
      core_limits_read(&limits, given) < 0)
    return NULL;
  PyArrayObject *array = (PyArrayObject *)pixels;
  if (!PyArray_Check(pixels) || PyArray_TYPE(array) != NPY_UINT8 || !PyArray_ISCARRAY_RO(array) ||
      PyArray_NDIM(array) != 3 || PyArray_DIM(array, 2) != 3) {
    PyErr_SetString(PyExc_TypeError, "pixels must be a C-contiguous uint8 array (H, W, 3)");
    return NULL;
  }
  const uint8_t *data = PyArray_DATA(array);
  size_t height = (size_t)PyArray_DIM(array, 0), width = (size_t)PyArray_DIM(array, 1);
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_image *handle = NULL;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_image_from_rgb8_with(&handle, data, height, width, 0, &limits, &error);
  Py_END_ALLOW_THREADS;
  if (status != GCPP_OK)
    return core_raise(state, status, &error);
  return core_image_wrap(state, handle);
}

static PyObject *image_pixels(core_image *self, PyObject *Py_UNUSED(ignored)) {
  gcpp_pixels pixels;
  gcpp_image_pixels(&pixels, self->handle);
  size_t shape[3] = {pixels.height, pixels.width, 3};
  return core_array(pixels.data, NPY_UINT8, 3, shape, (PyObject *)self);
}

static PyObject *image_jpeg(core_image *self, PyObject *quality) {
  long value = PyLong_AsLong(quality);
  if (value == -1 && PyErr_Occurred())
    return NULL;
  if (value < INT_MIN || value > INT_MAX)
    value = 0; /* outside what the library accepts, as the number itself is */
  gcpp_buffer buffer = GCPP_BUFFER_INIT;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_jpeg_encode(&buffer, self->handle, (int)value, &error);
  Py_END_ALLOW_THREADS;
  if (status != GCPP_OK)
    return core_raise(core_object_state((PyObject *)self), status, &error);
  PyObject *bytes = PyBytes_FromStringAndSize((const char *)buffer.data, (Py_ssize_t)buffer.size);
  gcpp_buffer_dispose(&buffer);
  return bytes;
}

static void image_dealloc(core_image *self) {
  PyTypeObject *type = Py_TYPE(self);
  gcpp_image_free(self->handle);
  PyObject_Free(self);
  Py_DECREF(type);
}

static PyMethodDef image_methods[] = {
    {"pixels", (PyCFunction)image_pixels, METH_NOARGS,
     "pixels($self, /)\n--\n\nThe pixels, uint8 (height, width, 3), read-only and not copied."},
    {"jpeg", (PyCFunction)image_jpeg, METH_O,
     "jpeg($self, quality, /)\n--\n\nThe picture as a baseline JPEG; quality is 1 to 100."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot image_slots[] = {
    {Py_tp_doc, "A picture: RGB, 8 bits a channel, upright."},
    {Py_tp_dealloc, image_dealloc},
    {Py_tp_methods, image_methods},
    {0, NULL},
};

PyType_Spec core_image_spec = {
    .name = "gradcampp_swift._core.Image",
    .basicsize = sizeof(core_image),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = image_slots,
};
