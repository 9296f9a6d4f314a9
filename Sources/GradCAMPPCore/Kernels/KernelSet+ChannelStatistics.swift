// Sums over the cells of each picture and channel, and mixtures by factors of picture and channel:
// what normalisations over a picture's cells are made of. Channels are innermost. A task of sums is 16
// channels of a picture, one cache line of each cell; sums of 256 cells are added up by themselves, so
// that rounding grows slowly. A task of a mixture is as many cells as make 16384 elements.

/// The extents of a batch of pictures, cells in one number.
public struct ChannelItems: Hashable, Sendable {
  /// Number of pictures.
  public let batch: Int
  /// Cells of a picture.
  public let cells: Int
  /// Channels of a cell.
  public let channels: Int

  /// The extents of (N, spatial…, C).
  public init(batch: Int, cells: Int, channels: Int) {
    self.batch = batch
    self.cells = cells
    self.channels = channels
  }

  /// All elements.
  @inlinable public var count: Int { batch * cells * channels }
}

extension KernelSet {
  /// For each picture and channel: `Σ x` without centres, `Σ (x - centre)^2` with them, and
  /// `Σ factor (x - centre)` with factors, which are as many as numbers.
  @inlinable
  public static func sumCells(
    _ input: Span<Float>, _ items: ChannelItems, centers: Span<Float>, factors: Span<Float>,
    into sums: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == items.count && sums.count == items.batch * items.channels
        && (centers.isEmpty || centers.count == sums.count)
        && (factors.isEmpty || factors.count == input.count && !centers.isEmpty),
      "sumCells: lengths differ")
    let blocks = (items.channels + 15) / 16
    input.withUnsafeBufferPointer { input in
      centers.withUnsafeBufferPointer { centers in
        factors.withUnsafeBufferPointer { factors in
          sums.withUnsafeMutableBufferPointer { sums in
            guard let input = input.baseAddress, let sums = sums.baseAddress else { return }
            let centers = centers.isEmpty ? nil : centers.baseAddress
            let factors = factors.isEmpty ? nil : factors.baseAddress
            ThreadPool.shared.parallel(items.batch * blocks) { task, _ in
              let (item, block) = task.quotientAndRemainder(dividingBy: blocks)
              let end = min(items.channels, (block + 1) * 16)
              var channel = block * 16
              while channel < end {
                let count = min(Vector.width, end - channel)
                Self.sumCells(
                  item, channel, count, input, items, centers, factors, into: sums)
                channel += Vector.width
              }
            }
          }
        }
      }
    }
  }

  /// The sums of a register of channels of one picture.
  @inlinable
  static func sumCells(
    _ item: Int, _ channel: Int, _ count: Int, _ input: UnsafePointer<Float>,
    _ items: ChannelItems, _ centers: UnsafePointer<Float>?, _ factors: UnsafePointer<Float>?,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let place = item * items.channels + channel
    var center = Vector(repeating: 0)
    if let centers { center = loaded(centers + place, count) }
    var total = Vector(repeating: 0)
    var first = 0
    while first < items.cells {
      let end = min(first + 256, items.cells)
      var sum = Vector(repeating: 0)
      for cell in first..<end {
        let offset = (item * items.cells + cell) * items.channels + channel
        let number = loaded(input + offset, count) - center
        if let factors {
          sum = sum.addingProduct(loaded(factors + offset, count), number)
        } else if centers != nil {
          sum = sum.addingProduct(number, number)
        } else {
          sum = sum + number
        }
      }
      total = total + sum
      first = end
    }
    store(total, count, to: sums + place)
  }

  /// `result = a factor + b otherFactor + offset`, with factors and offsets for each picture and
  /// channel; without `b` where `others` is empty.
  @inlinable
  public static func mixCells(
    _ numbers: Span<Float>, factors: Span<Float>, _ others: Span<Float>,
    otherFactors: Span<Float>, offsets: Span<Float>, _ items: ChannelItems,
    into result: inout MutableSpan<Float>
  ) {
    let places = items.batch * items.channels
    precondition(
      numbers.count == items.count && result.count == items.count && factors.count == places
        && offsets.count == places && (others.isEmpty || others.count == items.count)
        && (others.isEmpty || otherFactors.count == places),
      "mixCells: lengths differ")
    numbers.withUnsafeBufferPointer { numbers in
      factors.withUnsafeBufferPointer { factors in
        others.withUnsafeBufferPointer { others in
          otherFactors.withUnsafeBufferPointer { otherFactors in
            offsets.withUnsafeBufferPointer { offsets in
              result.withUnsafeMutableBufferPointer { result in
                guard let numbers = numbers.baseAddress, let factors = factors.baseAddress,
                  let offsets = offsets.baseAddress, let result = result.baseAddress
                else { return }
                let others = others.isEmpty ? nil : others.baseAddress
                let cells = items.batch * items.cells
                ThreadPool.shared.parallelRuns(
                  cells, length: max(1, 16384 / items.channels)
                ) { run in
                  for cell in run {
                    let place = cell / items.cells * items.channels
                    let start = cell * items.channels
                    Self.mixCell(
                      numbers + start, factors + place, others.map { $0 + start },
                      otherFactors.baseAddress.map { $0 + place }, offsets + place,
                      items.channels, into: result + start)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// The channels of one cell.
  @inlinable
  static func mixCell(
    _ numbers: UnsafePointer<Float>, _ factors: UnsafePointer<Float>,
    _ others: UnsafePointer<Float>?, _ otherFactors: UnsafePointer<Float>?,
    _ offsets: UnsafePointer<Float>, _ channels: Int, into result: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      var sum = loaded(offsets + channel, count)
        .addingProduct(loaded(numbers + channel, count), loaded(factors + channel, count))
      if let others, let otherFactors {
        sum = sum.addingProduct(
          loaded(others + channel, count), loaded(otherFactors + channel, count))
      }
      store(sum, count, to: result + channel)
      channel += Vector.width
    }
  }
}
