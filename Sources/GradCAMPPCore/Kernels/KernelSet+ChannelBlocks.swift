// Blocks of cells that become channels of one cell, and back. Bound by memory; a task is a line of
// cells of the larger picture.

/// Squares of cells of a picture beside channels of one cell of a smaller picture.
public struct ChannelBlocks: Hashable, Sendable {
  /// In which order the small picture's channels count block row, block column and channel.
  public enum Order: Hashable, Sendable {
    /// (row, column, channel): ONNX's DCR, TensorFlow's depth_to_space.
    case channelInnermost
    /// (channel, row, column): ONNX's CRD, PyTorch's PixelShuffle.
    case channelOutermost
  }

  /// Number of pictures.
  public let batch: Int
  /// Rows of the small picture.
  public let height: Int
  /// Columns of the small picture.
  public let width: Int
  /// Channels of the large picture.
  public let channels: Int
  /// Rows and columns of a block.
  public let block: Int
  /// The order of the small picture's channels.
  public let order: Order

  /// Blocks of a batch of pictures.
  public init(batch: Int, height: Int, width: Int, channels: Int, block: Int, order: Order) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.block = block
    self.order = order
  }

  /// Elements of either picture.
  @inlinable public var count: Int { batch * height * width * channels * block * block }
}

extension KernelSet {
  /// Moves elements from the small pictures to the large ones, or back.
  @inlinable
  public static func moveBlocks(
    _ source: Span<Float>, _ blocks: ChannelBlocks, toLarge: Bool,
    into result: inout MutableSpan<Float>
  ) {
    precondition(
      source.count == blocks.count && result.count == blocks.count,
      "moveBlocks: lengths do not fit the blocks")
    source.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { result in
        guard let source = source.baseAddress, let result = result.baseAddress else { return }
        ThreadPool.shared.parallel(blocks.batch * blocks.height * blocks.block) { line, _ in
          Self.moveBlockLine(line, source, blocks, toLarge, into: result)
        }
      }
    }
  }

  /// One row of cells of the large pictures.
  @inlinable
  static func moveBlockLine(
    _ line: Int, _ source: UnsafePointer<Float>, _ blocks: ChannelBlocks, _ toLarge: Bool,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (channels, block) = (blocks.channels, blocks.block)
    let (smallLine, row) = line.quotientAndRemainder(dividingBy: block)
    let area = block * block
    let isInnermost = blocks.order == .channelInnermost
    let step = isInnermost ? 1 : area
    for cell in 0..<blocks.width {
      for column in 0..<block {
        let place = row * block + column
        let small =
          (smallLine * blocks.width + cell) * area * channels
          + (isInnermost ? place * channels : place)
        let large = ((line * blocks.width + cell) * block + column) * channels
        for channel in 0..<channels {
          if toLarge {
            result[large + channel] = source[small + channel * step]
          } else {
            result[small + channel * step] = source[large + channel]
          }
        }
      }
    }
  }
}
