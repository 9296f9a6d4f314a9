/*
 * Calls that end on an interrupt.
 *
 * A signal runs Python's handlers in the main thread, and only while that thread has the GIL. A
 * call of the main thread therefore takes it back now and then between the steps of the network
 * and looks; what a handler raises ends the call. Calls of other threads are left alone.
 */
#include "core.h"

#include <time.h>

/* Often enough that an interrupt is not felt to be late, seldom enough to cost nothing. */
static const int64_t NANOSECONDS_BETWEEN_LOOKS = 20 * 1000 * 1000;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int look(void *context) {
  core_interrupt *interrupt = context;
  if (now() - interrupt->last < NANOSECONDS_BETWEEN_LOOKS)
    return 0;
  PyEval_RestoreThread(interrupt->thread);
  int is_raised = PyErr_CheckSignals() < 0;
  interrupt->thread = PyEval_SaveThread();
  /* From here: waiting for the GIL among busy threads may take longer than the network's steps. */
  interrupt->last = now();
  return is_raised;
}

/* 1 in the main thread, 0 in others, -1 with an exception set. */
static int is_main_thread(core_state *state) {
  PyObject *current = PyObject_CallNoArgs(state->current_ident);
  PyObject *main = current == NULL ? NULL : PyObject_CallNoArgs(state->main_thread);
  PyObject *ident = main == NULL ? NULL : PyObject_GetAttrString(main, "ident");
  int result = ident == NULL ? -1 : PyObject_RichCompareBool(current, ident, Py_EQ);
  Py_XDECREF(current);
  Py_XDECREF(main);
  Py_XDECREF(ident);
  return result;
}

int core_interrupt_load(core_state *state) {
  PyObject *threading = PyImport_ImportModule("threading");
  if (threading == NULL)
    return -1;
  state->current_ident = PyObject_GetAttrString(threading, "get_ident");
  state->main_thread = PyObject_GetAttrString(threading, "main_thread");
  Py_DECREF(threading);
  return state->current_ident == NULL || state->main_thread == NULL ? -1 : 0;
}

int core_interrupt_begin(core_interrupt *interrupt, core_state *state) {
  *interrupt = (core_interrupt){.token = NULL, .last = now()};
  int is_main = is_main_thread(state);
  if (is_main < 0)
    return -1;
  if (is_main) {
    gcpp_error error = GCPP_ERROR_INIT;
    gcpp_status status = gcpp_cancel_token_create(&interrupt->token, look, interrupt, &error);
    if (status != GCPP_OK) {
      core_raise(state, status, &error);
      return -1;
    }
  }
  interrupt->thread = PyEval_SaveThread();
  return 0;
}

void core_interrupt_end(core_interrupt *interrupt) {
  PyEval_RestoreThread(interrupt->thread);
  gcpp_cancel_token_free(interrupt->token);
}
