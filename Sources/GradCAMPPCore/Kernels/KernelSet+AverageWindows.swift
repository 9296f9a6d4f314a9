// Average pooling over windows of any geometry. A task is one output cell forward and one input
// cell back, which asks the windows that cover it: no two tasks write to one place, and each sum
// has one order. Channels are innermost; bound by memory.

/// Windows of average pooling, and which of their cells count.
public struct AverageWindows: Hashable, Sendable {
  /// How windows lie.
  public let geometry: WindowGeometry

  /// Channels.
  public let channels: Int

  /// Cells before the input that are counted as zeros, along each axis.
  public let countedBefore: Extents

  /// Cells behind it, likewise.
  public let countedBehind: Extents

  /// Windows whose means count the input's cells and so many around it.
  public init(
    _ geometry: WindowGeometry, channels: Int, countedBefore: Extents, countedBehind: Extents
  ) {
    self.geometry = geometry
    self.channels = channels
    self.countedBefore = countedBefore
    self.countedBehind = countedBehind
  }

  /// What the sum of the window at an output cell is divided by; 1 where nothing counts.
  @inlinable @inline(__always)
  func divisor(depth: Int, height: Int, width: Int) -> Float {
    let geometry = geometry
    let depths = Self.counted(
      depth, geometry.kernel.depth, geometry.stride.depth, geometry.dilation.depth,
      geometry.padding.depth,
      -countedBefore.depth..<geometry.input.depth + countedBehind.depth)
    let heights = Self.counted(
      height, geometry.kernel.height, geometry.stride.height, geometry.dilation.height,
      geometry.padding.height,
      -countedBefore.height..<geometry.input.height + countedBehind.height)
    let widths = Self.counted(
      width, geometry.kernel.width, geometry.stride.width, geometry.dilation.width,
      geometry.padding.width,
      -countedBefore.width..<geometry.input.width + countedBehind.width)
    return Float(max(1, depths * heights * widths))
  }

  /// Taps of a window on one axis that lie on cells of a range.
  @inlinable @inline(__always)
  static func counted(
    _ window: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int,
    _ cells: Range<Int>
  ) -> Int {
    var count = 0
    for tap in 0..<kernel where cells.contains(window * stride + tap * dilation - padding) {
      count += 1
    }
    return count
  }

  /// The window on one axis whose tap lies on a cell, if there is one.
  @inlinable @inline(__always)
  static func window(
    _ cell: Int, tap: Int, _ stride: Int, _ dilation: Int, _ padding: Int, _ windows: Int
  ) -> Int? {
    let place = cell + padding - tap * dilation
    guard place >= 0, place.isMultiple(of: stride), place / stride < windows else { return nil }
    return place / stride
  }
}

extension KernelSet {
  /// Takes the mean of each window and channel.
  @inlinable
  public static func averageWindows(
    _ input: Span<Float>, _ windows: AverageWindows, into output: inout MutableSpan<Float>
  ) {
    let (geometry, channels) = (windows.geometry, windows.channels)
    precondition(
      input.count == geometry.batch * geometry.input.count * channels
        && output.count == geometry.batch * geometry.output.count * channels,
      "averageWindows: lengths do not fit the geometry")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        ThreadPool.shared.parallel(geometry.batch * geometry.output.count) { cell, _ in
          Self.averageWindow(cell, input, windows, into: output)
        }
      }
    }
  }

  /// The mean of one window.
  @inlinable
  static func averageWindow(
    _ cell: Int, _ input: UnsafePointer<Float>, _ windows: AverageWindows,
    into output: UnsafeMutablePointer<Float>
  ) {
    let (extents, channels) = (windows.geometry.output, windows.channels)
    let (line, column) = cell.quotientAndRemainder(dividingBy: extents.width)
    let result = output + cell * channels
    result.update(repeating: 0, count: channels)
    windows.geometry.forEachTap(line: line, column: column) { cell in
      let source = input + cell * channels
      for channel in 0..<channels { result[channel] += source[channel] }
    }
    let divisor = windows.divisor(
      depth: line / extents.height % extents.depth, height: line % extents.height, width: column)
    for channel in 0..<channels { result[channel] /= divisor }
  }

  /// Gives each cell its part of the gradients of the windows that cover it.
  @inlinable
  public static func averageWindowsGradient(
    _ outputGradient: Span<Float>, _ windows: AverageWindows,
    into inputGradient: inout MutableSpan<Float>
  ) {
    let (geometry, channels) = (windows.geometry, windows.channels)
    precondition(
      inputGradient.count == geometry.batch * geometry.input.count * channels
        && outputGradient.count == geometry.batch * geometry.output.count * channels,
      "averageWindowsGradient: lengths do not fit the geometry")
    outputGradient.withUnsafeBufferPointer { gradient in
      inputGradient.withUnsafeMutableBufferPointer { result in
        guard let gradient = gradient.baseAddress, let result = result.baseAddress else { return }
        ThreadPool.shared.parallel(geometry.batch * geometry.input.count) { cell, _ in
          Self.gatherWindows(cell, gradient, windows, into: result)
        }
      }
    }
  }

  /// The gradient by one input cell.
  @inlinable
  static func gatherWindows(
    _ cell: Int, _ gradient: UnsafePointer<Float>, _ windows: AverageWindows,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    let (geometry, channels) = (windows.geometry, windows.channels)
    let (input, output) = (geometry.input, geometry.output)
    let (stride, dilation) = (geometry.stride, geometry.dilation)
    let (kernel, padding) = (geometry.kernel, geometry.padding)
    let item = cell / input.count
    let depth = cell / (input.width * input.height) % input.depth
    let height = cell / input.width % input.height
    let width = cell % input.width
    let result = inputGradient + cell * channels
    result.update(repeating: 0, count: channels)
    for tap in 0..<kernel.depth {
      guard
        let z = AverageWindows.window(
          depth, tap: tap, stride.depth, dilation.depth, padding.depth, output.depth)
      else { continue }
      for tap in 0..<kernel.height {
        guard
          let y = AverageWindows.window(
            height, tap: tap, stride.height, dilation.height, padding.height, output.height)
        else { continue }
        for tap in 0..<kernel.width {
          guard
            let x = AverageWindows.window(
              width, tap: tap, stride.width, dilation.width, padding.width, output.width)
          else { continue }
          let divisor = windows.divisor(depth: z, height: y, width: x)
          let window = ((item * output.depth + z) * output.height + y) * output.width + x
          let source = gradient + window * channels
          for channel in 0..<channels { result[channel] += source[channel] / divisor }
        }
      }
    }
  }
}
