/* The module `gradcampp_swift._core`: its functions, state and start. */
#define CORE_IMPORTS_NUMPY
#include "core.h"

#include <string.h>

/* ---- Settings of the process --------------------------------------------------------- */

static PyObject *core_version(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  return PyUnicode_FromString(gcpp_version());
}

static PyObject *core_kernels(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  return PyUnicode_FromString(gcpp_kernels());
}

static PyObject *core_threads(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
  return PyLong_FromSize_t(gcpp_threads());
}

static PyObject *core_set_threads(PyObject *module, PyObject *count) {
  size_t value = PyLong_AsSize_t(count);
  if (value == (size_t)-1 && PyErr_Occurred())
    return NULL;
  gcpp_error error = GCPP_ERROR_INIT;
  gcpp_status status;
  Py_BEGIN_ALLOW_THREADS;
  status = gcpp_set_threads(value, &error);
  Py_END_ALLOW_THREADS;
  if (status != GCPP_OK)
    return core_raise(core_module_state(module), status, &error);
  Py_RETURN_NONE;
}

/* ---- Module -------------------------------------------------------------------------- */

static PyMethodDef functions[] = {
    {"model_open", CORE_KEYWORDS(core_model_open), METH_VARARGS | METH_KEYWORDS,
     core_model_open_doc},
    {"model_open_arrays", CORE_KEYWORDS(core_model_open_arrays), METH_VARARGS | METH_KEYWORDS,
     core_model_open_arrays_doc},
    {"graph_passes", CORE_KEYWORDS(core_graph_passes), METH_VARARGS | METH_KEYWORDS,
     core_graph_passes_doc},
    {"graph_passes_arrays", CORE_KEYWORDS(core_graph_passes_arrays),
     METH_VARARGS | METH_KEYWORDS, core_graph_passes_arrays_doc},
    {"image_decode", core_image_decode, METH_VARARGS, core_image_decode_doc},
    {"image_from_rgb8", core_image_from_rgb8, METH_VARARGS, core_image_from_rgb8_doc},
    {"limits", core_limits, METH_NOARGS, core_limits_doc},
    {"explanation_restore", CORE_KEYWORDS(core_explanation_restore), METH_VARARGS | METH_KEYWORDS,
     core_explanation_restore_doc},
    {"cam", core_cam, METH_VARARGS, core_cam_doc},
    {"methods", core_methods, METH_NOARGS,
     "methods($module, /)\n--\n\nList of (name, summary, citation, needs, options): whether it "
     "takes several layers, looks at gradients, scores further pictures; (name, summary, kind, "
     "default, least, most) of each option."},
    {"target_kinds", core_target_kinds, METH_NOARGS,
     "target_kinds($module, /)\n--\n\nList of (name, summary, citation)."},
    {"colormaps", core_colormaps, METH_NOARGS,
     "colormaps($module, /)\n--\n\nList of (name, summary, citation)."},
    {"preprocessings", core_preprocessings, METH_NOARGS,
     "preprocessings($module, /)\n--\n\nList of (name, summary, citation)."},
    {"colormap_table", core_colormap_table, METH_O,
     "colormap_table($module, name, /)\n--\n\nColours, uint8 (256, 3), from coldest to hottest."},
    {"version", core_version, METH_NOARGS, "version($module, /)\n--\n\nThe library's version."},
    {"kernels", core_kernels, METH_NOARGS,
     "kernels($module, /)\n--\n\nName of the kernels chosen for this processor."},
    {"threads", core_threads, METH_NOARGS,
     "threads($module, /)\n--\n\nThe number of threads in use."},
    {"set_threads", core_set_threads, METH_O,
     "set_threads($module, count, /)\n--\n\nSet the number of threads; 0 restores the default."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject *add_type(PyObject *module, PyType_Spec *spec) {
  PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
  if (type != NULL && PyModule_AddType(module, type) < 0)
    Py_CLEAR(type);
  return type;
}

static int execute(PyObject *module) {
  core_state *state = core_module_state(module);
  if (PyArray_ImportNumPyAPI() < 0)
    return -1;
  if (strcmp(gcpp_version(), GCPP_VERSION_STRING) != 0) {
    PyErr_Format(PyExc_ImportError,
                 "libgradcampp.so is version %s, but the package was built for %s: reinstall it",
                 gcpp_version(), GCPP_VERSION_STRING);
    return -1;
  }
  if (core_errors_load(state) < 0 || core_interrupt_load(state) < 0)
    return -1;
  state->model_type = add_type(module, &core_model_spec);
  state->image_type = add_type(module, &core_image_spec);
  state->explanation_type = add_type(module, &core_explanation_spec);
  if (state->model_type == NULL || state->image_type == NULL || state->explanation_type == NULL)
    return -1;
  return 0;
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
  core_state *state = core_module_state(module);
  Py_VISIT(state->model_type);
  Py_VISIT(state->image_type);
  Py_VISIT(state->explanation_type);
  Py_VISIT(state->current_ident);
  Py_VISIT(state->main_thread);
  for (int index = 0; index < CORE_EXCEPTION_COUNT; index++)
    Py_VISIT(state->exceptions[index]);
  return 0;
}

static int clear(PyObject *module) {
  core_state *state = core_module_state(module);
  Py_CLEAR(state->model_type);
  Py_CLEAR(state->image_type);
  Py_CLEAR(state->explanation_type);
  Py_CLEAR(state->current_ident);
  Py_CLEAR(state->main_thread);
  for (int index = 0; index < CORE_EXCEPTION_COUNT; index++)
    Py_CLEAR(state->exceptions[index]);
  return 0;
}

static void free_module(void *module) { clear(module); }

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
#if !defined(Py_LIMITED_API) && PY_VERSION_HEX >= 0x030C0000
    /* NumPy itself serves one interpreter only. */
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
#if !defined(Py_LIMITED_API) && PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "gradcampp_swift._core",
    .m_doc = "Thin layer over gradcampp.h.",
    .m_size = sizeof(core_state),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&definition); }
