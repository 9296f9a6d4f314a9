// The inner loops of depthwise convolution, for taps that lie inside the source as a box.

/// The taps of a result cell that lie inside the source: a box of them.
@usableFromInline
struct TapBox {
  /// Where it begins: from the source's and the filter's first number.
  @usableFromInline let source: Int
  @usableFromInline let filter: Int
  /// Taps along each axis.
  @usableFromInline let size: Extents
  /// Numbers of the source from one tap to the next along each axis.
  @usableFromInline let sourceStride: Extents
  /// Numbers of the filter from one tap to the next along depth and height.
  @usableFromInline let filterStride: Extents

  @inlinable @inline(__always)
  init(
    source: Int, filter: Int, size: Extents, sourceStride: Extents, filterStride: Extents
  ) {
    self.source = source
    self.filter = filter
    self.size = size
    self.sourceStride = sourceStride
    self.filterStride = filterStride
  }
}

extension KernelSet {
  /// Some channels of one result line; as many as fill a register, at least.
  @inlinable
  static func depthwiseBoxes(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, _ step: ConvolutionStep,
    _ finish: Finish, line: Int, _ channels: Range<Int>, into target: UnsafeMutablePointer<Float>
  ) {
    let pixel = step.filter.groups
    let width = step.result.width
    let inner = step.columnsInside
    var column = 0
    while column < width {
      let box = step.tapBox(line: line, column: column)
      let isFour = column >= inner.lowerBound && column + 4 <= inner.upperBound
      let cell = target + column * pixel
      var channel = channels.lowerBound
      while channel < channels.upperBound {
        let first = min(channel, channels.upperBound - Vector.width)
        let start = finish.bias.map { Vector.load($0 + first) } ?? Vector(repeating: 0)
        if isFour {
          let sums = fourBoxes(
            source + (box.source + first), packed + (box.filter + first), box,
            cellStride: step.columnStride * pixel, start)
          Self.finish(sums.0, finish, Vector.width, to: cell + first)
          Self.finish(sums.1, finish, Vector.width, to: cell + (first + pixel))
          Self.finish(sums.2, finish, Vector.width, to: cell + (first + 2 &* pixel))
          Self.finish(sums.3, finish, Vector.width, to: cell + (first + 3 &* pixel))
        } else {
          let sum = oneBox(source + (box.source + first), packed + (box.filter + first), box, start)
          Self.finish(sum, finish, Vector.width, to: cell + first)
        }
        channel += Vector.width
      }
      column += isFour ? 4 : 1
    }
  }

  /// The sums of four neighbouring cells whose boxes have the same size.
  @inlinable @inline(__always)
  static func fourBoxes(
    _ source: UnsafePointer<Float>, _ filter: UnsafePointer<Float>, _ box: TapBox,
    cellStride: Int, _ start: Vector
  ) -> (Vector, Vector, Vector, Vector) {
    var a = start, b = start, c = start, d = start
    for depth in 0..<box.size.depth {
      for height in 0..<box.size.height {
        var cell =
          source + (depth &* box.sourceStride.depth &+ height &* box.sourceStride.height)
        var weights =
          filter + (depth &* box.filterStride.depth &+ height &* box.filterStride.height)
        for _ in 0..<box.size.width {
          let w = Vector.load(weights)
          a = a.addingProduct(.load(cell), w)
          b = b.addingProduct(.load(cell + cellStride), w)
          c = c.addingProduct(.load(cell + 2 &* cellStride), w)
          d = d.addingProduct(.load(cell + 3 &* cellStride), w)
          cell += box.sourceStride.width
          weights += box.filterStride.width
        }
      }
    }
    return (a, b, c, d)
  }

