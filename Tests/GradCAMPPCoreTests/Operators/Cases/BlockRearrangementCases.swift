import GradCAMPPKernels

@testable import GradCAMPPCore

enum BlockRearrangementCases: OperatorCaseFile {
  static let operation: any Operator.Type = BlockRearrangement.self

  static let rows: [OperatorCase] = [
    rearrangement([2, 3, 2, 12], .depthToSpace, block: 2),
    rearrangement([2, 3, 2, 12], .depthToSpace, block: 2, .channelOutermost),
    rearrangement([1, 5, 4, 27], .depthToSpace, block: 3, .channelOutermost),
    rearrangement([1, 6, 9, 2], .spaceToDepth, block: 3),
    rearrangement([2, 4, 6, 3], .spaceToDepth, block: 2, .channelOutermost),
    rearrangement([1, 3, 3, 4], .depthToSpace, block: 1),
    rearrangement([1, 17, 19, 64], .depthToSpace, block: 4),
  ]

  private static func rearrangement(
    _ input: [Int], _ direction: BlockRearrangement.Direction, block: Int,
    _ order: ChannelBlocks.Order = .channelInnermost
  ) -> OperatorCase {
    OperatorCase(
      "\(direction) of \(Shape(input)), squares of \(block), \(order)", input,
      BlockRearrangement(direction, block: block, order: order)
    ) { values, shape in
      let isGrowing = direction == .depthToSpace
      let small =
        isGrowing
        ? shape.extents
        : [shape[0], shape[1] / block, shape[2] / block, shape[3] * block * block]
      let channels = small[3] / (block * block)
      let large = [small[0], small[1] * block, small[2] * block, channels]
      var result = [Double](repeating: .nan, count: values.count)
      for index in everyIndex(large) {
        let (row, column, channel) = (index[1] % block, index[2] % block, index[3])
        let place =
          order == .channelInnermost
          ? position([row, column, channel], in: [block, block, channels])
          : position([channel, row, column], in: [channels, block, block])
        let cell = [index[0], index[1] / block, index[2] / block, place]
        let (from, to) = (position(cell, in: small), position(index, in: large))
        if isGrowing { result[to] = values[from] } else { result[from] = values[to] }
      }
      return result
    }
  }
}
