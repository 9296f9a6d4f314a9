import GradCAMPPKernels

/// The tier for processors with AVX2 and FMA: the same loops in 8-wide registers, with fused
/// multiply-adds.
public enum AVX2Kernels: KernelSet {
  /// "avx2".
  public static let name = "avx2"

  /// Whether the processor and the system have AVX2, FMA and the wide registers.
  public static var isSupported: Bool { ProcessorFeatures.hasAVX2AndFMA }

  /// Rounds once: `vfmadd`.
  ///
  /// Inlined before code generation, since a call would hand over each vector in two halves and
  /// the loops would stay 4 wide.
  @inline(__always)
  public static func multiplyAdd(
    _ addend: SIMD8<Float>, _ left: SIMD8<Float>, _ right: SIMD8<Float>
  ) -> SIMD8<Float> {
    addend.addingProduct(left, right)
  }
}