  /// The sum of one cell.
  @inlinable @inline(__always)
  static func oneBox(
    _ source: UnsafePointer<Float>, _ filter: UnsafePointer<Float>, _ box: TapBox, _ start: Vector
  ) -> Vector {
    var sum = start
    for depth in 0..<box.size.depth {
      for height in 0..<box.size.height {
        var cell =
          source + (depth &* box.sourceStride.depth &+ height &* box.sourceStride.height)
        var weights =
          filter + (depth &* box.filterStride.depth &+ height &* box.filterStride.height)
        for _ in 0..<box.size.width {
          sum = sum.addingProduct(.load(cell), .load(weights))
          cell += box.sourceStride.width
          weights += box.filterStride.width
        }
      }
    }
    return sum
  }
}

extension ConvolutionStep {
  /// Whether the taps of every result cell that lie inside the source are a box.
  @inlinable var hasTapBoxes: Bool { direction == .forward || geometry.stride == .one }

  /// The taps of a result cell; for a depthwise filter.
  @inlinable @inline(__always)
  func tapBox(line: Int, column: Int) -> TapBox {
    let pixel = filter.groups, from = source, kernel = geometry.kernel
    let row = line % result.height
    let slice = line / result.height % result.depth
    let item = line / (result.height * result.depth)
    let (stride, dilation, padding) = (geometry.stride, geometry.dilation, geometry.padding)
    let depth = tapRange(
      slice, stride.depth, dilation.depth, padding.depth, kernel.depth, from.depth)
    let height = tapRange(
      row, stride.height, dilation.height, padding.height, kernel.height, from.height)
    let width = tapRange(
      column, stride.width, dilation.width, padding.width, kernel.width, from.width)
    let sign = direction == .forward ? 1 : -1
    let line = (item * from.depth + depth.source) * from.height + height.source
    let firstTap =
      (depth.taps.lowerBound * kernel.height + height.taps.lowerBound) * kernel.width
      + width.taps.lowerBound
    return TapBox(
      source: (line * from.width + width.source) * pixel, filter: firstTap * pixel,
      size: Extents(depth: depth.taps.count, height: height.taps.count, width: width.taps.count),
      sourceStride: Extents(
        depth: sign * dilation.depth * from.height * from.width * pixel,
        height: sign * dilation.height * from.width * pixel, width: sign * dilation.width * pixel),
      filterStride: Extents(
        depth: kernel.height * kernel.width * pixel, height: kernel.width * pixel, width: pixel))
  }

  /// The taps of a result coordinate that lie inside the source, and where the first of them lies.
  ///
  /// Forward, tap t lies at `start + t * dilation`; back, for strides of 1, at `start - t * dilation`.
  @inlinable @inline(__always)
  func tapRange(
    _ coordinate: Int, _ stride: Int, _ dilation: Int, _ padding: Int, _ taps: Int, _ extent: Int
  ) -> (taps: Range<Int>, source: Int) {
    let isForward = direction == .forward
    let start = isForward ? coordinate * stride - padding : coordinate + padding
    // Cells to go until the first tap is inside, and until one is outside again.
    let before = isForward ? -start : start - (extent - 1)
    let behind = isForward ? extent - start : start + 1
    let first = before > 0 ? min(taps, (before + dilation - 1) / dilation) : 0
    let end = behind > 0 ? min(taps, (behind + dilation - 1) / dilation) : 0
    return (first..<max(first, end), start + (isForward ? first : -first) * dilation)
  }

  /// Source columns from a result column to the next, where one is under every tap.
  @inlinable var columnStride: Int { direction == .forward ? geometry.stride.width : 1 }

  /// The result columns all of whose taps lie on a source column.
  @inlinable var columnsInside: Range<Int> {
    let reach = (geometry.kernel.width - 1) * geometry.dilation.width
    let (stride, padding) = (columnStride, geometry.padding.width)
    // Forward, column * stride - padding >= 0 and column * stride - padding + reach < width; back,
    // column + padding - reach >= 0 and column + padding < width.
    let before = direction == .forward ? padding : reach - padding
    let behind = direction == .forward ? reach - padding : padding
    let first = min(result.width, max(0, (before + stride - 1) / stride))
    let last = source.width - 1 - behind
    return first..<max(first, last < 0 ? first : min(result.width, last / stride + 1))
  }
}
