import GradCAMPPKernels
import GradCAMPPKernelsAVX2
import GradCAMPPKernelsAVX512

/// The tiers of kernels, and the one that this process uses.
public enum KernelDispatch {
  /// Every tier, the best first; the last one runs everywhere.
  public static let all: [any KernelSet.Type] = [
    AVX512Kernels.self,
    AVX2Kernels.self,
    PortableKernels.self,
  ]

  /// The best tier that the processor supports; chosen once.
  public static let active: any KernelSet.Type =
    all.first { $0.isSupported } ?? PortableKernels.self
}
