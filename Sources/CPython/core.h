/*
 * What the files of the extension `gradcampp_swift._core` share.
 *
 * The extension turns Python's arguments into those of gradcampp.h, lets go of the GIL, calls,
 * and turns what comes back into Python's. Defaults, files and names are the package's business.
 */
#ifndef GRADCAMPP_CPYTHON_CORE_H
#define GRADCAMPP_CPYTHON_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define NPY_NO_DEPRECATED_API NPY_1_24_API_VERSION
#define NPY_TARGET_VERSION NPY_1_24_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL gradcampp_numpy_api
#ifndef CORE_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

#include "gradcampp.h"

/* ---- Module state -------------------------------------------------------------------- */

enum { CORE_EXCEPTION_COUNT = 7 };

typedef struct core_state {
  PyTypeObject *model_type;
  PyTypeObject *image_type;
  PyTypeObject *explanation_type;
  PyObject *exceptions[CORE_EXCEPTION_COUNT]; /* in the order of errors.c's table */
  PyObject *current_ident;                    /* threading.get_ident */
  PyObject *main_thread;                      /* threading.main_thread */
} core_state;

static inline core_state *core_module_state(PyObject *module) {
  return (core_state *)PyModule_GetState(module);
}

/* The types cannot be subclassed, so an object's type is always the one the module made. */
static inline core_state *core_object_state(PyObject *object) {
  return (core_state *)PyType_GetModuleState(Py_TYPE(object));
}

/* ---- Objects ------------------------------------------------------------------------- */

typedef struct core_model {
  PyObject_HEAD
  gcpp_model *handle;
  PyObject *arrays; /* tuple of the arrays whose memory the model borrows, or NULL */
} core_model;

typedef struct core_image {
  PyObject_HEAD
  gcpp_image *handle;
} core_image;

typedef struct core_explanation {
  PyObject_HEAD
  gcpp_explanation *handle;
} core_explanation;

extern PyType_Spec core_model_spec;
extern PyType_Spec core_image_spec;
extern PyType_Spec core_explanation_spec;

/* Wrap a handle; the handle is freed when wrapping fails. */
PyObject *core_model_wrap(core_state *state, gcpp_model *handle, PyObject *arrays);
PyObject *core_image_wrap(core_state *state, gcpp_image *handle);
PyObject *core_explanation_wrap(core_state *state, gcpp_explanation *handle);

/* ---- errors.c ------------------------------------------------------------------------ */

/* Fetches the exception classes of gradcampp_swift.errors. 0, or -1 with an exception set. */
int core_errors_load(core_state *state);
/* Sets the exception that belongs to `status`, unless a cancelled call has set one; returns
   NULL. */
PyObject *core_raise(core_state *state, gcpp_status status, const gcpp_error *error);

/* ---- arrays.c ------------------------------------------------------------------------ */

/* Read-only array over `data`, kept alive by `owner`. */
PyObject *core_array(const void *data, int type, size_t rank, const size_t *shape,
                     PyObject *owner);
/* Read-only float32 array over a view; None for a view of rank 0. */
PyObject *core_view_array(const gcpp_view *view, PyObject *owner);
/* Tuple of extents. */
PyObject *core_shape(const size_t *extents, size_t rank);
/* Read-only float32 array that frees `tensor` when it dies. */
PyObject *core_tensor_array(gcpp_tensor *tensor);
/* View of a C-contiguous float32 array of rank 1 to 4, or -1 with an exception set. */
int core_view_of(gcpp_view *out, PyObject *array, const char *argument);

/* A mapping's entries as the library wants them; `arrays` owns what `entries` borrows. */
typedef struct core_entries {
  gcpp_array *entries;
  size_t count;
  PyObject *arrays; /* tuple of arrays */
  PyObject *pairs;  /* sequence that holds the names */
} core_entries;

/* Reads a sequence of (name, array) pairs of floating-point numbers, or of int64 as well. 0, or -1 with
   an exception set. */
int core_entries_read(core_entries *out, PyObject *pairs, int takes_integers);
/* Frees the inside of `entries`. */
void core_entries_clear(core_entries *entries);

/* ---- targets.c ----------------------------------------------------------------------- */

/* A sequence's targets as the library wants them; `items` owns what `targets` borrow. */
typedef struct core_targets {
  gcpp_target *targets;
  int64_t *indices;
  size_t count;
  PyObject *items; /* tuple */
} core_targets;

/* Reads a sequence of class indices and of (kind, classes, others, weights); None is empty. 0, or
   -1 with an exception set. */
int core_targets_read(core_targets *out, PyObject *object);
/* Frees the inside of `targets`. */
void core_targets_clear(core_targets *targets);

/* ---- interrupt.c --------------------------------------------------------------------- */

/* A call that lets go of the GIL, and that an interrupt ends in the main thread. */
typedef struct core_interrupt {
  gcpp_cancel_token *token; /* to give to the call; NULL in other threads */
  PyThreadState *thread;
  int64_t last; /* when was looked, in nanoseconds */
} core_interrupt;

/* Fetches what tells the main thread. 0, or -1 with an exception set. */
int core_interrupt_load(core_state *state);
/* Lets go of the GIL. 0, or -1 with an exception set and the GIL kept. */
int core_interrupt_begin(core_interrupt *interrupt, core_state *state);
/* Takes the GIL back. An exception is set if the call was ended by one. */
void core_interrupt_end(core_interrupt *interrupt);

/* ---- limits.c ------------------------------------------------------------------------ */

/* Reads limits as Python hands them over. 0, or -1 with an exception set. */
int core_limits_read(gcpp_limits *out, PyObject *object);

/* ---- Functions of the module, by file ------------------------------------------------ */

PyObject *core_model_open(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_model_open_arrays(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_graph_passes(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_graph_passes_arrays(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_image_decode(PyObject *module, PyObject *arguments);
PyObject *core_image_from_rgb8(PyObject *module, PyObject *arguments);
PyObject *core_limits(PyObject *module, PyObject *ignored);
PyObject *core_explanation_restore(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *core_cam(PyObject *module, PyObject *arguments);
PyObject *core_methods(PyObject *module, PyObject *ignored);
PyObject *core_target_kinds(PyObject *module, PyObject *ignored);
PyObject *core_colormaps(PyObject *module, PyObject *ignored);
PyObject *core_preprocessings(PyObject *module, PyObject *ignored);
PyObject *core_colormap_table(PyObject *module, PyObject *name);

extern const char core_model_open_doc[];
extern const char core_model_open_arrays_doc[];
extern const char core_graph_passes_doc[];
extern const char core_graph_passes_arrays_doc[];
extern const char core_image_decode_doc[];
extern const char core_image_from_rgb8_doc[];
extern const char core_limits_doc[];
extern const char core_explanation_restore_doc[];
extern const char core_cam_doc[];

/* (index, probability, logit) */
PyObject *core_prediction(const gcpp_prediction *prediction);

/* Casts a METH_KEYWORDS function for a method table without a warning. */
#define CORE_KEYWORDS(function) ((PyCFunction)(void (*)(void))(function))

#endif
