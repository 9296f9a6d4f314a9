import GradCAMPPKernels

/// The tier for processors with AVX-512: 32 registers of 16 numbers.
public enum AVX512Kernels: KernelSet {
  /// Sixteen numbers, fused multiply-adds.
  public typealias Vector = Lanes16

  /// "avx512".
  public static let name = "avx512"

  /// Whether the processor and the system have AVX-512F and its registers.
  public static var isSupported: Bool { ProcessorFeatures.hasAVX512 }

  /// 8 x 2 accumulators hide the latency of the multiply-adds.
  public static var tileRows: Int { 8 }
}
