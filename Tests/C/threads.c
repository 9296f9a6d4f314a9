/* Several threads use one model, read one picture and one explanation; no signal is taken over. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "network.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 200, NUMBERS = 16 };

static gcpp_model *model = NULL;
static gcpp_image *image = NULL;
static gcpp_explanation *expected = NULL;

static void *explain(void *unused) {
  int round;
  (void)unused;
  for (round = 0; round < ROUNDS; round++) {
    gcpp_explanation *explanation = NULL;
    gcpp_view first, second;
    gcpp_pixels pixels;
    CHECK(gcpp_explain(&explanation, model, image, NULL, NULL) == GCPP_OK);
    CHECK(gcpp_explanation_heatmap(&first, expected) == GCPP_OK);
    CHECK(gcpp_explanation_heatmap(&second, explanation) == GCPP_OK);
    CHECK(memcmp(first.data, second.data, NUMBERS * sizeof(float)) == 0);
    CHECK(gcpp_image_pixels(&pixels, image) == GCPP_OK && pixels.data[0] == 200);
    gcpp_explanation_free(explanation);
  }
  return NULL;
}

/* No signal has a handler; what is ignored was so before. Some numbers are no signals. */
static void check_signals(void) {
  int number;
  for (number = 1; number < 65; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0)
      CHECK(action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN);
  }
}

int main(void) {
  tiny_network network;
  const uint8_t pixel[3] = {200, 2, 3};
  pthread_t threads[THREADS];
  sigset_t before, after;
  int index, number;
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &before) == 0);
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, NULL) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, NULL) == GCPP_OK);
  CHECK(gcpp_explain(&expected, model, image, NULL, NULL) == GCPP_OK);
  for (index = 0; index < THREADS; index++)
    CHECK(pthread_create(&threads[index], NULL, explain, NULL) == 0);
  for (index = 0; index < THREADS; index++)
    CHECK(pthread_join(threads[index], NULL) == 0);
  check_signals();
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &after) == 0);
  for (number = 1; number < 65; number++)
    CHECK(sigismember(&before, number) == sigismember(&after, number));
  gcpp_explanation_free(expected);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
