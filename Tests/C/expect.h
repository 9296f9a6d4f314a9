/* Checks of refusals that several C tests share. */
#ifndef GCPP_TEST_EXPECT_H
#define GCPP_TEST_EXPECT_H

#include "check.h"

#include <gradcampp.h>
#include <string.h>

/* What the call under test was given. */
static gcpp_error error = GCPP_ERROR_INIT;

/* The status of a call that was given `error`, and words of its one sentence. */
static void expect(gcpp_status actual, gcpp_status expected, const char *words) {
  if (actual != expected || error.code != expected || strstr(error.message, words) == NULL) {
    fprintf(stderr, "status %d, code %d, message '%s': expected %d with '%s'\n", actual,
            error.code, error.message, expected, words);
    exit(1);
  }
  CHECK(strchr(error.message, '\n') == NULL);
}

#endif
