import GradCAMPPKernels

/// Lets a network that takes one channel take colours, by a convolution that makes grey of them.
///
/// `grey = 0.299 red + 0.587 green + 0.114 blue`, ITU-R BT.601's luma, which Pillow's mode L rounds to
/// 8 bits. The weights add up to 1, so that what is done to colours before is done to the grey.
enum GreyInput {
  private static let weights: [Float] = [0.299, 0.587, 0.114]

  /// Turns an input of one channel into one of three; an input of another number stays.
  static func widen(_ graph: inout Graph) throws(GradCAMError) {
    let input = graph.inputs[0]
    let axis = input.layout == .channelsFirst ? 1 : input.extents.count - 1
    guard input.extents.count == 4, input.extents[axis] == .fixed(1) else { return }
    let colors = graph.unusedName("\(input.name)/colours")
    let luma = graph.unusedName("\(input.name)/luma")
    graph.constants[luma] = try GraphConstant(Shape([1, 3, 1, 1]), weights)
    graph.inputs[0].name = colors
    graph.inputs[0].extents[axis] = .fixed(3)
    let grey = GraphNode(
      ConvNode.operation, name: "\(input.name)/grey", inputs: [colors, luma],
      outputs: [input.name], layout: input.layout)
    graph.nodes.insert(grey, at: 0)
  }
}
