import GradCAMPPKernels

/// Linear: a dense layer of each token, `y = x W + b` along the innermost axis, W (inputs, outputs).
///
/// Not of ONNX, whose exporters write MatMul and Add: `RecognizeLinear` makes it of them.
enum LinearNode: NodeKind {
  static let operation = "Linear"
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let shape = try inputs.shape(0, of: node)
    let weights = try inputs.shape(1, of: node)
    guard shape.rank >= 2, weights.rank == 2, weights.count > 0, weights[0] == shape.channels else {
      throw node.error(
        "has weights of shape \(weights) for a tensor of shape \(shape); expected a matrix of "
          + "\(shape.channels) inputs")
    }
    if node.input(2) != nil {
      let biases = try inputs.shape(2, of: node)
      guard biases.count == weights[1] else {
        throw node.error("has biases of shape \(biases); expected one for each of \(weights[1])")
      }
    }
    return [try node.shape(shape.extents.dropLast() + [weights[1]])]
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let matrix = try inputs.constant(1, of: node).array()
    try lower(node, inputs, matrix, to: &network)
    let biases = try network.biases(2, of: node, inputs, count: matrix.shape[1])
    network.keep(weights: matrix, biases: biases, as: GraphConstant(matrix), of: node)
  }

  /// A dense layer with a matrix (inputs, outputs): of one vector, or, as a convolution of one tap, of
  /// many.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, _ matrix: WeightArray,
    to network: inout GraphLowering
  ) throws(GradCAMError) {
    let (terms, outputs) = (matrix.shape[0], matrix.shape[1])
    let biases = try network.biases(2, of: node, inputs, count: outputs).floats()
    let value = try network.value(0, of: node)
    let item = network.shape(of: value).withoutBatch
    guard item.rank > 1 else {
      return try network.add(
        Dense(layer: node.name, weights: matrix, biases: biases), for: node)
    }
    // One to three axes of tokens; more are one.
    let tokens = Array(item.extents.dropLast())
    let lying = tokens.count <= 3 ? tokens : [tokens.reduce(1, *)]
    let taps = lying.map { _ in 1 }
    let convolution = Convolution(
      layer: node.name, weights: matrix.viewed(as: Shape(taps + [terms, outputs])),
      biases: biases, stride: taps, dilation: taps)
    guard lying != tokens else { return try network.add(convolution, for: node) }
    let viewed = try network.viewed(value, Shape(lying + [terms]))
    let sums = try network.add(convolution, [viewed], of: node)[0]
    network.bind(node.outputs[0], to: try network.viewed(sums, Shape(tokens + [outputs])))
  }
}
