/// How windows lie over the cells of a tensor: the geometry of convolution and pooling.
///
/// Tap t of the window at output cell o lies on input cell `o * stride + t * dilation - padding`
/// along each axis; a tap outside the input reads nothing.
public struct WindowGeometry: Hashable, Sendable {
  /// Cells around the input that windows may cover.
  public enum Padding: Hashable, Sendable {
    /// As many as make the output `ceil(input / stride)`, the odd one behind (TensorFlow's SAME).
    case same
    /// So many before and behind along each axis.
    case explicit(before: [Int], behind: [Int])
  }

  /// Number of tensors in the batch.
  public let batch: Int
  /// Spatial extents of the input.
  public let input: Extents
  /// Spatial extents of the output.
  public let output: Extents
  /// Taps along each axis.
  public let kernel: Extents
  /// Input cells from one window to the next.
  public let stride: Extents
  /// Input cells from one tap to the next.
  public let dilation: Extents
  /// Cells before the input.
  public let padding: Extents

  /// Lays windows over an input of `batch` tensors with one to three `spatial` extents.
  ///
  /// Throws `badData` when a window does not fit into the padded input.
  public init(
    batch: Int, spatial: [Int], kernel: [Int], stride: [Int], dilation: [Int], padding: Padding
  ) throws(GradCAMError) {
    let rank = spatial.count
    guard (1...3).contains(rank), [kernel, stride, dilation].allSatisfy({ $0.count == rank }),
      (spatial + kernel + stride + dilation).allSatisfy({ $0 >= 1 })
    else {
      throw GradCAMError(
        .badData,
        "a window of \(kernel), stride \(stride), dilation \(dilation) does not fit a tensor of "
          + "spatial shape \(spatial): 1 to 3 axes, all at least 1, are expected")
    }
    let size = zip(kernel, dilation).map { ($0 - 1) * $1 + 1 }
    var before = [Int](repeating: 0, count: rank)
    var behind = before
    switch padding {
    case .same:
      for axis in 0..<rank {
        let cells = (spatial[axis] + stride[axis] - 1) / stride[axis]
        let total = max((cells - 1) * stride[axis] + size[axis] - spatial[axis], 0)
        before[axis] = total / 2
        behind[axis] = total - total / 2
      }
    case .explicit(let first, let last):
      precondition(first.count == rank && last.count == rank, "padding of another rank")
      (before, behind) = (first, last)
    }
    let room = (0..<rank).map { spatial[$0] + before[$0] + behind[$0] - size[$0] }
    guard room.allSatisfy({ $0 >= 0 }) else {
      throw GradCAMError(
        .badData,
        "a window of \(size) cells is larger than its input of \(spatial) cells with padding "
          + "\(before) and \(behind)")
    }
    self.batch = batch
    self.input = Extents(lifting: spatial)
    self.output = Extents(lifting: (0..<rank).map { room[$0] / stride[$0] + 1 })
    self.kernel = Extents(lifting: kernel)
    self.stride = Extents(lifting: stride)
    self.dilation = Extents(lifting: dilation)
    self.padding = Extents(lifting: before, missing: 0)
  }

  /// Whether every input cell lies under exactly one window.
  @inlinable public var isTiling: Bool {
    stride == kernel && dilation == .one && padding.depth == 0 && padding.height == 0
      && padding.width == 0 && input.depth == output.depth * kernel.depth
      && input.height == output.height * kernel.height
      && input.width == output.width * kernel.width
  }

  /// Whether no input cell lies under two windows.
  public var isDisjoint: Bool {
    stride.depth > (kernel.depth - 1) * dilation.depth
      && stride.height > (kernel.height - 1) * dilation.height
      && stride.width > (kernel.width - 1) * dilation.width
  }
}
