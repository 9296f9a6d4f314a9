/* What a processor can do at most: multiply-adds that never leave the registers, and memory read
   in a line. Usage: peak THREADS; prints GFLOP/s and GB/s of all threads together. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_THREADS = 64, REPEATS = 9, ROUNDS = 4000000, VALUES = 12 };
static const size_t BYTES = (size_t)512 << 20;

typedef float lanes4 __attribute__((vector_size(16)));
typedef float lanes8 __attribute__((vector_size(32)));
typedef float lanes16 __attribute__((vector_size(64)));

/* Twelve chains hide the latency of two units; the empty assembler keeps every value in use. */
#define DEFINE_MULTIPLY(NAME, TYPE, TARGET)                                                  \
  __attribute__((TARGET)) static void NAME(void) {                                           \
    TYPE factor = {0}, term = {0}, a, b, c, d, e, f, g, h, i, j, k, l;                       \
    factor += 0.999f, term += 0.1f;                                                          \
    a = b = c = d = e = f = g = h = i = j = k = l = term;                                    \
    for (long round = 0; round < ROUNDS; round++) {                                          \
      a = a * factor + term, b = b * factor + term, c = c * factor + term;                   \
      d = d * factor + term, e = e * factor + term, f = f * factor + term;                   \
      g = g * factor + term, h = h * factor + term, i = i * factor + term;                   \
      j = j * factor + term, k = k * factor + term, l = l * factor + term;                   \
      __asm__ volatile("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d), "+x"(e), "+x"(f));           \
      __asm__ volatile("" : "+x"(g), "+x"(h), "+x"(i), "+x"(j), "+x"(k), "+x"(l));           \
    }                                                                                        \
  }
DEFINE_MULTIPLY(multiply4, lanes4, target("sse2"))
DEFINE_MULTIPLY(multiply8, lanes8, target("avx2,fma"))
DEFINE_MULTIPLY(multiply16, lanes16, target("avx512f,fma"))

static int lanes(void) {
  if (__builtin_cpu_supports("avx512f"))
    return 16;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 4;
}

static int threads;
static const char *memory;
static volatile float sink;

static void *multiply(void *unused) {
  int width = lanes();
  (void)unused;
  if (width == 16)
    multiply16();
  else if (width == 8)
    multiply8();
  else
    multiply4();
  return NULL;
}

static void *read_part(void *index) {
  size_t part = BYTES / (size_t)threads / 256 * 256;
  const char *start = memory + part * (size_t)(*(int *)index);
  lanes4 sums[4] = {{0}, {0}, {0}, {0}};
  for (size_t byte = 0; byte < part; byte += 64) {
    const lanes4 *line = (const lanes4 *)(const void *)(start + byte);
    __builtin_prefetch(start + byte + 4096);
    for (int place = 0; place < 4; place++)
      sums[place] += line[place];
  }
  sums[0] += sums[1] + sums[2] + sums[3];
  sink = sums[0][0];
  return NULL;
}

/* Seconds of the fastest of some runs on all threads. */
static double fastest(void *(*work)(void *)) {
  double best = 1e9;
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    pthread_t others[MAX_THREADS];
    int indices[MAX_THREADS];
    struct timespec start, end;
    double seconds;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int index = 0; index < threads; index++) {
      indices[index] = index;
      if (pthread_create(&others[index], NULL, work, &indices[index]) != 0)
        exit(1);
    }
    for (int index = 0; index < threads; index++)
      pthread_join(others[index], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    if (seconds < best)
      best = seconds;
  }
  return best;
}

int main(int count, char **arguments) {
  void *block = NULL;
  threads = count == 2 ? atoi(arguments[1]) : 0;
  if (threads < 1 || threads > MAX_THREADS || posix_memalign(&block, 2 << 20, BYTES) != 0)
    return 2;
  memset(block, 0, BYTES);
  memory = block;
  printf("%.1f %.1f\n", 2e-9 * threads * ROUNDS * VALUES * lanes() / fastest(multiply),
         1e-9 * (double)BYTES / fastest(read_part));
  return 0;
}
