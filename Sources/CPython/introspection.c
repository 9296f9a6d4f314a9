/* What can be named: methods with their options, kinds of targets, colour maps. */
#include "core.h"

typedef gcpp_status (*info_function)(gcpp_description *, size_t);

/* List of (name, summary, citation). */
static PyObject *descriptions(size_t count, info_function info) {
  PyObject *list = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; list != NULL && index < count; index++) {
    gcpp_description description = GCPP_DESCRIPTION_INIT;
    info(&description, index);
    PyObject *item =
        Py_BuildValue("(sss)", description.name, description.summary, description.citation);
    if (item == NULL)
      Py_CLEAR(list);
    else
      PyList_SetItem(list, (Py_ssize_t)index, item);
  }
  return list;
}

/* Tuple of (name, summary, kind, default, least, most). */
static PyObject *options_of(size_t method) {
  size_t count = gcpp_method_option_count(method);
  PyObject *options = PyTuple_New((Py_ssize_t)count);
  for (size_t index = 0; options != NULL && index < count; index++) {
    gcpp_option_description found = GCPP_OPTION_DESCRIPTION_INIT;
    gcpp_method_option_info(&found, method, index);
    PyObject *item = Py_BuildValue("(sssddd)", found.name, found.summary, found.kind,
                                   found.standard_value, found.least, found.most);
    if (item == NULL)
      Py_CLEAR(options);
    else
      PyTuple_SetItem(options, (Py_ssize_t)index, item);
  }
  return options;
}

PyObject *core_methods(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  size_t count = gcpp_method_count();
  PyObject *list = PyList_New((Py_ssize_t)count);
  for (size_t index = 0; list != NULL && index < count; index++) {
    gcpp_description found = GCPP_DESCRIPTION_INIT;
    gcpp_method_needs needs = GCPP_METHOD_NEEDS_INIT;
    gcpp_method_info(&found, index);
    gcpp_method_needs_info(&needs, index);
    /* N gives the reference away; with NULL it makes the whole call fail. */
    PyObject *item = Py_BuildValue(
        "(sss(NNNNN)N)", found.name, found.summary, found.citation,
        PyBool_FromLong(needs.several_layers), PyBool_FromLong(needs.gradients),
        PyBool_FromLong(needs.scoring), PyBool_FromLong(needs.input),
        PyBool_FromLong(needs.repeats), options_of(index));
    if (item == NULL)
      Py_CLEAR(list);
    else
      PyList_SetItem(list, (Py_ssize_t)index, item);
  }
  return list;
}

PyObject *core_target_kinds(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  return descriptions(gcpp_target_count(), gcpp_target_info);
}

PyObject *core_colormaps(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  return descriptions(gcpp_colormap_count(), gcpp_colormap_info);
}

PyObject *core_preprocessings(PyObject *Py_UNUSED(module),
                                     PyObject *Py_UNUSED(ignored)) {
  return descriptions(gcpp_preprocessing_count(), gcpp_preprocessing_info);
}

PyObject *core_colormap_table(PyObject *module, PyObject *name) {
  const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
  if (text == NULL)
    return NULL;
  npy_intp shape[2] = {256, 3};
  PyObject *table = PyArray_SimpleNew(2, shape, NPY_UINT8);
  if (table == NULL)
    return NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status = gcpp_colormap_table(PyArray_DATA((PyArrayObject *)table), text, &error);
  if (status != GCPP_OK) {
    Py_DECREF(table);
    return core_raise(core_module_state(module), status, &error);
  }
  return table;
}
