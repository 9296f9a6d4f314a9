import GradCAMPPKernels

extension KerasGraph {
  /// Adds a convolution, of which each channel may be a group of its own.
  mutating func addConvolution(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    let isDepthwise = layer.kind == "DepthwiseConv2D"
    let (kernel, groups) = try isDepthwise ? depthwiseKernel(layer) : plainKernel(layer)
    var attributes = try windows(layer, dilation: "dilation_rate")
    attributes["group"] = .integer(groups)
    attributes["kernel_shape"] = .integers([kernel.shape[0], kernel.shape[1]])
    try checkStated("kernel_size", layer, [kernel.shape[0], kernel.shape[1]])
    if !isDepthwise { try checkStated("filters", layer, [kernel.shape[3]]) }
    let value = try addWeights(
      layer, "Conv", input, GraphConstant(kernel, order: .filter(4)), attributes,
      layout: layer.layout(), biasPlace: 1)
    named.append((layer.name, value, .convolution))
    return try activated(layer, value)
  }

  /// Adds a depthwise convolution without biases, `NAME/depthwise`, and one of single cells.
  mutating func addSeparable(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    let (kernel, groups) = try depthwiseKernel(layer)
    var attributes = try windows(layer, dilation: "dilation_rate")
    attributes["group"] = .integer(groups)
    try checkStated("kernel_size", layer, [kernel.shape[0], kernel.shape[1]])
    let layout = try layer.layout()
    let weights = graph.add(
      GraphConstant(kernel, order: .filter(4)), name: "\(layer.name)/depthwise/weights")
    let each = graph.add(
      "Conv", name: "\(layer.name)/depthwise", [input, weights], attributes, layout: layout)
    let pointwise = try variables.take("pointwise_kernel", 1, of: layer)
    guard pointwise.shape.rank == 4, pointwise.shape.count > 0 else {
      throw layer.error(
        "has a pointwise kernel of shape \(pointwise.shape); expected 1 x 1 x inputs x outputs")
    }
    try checkStated("filters", layer, [pointwise.shape[3]])
    let value = try addWeights(
      layer, "Conv", each, GraphConstant(pointwise, order: .filter(4)), [:], layout: layout,
      biasPlace: 2)
    named.append((layer.name, value, .convolution))
    return try activated(layer, value)
  }

  /// A kernel (height, width, inputs, outputs), and the number of groups.
  private mutating func plainKernel(
    _ layer: KerasLayer
  ) throws(GradCAMError) -> (WeightArray, groups: Int) {
    let kernel = try variables.take("kernel", 0, of: layer)
    guard kernel.shape.rank == 4, kernel.shape.count > 0 else {
      throw layer.error("has a kernel of shape \(kernel.shape); expected height x width x ...")
    }
    return (kernel, try layer["groups"].map(whole(layer, "groups")) ?? 1)
  }

  /// A kernel (height, width, channels, multiplier), of which each channel is a group.
  private mutating func depthwiseKernel(
    _ layer: KerasLayer
  ) throws(GradCAMError) -> (WeightArray, groups: Int) {
    let kernel = try variables.take("depthwise_kernel", 0, of: layer)
    let shape = kernel.shape
    guard shape.rank == 4, shape.count > 0 else {
      throw layer.error("has a kernel of shape \(shape); expected height x width x ...")
    }
    return (
      kernel.viewed(as: Shape([shape[0], shape[1], 1, shape[2] * shape[3]])), groups: shape[2]
    )
  }

  /// Adds a dense layer.
  mutating func addDense(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    let kernel = try variables.take("kernel", 0, of: layer)
    guard kernel.shape.rank == 2 else {
      throw layer.error("has a kernel of shape \(kernel.shape); expected inputs x units")
    }
    try checkStated("units", layer, [kernel.shape[1]])
    let value = try addWeights(
      layer, "Gemm", input, GraphConstant(kernel), [:], layout: .channelsLast, biasPlace: 1)
    named.append((layer.name, value, .dense))
    return try activated(layer, value)
  }

  private mutating func addWeights(
    _ layer: KerasLayer, _ operation: String, _ input: String, _ kernel: GraphConstant,
    _ attributes: [String: AttributeValue], layout: GraphNode.Layout, biasPlace: Int
  ) throws(GradCAMError) -> String {
    var inputs = [input, graph.add(kernel, name: "\(layer.name)/weights")]
    if try layer.flag("use_bias", default: true) {
      let biases = try variables.take("bias", biasPlace, of: layer)
      inputs.append(graph.add(GraphConstant(biases), name: "\(layer.name)/biases"))
    }
    return graph.add(operation, name: layer.name, inputs, attributes, layout: layout)
  }

  private func checkStated(
    _ name: String, _ layer: KerasLayer, _ expected: [Int]
  ) throws(GradCAMError) {
    guard let said = layer[name] else { return }
    let integers = said.integers ?? []
    let list = integers.count == 1 && expected.count == 2 ? integers + integers : integers
    guard list == expected else { throw layer.wrong(name, said, "\(expected), as its kernel has") }
  }
}
