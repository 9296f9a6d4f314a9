import CProcessor

/// What the processor that runs this process can do.
public enum ProcessorFeatures {
  /// Whether AVX2 and FMA instructions can be used.
  public static let hasAVX2AndFMA = gcpp_has_avx2_and_fma() != 0

  /// Whether AVX-512F instructions can be used.
  public static let hasAVX512 = gcpp_has_avx512() != 0
}
