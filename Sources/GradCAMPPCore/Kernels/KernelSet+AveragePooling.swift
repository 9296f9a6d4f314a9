// Average pooling to a number of cells: each axis of the input is parted into as many bins as there
// are output cells, which overlap where the extents do not divide (PyTorch's AdaptiveAvgPool). One
// cell is global average pooling. Channels are innermost, so loops over them are plain; bound by
// memory, and small beside the convolutions before them. A task is some channels of one output cell, or
// one input cell.

/// Bins along three axes of a batch of tensors.
public struct AverageBins: Hashable, Sendable {
  /// Number of tensors.
  public let batch: Int
  /// Spatial extents of the input.
  public let input: Extents
  /// Bins along each axis, at most as many as cells.
  public let output: Extents
  /// Channels.
  public let channels: Int

  /// Bins over tensors with one to three spatial extents.
  public init(batch: Int, input: [Int], output: [Int], channels: Int) {
    precondition(
      input.count == output.count && zip(input, output).allSatisfy { $0 >= $1 && $1 >= 1 },
      "more bins than cells")
    self.batch = batch
    self.input = Extents(lifting: input)
    self.output = Extents(lifting: output)
    self.channels = channels
  }

  /// The cells of a bin along an axis: from `floor(bin cells / bins)` to before
  /// `ceil((bin + 1) cells / bins)`.
  @inlinable @inline(__always)
  static func cells(_ bin: Int, _ cells: Int, _ bins: Int) -> Range<Int> {
    bin * cells / bins..<((bin + 1) * cells + bins - 1) / bins
  }

  /// The bins that hold a cell along an axis.
  @inlinable @inline(__always)
  static func bins(_ cell: Int, _ cells: Int, _ bins: Int) -> Range<Int> {
    cell * bins / cells..<((cell + 1) * bins + cells - 1) / cells
  }
}

extension KernelSet {
  /// Takes the mean of each bin and channel.
  @inlinable
  public static func averagePool(
    _ input: Span<Float>, _ bins: AverageBins, into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == bins.batch * bins.input.count * bins.channels
        && output.count == bins.batch * bins.output.count * bins.channels,
      "averagePool: lengths do not fit the bins")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        // Few bins are shared out by channels.
        let width = 4 * Vector.width
        let parts = (bins.channels + width - 1) / width
        ThreadPool.shared.parallelRuns(
          bins.batch * bins.output.count * parts, length: bins.output.count < 64 ? 1 : parts
        ) { run in
          for task in run {
            let (bin, part) = task.quotientAndRemainder(dividingBy: parts)
            Self.averageBin(
              bin, channels: part * width..<min(bins.channels, (part + 1) * width), input, bins,
              into: output)
          }
        }
      }
    }
  }

  /// The means of some channels of one bin, at most four registers of them.
  @inlinable
  static func averageBin(
    _ bin: Int, channels: Range<Int>, _ input: UnsafePointer<Float>, _ bins: AverageBins,
    into output: UnsafeMutablePointer<Float>
  ) {
    let (extents, cells) = (bins.output, bins.input)
    let picture = bin / extents.count
    let column = bin % extents.width
    let row = bin / extents.width % extents.height
    let plane = bin / (extents.width * extents.height) % extents.depth
    let planes = AverageBins.cells(plane, cells.depth, extents.depth)
    let rows = AverageBins.cells(row, cells.height, extents.height)
    let columns = AverageBins.cells(column, cells.width, extents.width)
    let width = Vector.width
    let zero = Vector(repeating: 0)
    let divisor = Vector(repeating: Float(planes.count * rows.count * columns.count))
    let isWhole = channels.count == 4 * width
    var first = channels.lowerBound
    while first < channels.upperBound {
      let count = min(width, channels.upperBound - first)
      var a = zero, b = zero, c = zero, d = zero
      for plane in planes {
        for row in rows {
          let line = ((picture * cells.depth + plane) * cells.height + row) * cells.width
          for column in columns {
            let source = input + (line + column) * bins.channels + first
            a = a + loaded(source, count)
            guard isWhole else { continue }
            b = b + .load(source + width)
            c = c + .load(source + 2 &* width)
            d = d + .load(source + 3 &* width)
          }
        }
      }
      let result = output + bin * bins.channels + first
      store(a / divisor, count, to: result)
      if isWhole {
        (b / divisor).store(result + width)
        (c / divisor).store(result + 2 &* width)
        (d / divisor).store(result + 3 &* width)
      }
      first += isWhole ? 4 * width : width
    }
  }

  /// Gives each cell its part of the gradients of the bins that hold it.
  @inlinable
  public static func averagePoolGradient(
    _ outputGradient: Span<Float>, _ bins: AverageBins,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      inputGradient.count == bins.batch * bins.input.count * bins.channels
        && outputGradient.count == bins.batch * bins.output.count * bins.channels,
      "averagePoolGradient: lengths do not fit the bins")
    outputGradient.withUnsafeBufferPointer { gradient in
      inputGradient.withUnsafeMutableBufferPointer { result in
        guard let gradient = gradient.baseAddress, let result = result.baseAddress else { return }
        ThreadPool.shared.parallel(bins.batch * bins.input.count) { cell, _ in
          Self.spreadToCell(cell, gradient, bins, into: result)
        }
      }
    }
  }

  /// The gradient by one cell.
  @inlinable
  static func spreadToCell(
    _ cell: Int, _ gradient: UnsafePointer<Float>, _ bins: AverageBins,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    let (extents, cells) = (bins.output, bins.input)
    let picture = cell / cells.count
    let column = cell % cells.width
    let row = cell / cells.width % cells.height
    let plane = cell / (cells.width * cells.height) % cells.depth
    let result = inputGradient + cell * bins.channels
    result.update(repeating: 0, count: bins.channels)
    for plane in AverageBins.bins(plane, cells.depth, extents.depth) {
      let planes = AverageBins.cells(plane, cells.depth, extents.depth).count
      for row in AverageBins.bins(row, cells.height, extents.height) {
        let rows = AverageBins.cells(row, cells.height, extents.height).count
        for column in AverageBins.bins(column, cells.width, extents.width) {
          let columns = AverageBins.cells(column, cells.width, extents.width).count
          let bin =
            ((picture * extents.depth + plane) * extents.height + row) * extents.width + column
          let source = gradient + bin * bins.channels
          let count = Float(planes * rows * columns)
          for channel in 0..<bins.channels { result[channel] += source[channel] / count }
        }
      }
    }
  }
}
