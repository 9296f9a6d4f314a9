import GradCAMPPKernels

/// The tier for processors with AVX2 and FMA: 16 registers of 8 numbers.
public enum AVX2Kernels: KernelSet {
  /// Eight numbers, fused multiply-adds.
  public typealias Vector = Lanes8

  /// "avx2".
  public static let name = "avx2"

  /// Whether the processor and the system have AVX2, FMA and the wide registers.
  public static var isSupported: Bool { ProcessorFeatures.hasAVX2AndFMA }

  /// 6 x 2 accumulators leave 4 registers of 16 for operands.
  public static var tileRows: Int { 6 }
}
