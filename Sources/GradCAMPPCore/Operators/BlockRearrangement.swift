import GradCAMPPKernels

/// Squares of cells that become channels of one cell, or the other way round.
///
/// Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution", section 2.2.
public struct BlockRearrangement: Operator {
  /// Which way elements move.
  public enum Direction: Hashable, Sendable {
    /// From channels to cells.
    case depthToSpace
    /// From cells to channels.
    case spaceToDepth
  }

  /// Rows and columns of a square.
  public let block: Int
  /// In which order the channels count them.
  public let order: ChannelBlocks.Order
  /// Which way elements move.
  public let direction: Direction

  /// A move of squares of `block` times `block` cells.
  public init(
    _ direction: Direction, block: Int, order: ChannelBlocks.Order = .channelInnermost
  ) {
    precondition(block >= 1, "a square of no cells")
    self.direction = direction
    self.block = block
    self.order = order
  }

  /// "rearrangement".
  public var kind: String { "rearrangement" }

  /// True.
  public var isLinear: Bool { true }

  /// (N, H b, W b, C / b^2), or (N, H / b, W / b, C b^2).
  public func outputShapes(_ inputs: [Shape]) throws(GradCAMError) -> [Shape] {
    let shape = inputs[0]
    let isFitting =
      shape.rank == 4
      && (direction == .depthToSpace
        ? shape.channels % (block * block) == 0
        : shape.spatial.allSatisfy { $0 % block == 0 })
    guard isFitting else {
      throw GradCAMError(
        .badData,
        "squares of \(block)x\(block) cells cannot be rearranged in a tensor of shape "
          + "\(shape.withoutBatch); two spatial axes and whole squares are expected")
    }
    let area = block * block
    return [
      direction == .depthToSpace
        ? Shape([shape[0], shape[1] * block, shape[2] * block, shape[3] / area])
        : Shape([shape[0], shape[1] / block, shape[2] / block, shape[3] * area])
    ]
  }

  private func blocks(_ input: Shape) -> ChannelBlocks {
    let isSmall = direction == .depthToSpace
    return ChannelBlocks(
      batch: input[0], height: isSmall ? input[1] : input[1] / block,
      width: isSmall ? input[2] : input[2] / block,
      channels: isSmall ? input[3] / (block * block) : input[3], block: block, order: order)
  }

  /// The elements at their new places.
  public func forward(_ slots: ForwardSlots, in run: Run) throws(GradCAMError) {
    var output = run.memory.writing(slots.output)
    run.kernels.moveBlocks(
      run.memory.reading(slots.inputs[0]), blocks(slots.inputs[0].shape),
      toLarge: direction == .depthToSpace, into: &output)
  }

  /// The elements where they came from.
  public func gradient(_ slots: GradientSlots, in run: Run) throws(GradCAMError) {
    guard let result = slots.inputGradients[0] else { return }
    var inputGradient = run.memory.writing(result)
    run.kernels.moveBlocks(
      run.memory.reading(slots.outputGradient), blocks(result.shape),
      toLarge: direction == .spaceToDepth, into: &inputGradient)
  }
}
