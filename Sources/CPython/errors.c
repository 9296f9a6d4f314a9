/* From a gcpp_status to an exception of gradcampp_swift.errors: the one place. */
#include "core.h"

#include <string.h>

/* Position in the table is position in core_state.exceptions. */
static const struct {
  gcpp_status status;
  const char *name;
} exception_names[CORE_EXCEPTION_COUNT] = {
    {GCPP_ERROR_INVALID_ARGUMENT, "InvalidArgumentError"},
    {GCPP_ERROR_FILE_NOT_FOUND, "MissingFileError"},
    {GCPP_ERROR_IO, "FileAccessError"},
    {GCPP_ERROR_BAD_DATA, "BadDataError"},
    {GCPP_ERROR_CLASS_INDEX, "ClassIndexError"},
    {GCPP_ERROR_UNKNOWN_LAYER, "UnknownNameError"},
    {GCPP_ERROR_OUT_OF_MEMORY, "OutOfMemoryError"},
};

int core_errors_load(core_state *state) {
  PyObject *errors = PyImport_ImportModule("gradcampp_swift.errors");
  if (errors == NULL)
    return -1;
  int result = 0;
  for (int index = 0; index < CORE_EXCEPTION_COUNT && result == 0; index++) {
    state->exceptions[index] = PyObject_GetAttrString(errors, exception_names[index].name);
    if (state->exceptions[index] == NULL)
      result = -1;
  }
  Py_DECREF(errors);
  return result;
}

PyObject *core_raise(core_state *state, gcpp_status status, const gcpp_error *error) {
  PyObject *exception = PyExc_RuntimeError;
  /* What a signal's handler raised is why the call was cancelled. */
  if (status == GCPP_ERROR_CANCELLED && PyErr_Occurred())
    return NULL;
  for (int index = 0; index < CORE_EXCEPTION_COUNT; index++)
    if (exception_names[index].status == status)
      exception = state->exceptions[index];
  /* A message cut at the end of its buffer may end within a character. */
  const char *text = error != NULL ? error->message : "";
  PyObject *message = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
  if (message != NULL) {
    PyErr_SetObject(exception, message);
    Py_DECREF(message);
  }
  return NULL;
}
