/* What Swift has no word for: the processor's features, as the compiler's own run-time check. */
#ifndef GCPP_PROCESSOR_SHIM_H
#define GCPP_PROCESSOR_SHIM_H

/* 1 when the processor has AVX2 and FMA and the system saves the wide registers. */
static inline int gcpp_has_avx2_and_fma(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

/* Asks for a cache line that will be read soon. */
static inline void gcpp_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/* Tells the processor that this thread waits in a loop. */
static inline void gcpp_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/* 1 when the processor has AVX-512F beside them and the system saves its registers. */
static inline int gcpp_has_avx512(void) {
#if defined(__x86_64__)
  return gcpp_has_avx2_and_fma() && __builtin_cpu_supports("avx512f");
#else
  return 0;
#endif
}

#endif
