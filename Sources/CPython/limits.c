/* Limits: a tuple of the numbers in the order of the header, or None for the defaults. */
#include "core.h"

int core_limits_read(gcpp_limits *out, PyObject *object) {
  unsigned long long numbers[6];
  *out = (gcpp_limits)GCPP_LIMITS_INIT;
  if (object == Py_None)
    return 0;
  if (!PyArg_Parse(object, "(KKKKKK)", &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                   &numbers[4], &numbers[5]))
    return -1;
  out->pixels = numbers[0];
  out->decoded_bytes = numbers[1];
  out->scans = numbers[2];
  out->layers = numbers[3];
  out->multiply_adds = numbers[4];
  out->workspace_bytes = numbers[5];
  return 0;
}

const char core_limits_doc[] =
    "limits($module, /)\n--\n\n"
    "The defaults: (pixels, decoded_bytes, scans, layers, multiply_adds, workspace_bytes).";

PyObject *core_limits(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  gcpp_limits limits = GCPP_LIMITS_INIT;
  gcpp_limits_info(&limits);
  return Py_BuildValue("(KKKKKK)", (unsigned long long)limits.pixels,
                       (unsigned long long)limits.decoded_bytes, (unsigned long long)limits.scans,
                       (unsigned long long)limits.layers, (unsigned long long)limits.multiply_adds,
                       (unsigned long long)limits.workspace_bytes);
}
