/* A process whose threads are inside the library forks; every child goes on working. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "network.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, FORKS = 120 };

static gcpp_model *model = NULL;
static gcpp_image *image = NULL;

/* 1 when the picture could be explained. */
static int explain(void) {
  gcpp_explain_options options = GCPP_EXPLAIN_OPTIONS_INIT;
  gcpp_explanation *explanation = NULL;
  gcpp_status status;
  options.guided = 1;
  status = gcpp_explain(&explanation, model, image, &options, NULL);
  gcpp_explanation_free(explanation);
  return status == GCPP_OK;
}

/* The last byte that the main thread writes stops it. */
static void *explain_on(void *argument) {
  const int stop = *(const int *)argument;
  char byte;
  while (read(stop, &byte, 1) != 1)
    if (!explain())
      exit(1);
  return NULL;
}

int main(void) {
  tiny_network network;
  gcpp_error error = GCPP_ERROR_INIT;
  const uint8_t pixel[3] = {255, 0, 0};
  pthread_t threads[THREADS];
  int stops[2];
  int index, status;
  tiny_network_fill(&network);
  CHECK(gcpp_model_open_arrays(&model, network.arrays, 4, &error) == GCPP_OK);
  CHECK(gcpp_image_from_rgb8(&image, pixel, 1, 1, 0, &error) == GCPP_OK);
  /* See "Threads" in the header: what is set up at first use is set up now. */
  CHECK(explain());
  CHECK(pipe(stops) == 0);
  CHECK(fcntl(stops[0], F_SETFL, O_NONBLOCK) == 0);
  for (index = 0; index < THREADS; index++)
    CHECK(pthread_create(&threads[index], NULL, explain_on, &stops[0]) == 0);
  for (index = 0; index < FORKS; index++) {
    pid_t child = fork();
    if (child == 0) {
      alarm(600); /* a hang, on any machine */
      _exit(explain() && explain() ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  CHECK(write(stops[1], "...", THREADS) == THREADS);
  for (index = 0; index < THREADS; index++)
    CHECK(pthread_join(threads[index], NULL) == 0);
  gcpp_image_free(image);
  gcpp_model_free(model);
  return 0;
}
