/* The methods of Model that run the network; see network.c, explain.c and scoring.c. */
#ifndef GRADCAMPP_CPYTHON_MODEL_H
#define GRADCAMPP_CPYTHON_MODEL_H

#include "core.h"

PyObject *core_model_predict(core_model *self, PyObject *arguments);
PyObject *core_model_explain(core_model *self, PyObject *arguments, PyObject *keywords);
PyObject *core_model_score(core_model *self, PyObject *arguments);
PyObject *core_model_score_masks(core_model *self, PyObject *arguments);
PyObject *core_model_array(core_model *self, PyObject *index);
PyObject *core_model_activations(core_model *self, PyObject *arguments);
PyObject *core_model_gradients(core_model *self, PyObject *arguments);

extern const char core_model_predict_doc[];
extern const char core_model_explain_doc[];
extern const char core_model_score_doc[];
extern const char core_model_score_masks_doc[];
extern const char core_model_array_doc[];
extern const char core_model_activations_doc[];
extern const char core_model_gradients_doc[];

#endif
