import GradCAMPPKernels

@testable import GradCAMPPCore

/// Windows over one to three axes, drawn at random: extents of one cell, strides and dilations
/// that pass the input, padding larger than the kernel.
struct RandomWindows: CustomStringConvertible {
  let batch: Int
  let spatial: [Int], kernel: [Int], stride: [Int], dilation: [Int]
  let padding: WindowGeometry.Padding

  /// Draws until windows fit into the padded input.
  init(dilates: Bool, using random: inout RepeatableRandom) {
    while true {
      let windows = RandomWindows(drawing: &random, dilates: dilates)
      guard (try? windows.geometry()) == nil else {
        self = windows
        return
      }
    }
  }

  private init(drawing random: inout RepeatableRandom, dilates: Bool) {
    let rank = [1, 2, 2, 2, 2, 3].randomElement(using: &random) ?? 2
    func extents(_ choices: [Int]) -> [Int] {
      (0..<rank).map { _ in choices.randomElement(using: &random) ?? 1 }
    }
    batch = Int.random(in: 1...3, using: &random)
    spatial = extents([1, 2, 3, 4, 5, 7, 8, 9, 11, 13])
    var kernel = Bool.random(using: &random) ? extents([3]) : extents([1, 2, 3, 4, 5])
    if rank == 3, Bool.random(using: &random) { kernel[0] = 1 }
    self.kernel = kernel
    stride = Int.random(in: 0..<3, using: &random) > 0 ? extents([1]) : extents([1, 2, 3])
    dilation =
      dilates && Int.random(in: 0..<3, using: &random) == 0 ? extents([1, 2, 3]) : extents([1])
    switch Int.random(in: 0..<4, using: &random) {
    case 0: padding = .explicit(before: extents([0, 1, 2, 6]), behind: extents([0, 1, 2, 6]))
    case 1: padding = .explicit(before: extents([0, 1, 2]), behind: extents([0, 1, 2]))
    default: padding = .same
    }
  }

  func geometry() throws(GradCAMError) -> WindowGeometry {
    try WindowGeometry(
      batch: batch, spatial: spatial, kernel: kernel, stride: stride, dilation: dilation,
      padding: padding)
  }

  var description: String {
    "batch \(batch), input \(spatial), kernel \(kernel), stride \(stride), dilation \(dilation), "
      + "\(padding)"
  }
}
