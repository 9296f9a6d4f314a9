import Glibc
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

  /// The best tier that the processor supports, or the one that `GRADCAMPP_KERNELS` names if the
  /// processor supports it; chosen once.
  public static let active: any KernelSet.Type = {
    let supported = all.filter { $0.isSupported }
    let wanted = getenv("GRADCAMPP_KERNELS").map { String(cString: $0) }
    return supported.first { $0.name == wanted } ?? supported.first ?? PortableKernels.self
  }()
}
