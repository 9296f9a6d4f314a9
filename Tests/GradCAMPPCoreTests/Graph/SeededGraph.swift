import GradCAMPPKernels

@testable import GradCAMPPCore

/// A random network as a file might hold it: either layout, transposes between them, weights lying
/// in any order, normalisations, padding apart, values that nobody reads, a head of dense layers.
struct SeededGraph {
  var graph = Graph(origin: "seeded.graph")
  let input: SlowTensor

  var layout: GraphNode.Layout
  var value = "input"
  var channels: Int
  var spatial: [Int]
  private var isFlat = false
  var random: RepeatableRandom
  /// Whether everything can be lowered to operators.
  private let isServed: Bool

  init(seed: Int, isServed: Bool) throws {
    random = RepeatableRandom(seed: UInt64(seed))
    self.isServed = isServed
    layout = Bool.random(using: &random) ? .channelsFirst : .channelsLast
    channels = 3
    spatial = [Int.random(in: 7...9, using: &random), Int.random(in: 7...9, using: &random)]
    let extents = layout == .channelsFirst ? [1, 3] + spatial : [1] + spatial + [3]
    input = SlowTensor(extents, random.floats(extents.reduce(1, *)).map(Double.init))
    graph.inputs = [Graph.Input(name: "input", extents: extents.map { .fixed($0) }, layout: layout)]
    for step in 0..<Int.random(in: 3...7, using: &random) { try addStep(step) }
    try addHead()
    for place in graph.nodes.indices where Int.random(in: 0..<4, using: &random) == 0 {
      let node = graph.nodes[place]
      let isLayer = ["Conv", "Relu", "MaxPool", "Gemm", "BatchNormalization"].contains(
        node.operation)
      // What a normalisation folds into is nothing by itself any more.
      let isFolded = graph.nodes.contains {
        $0.operation == "BatchNormalization" && $0.inputs[0] == node.outputs[0]
      }
      guard isLayer, !isFolded else { continue }
      graph.layers.append(Graph.Layer(name: "layer \(place)", value: node.outputs[0], kind: "k"))
    }
  }

  mutating func flip() -> Bool { Bool.random(using: &random) }

  mutating func constant(_ shape: [Int], _ values: [Float]? = nil) throws -> GraphConstant {
    let numbers = values ?? random.floats(shape.reduce(1, *))
    let order = AxisOrder(Array(shape.indices).shuffled(using: &random))
    let lying = Shape(order.axes.map { shape[$0] })
    return GraphConstant(WeightArray(try Tensor(lying, numbers)), order: order)
  }

  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [String: AttributeValue] = [:]
  ) {
    let name = "\(operation) \(graph.nodes.count)"
    value = graph.add(operation, name: name, inputs, attributes, layout: layout)
  }

  private mutating func addStep(_ step: Int) throws {
    // Padding must have windows behind it that fit.
    let isRoomy = spatial.allSatisfy { $0 >= 3 }
    switch Int.random(in: 0..<(isRoomy ? 9 : 7), using: &random) {
    case 0, 1, 2: try addConvolution(step)
    case 3:
      switch Int.random(in: 0..<5, using: &random) {
      case 0: try addBranches(step)
      case 1: try addActivation(step)
      case 2: try addCells(step)
      case 3: try addRearrangement(step)
      default: try addArithmetic(step)
      }
    case 4: addPool(extra: 0)
    case 5:
      let perm = layout == .channelsFirst ? [0, 2, 3, 1] : [0, 3, 1, 2]
      add("Transpose", [value], ["perm": .integers(perm)])
      layout = layout == .channelsFirst ? .channelsLast : .channelsFirst
    case 6: add(flip() ? "Identity" : "Dropout", [value])
    case 7:
      try addPad(-Double.infinity)
      addPool(extra: 1, mayAverage: false)
    default:
      if flip() || isServed { add("Relu", [value]) }
      try addPad(0)
      if flip() { addPool(extra: 1) } else { try addConvolution(step, behindPad: true) }
    }
    if flip() {
      let name = "dead \(step)"
      graph.nodes.append(GraphNode("Relu", name: name, inputs: [value], outputs: [name]))
    }
  }

  private mutating func addPad(_ fill: Double) throws {
    // Cells of one window at most: pools refuse more.
    let pads = (0..<4).map { _ in Int.random(in: 0...1, using: &random) }
    let all =
      layout == .channelsFirst
      ? [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]
      : [0, pads[0], pads[1], 0, 0, pads[2], pads[3], 0]
    spatial = [spatial[0] + pads[0] + pads[2], spatial[1] + pads[1] + pads[3]]
    if flip() {
      add("Pad", [value], ["pads": .integers(all), "value": .number(fill)])
    } else {
      let name = graph.add(GraphConstant(integers: all), name: "pads \(graph.nodes.count)")
      let filling = graph.add(
        try GraphConstant(Shape([]), [Float(fill)]), name: "fill \(graph.nodes.count)")
      add("Pad", [value, name, filling])
    }
  }

  private mutating func addPool(extra: Int, mayAverage: Bool = true) {
    guard spatial.allSatisfy({ $0 >= 2 }) else { return add("Relu", [value]) }
    let stride = spatial.allSatisfy { $0 > 4 } ? Int.random(in: 1...2, using: &random) : 1
    var attributes: [String: AttributeValue] = [
      "kernel_shape": .integers([2, 2]), "strides": .integers([stride, stride]),
    ]
    let isCeiling = extra == 0 && flip()
    if isCeiling { attributes["ceil_mode"] = .integer(1) }
    if mayAverage, flip() {
      if flip() { attributes["count_include_pad"] = .integer(1) }
      add("AveragePool", [value], attributes)
    } else {
      add("MaxPool", [value], attributes)
    }
    spatial = spatial.map { cells in
      let room = cells - 2
      return isCeiling ? (room + stride - 1) / stride + 1 : room / stride + 1
    }
  }

  private mutating func addConvolution(_ step: Int, behindPad: Bool = false) throws {
    let groups = channels % 2 == 0 && flip() ? 2 : 1
    let outputs = 2 * Int.random(in: 1...3, using: &random)
    let kernel = [Int.random(in: 1...3, using: &random), Int.random(in: 1...3, using: &random)]
    var attributes: [String: AttributeValue] = ["group": .integer(groups)]
    // What SAME comes to is not padding that more can be added to.
    switch Int.random(in: (behindPad && isServed ? 1 : 0)..<3, using: &random) {
    case 0: attributes["auto_pad"] = .text(flip() ? "SAME_UPPER" : "SAME_LOWER")
    case 1:
      let pads = kernel.map { ($0 - 1) / 2 } + kernel.map { $0 / 2 }
      attributes["pads"] = .integers(pads)
    default:
      guard zip(spatial, kernel).allSatisfy({ $0 >= $1 }) else { return add("Relu", [value]) }
      attributes["dilations"] = .integers([1, 1])
      spatial = zip(spatial, kernel).map { $0 - $1 + 1 }
    }
    var inputs = [value]
    let shape = [outputs, channels / groups] + kernel
    if flip() {
      inputs.append(graph.add(try constant(shape), name: "weights \(step)"))
    } else {
      // As a file of TensorFlow's may have it.
      let kept = graph.add(try constant(kernel + [shape[1], outputs]), name: "kept \(step)")
      graph.nodes.append(
        GraphNode(
          "Transpose", name: "turned \(step)", inputs: [kept], outputs: ["turned \(step)"],
          attributes: ["perm": .integers([3, 2, 0, 1])]))
      inputs.append("turned \(step)")
    }
    if flip() { inputs.append(graph.add(try constant([outputs]), name: "biases \(step)")) }
    add("Conv", inputs, attributes)
    channels = outputs
    if flip() { try addNormalization("\(step)") }
  }

  mutating func addNormalization(_ step: String) throws {
    let variances = random.floats(channels).map { abs($0) + 0.1 }
    var inputs = [value]
    for name in ["gamma", "beta", "mean"] {
      inputs.append(graph.add(try constant([channels]), name: "\(name) \(step)"))
    }
    inputs.append(graph.add(try constant([channels], variances), name: "variance \(step)"))
    add("BatchNormalization", inputs, flip() ? ["epsilon": .number(0.01)] : [:])
  }

  /// A global average as each exporter writes it.
  private mutating func addGlobalAverage() throws {
    spatial = [1, 1]
    guard flip() else { return add("GlobalAveragePool", [value]) }
    let axes = layout == .channelsFirst ? [2, 3] : [1, 2]
    isFlat = flip()
    var attributes: [String: AttributeValue] = isFlat ? ["keepdims": .integer(0)] : [:]
    guard flip() else {
      attributes["axes"] = .integers(axes)
      return add("ReduceMean", [value], attributes)
    }
    let named = graph.add(
      GraphConstant(integers: axes.map { $0 - 4 }.reversed()), name: "mean axes")
    add("ReduceMean", [value, named], attributes)
  }

  private mutating func addHead() throws {
    if Int.random(in: 0..<3, using: &random) == 0 {
      try addTokens()
      spatial = [1, 1]
      return try addLayers(units: channels)
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      try addGlobalAverage()
    case 1:
      spatial = spatial.map { Int.random(in: 1...$0, using: &random) }
      add("AdaptiveAveragePool", [value], ["output_size": .integers(spatial)])
    default: break
    }
    let units = channels * spatial.reduce(1, *)
    if isFlat {
      add("Flatten", [value])
    } else if spatial == [1, 1], flip() {
      let axes = layout == .channelsFirst ? [2, 3] : [1, 2]
      let isInput = flip()
      let named = graph.add(GraphConstant(integers: axes.map { $0 - 4 }), name: "unit axes")
      add(
        "Squeeze", isInput ? [value, named] : [value], isInput ? [:] : ["axes": .integers(axes)])
      if flip() {
        add("Unsqueeze", [value], ["axes": .integers([-1, 1])])
        add("Squeeze", [value], ["axes": .integers([1, 3])])
      }
    } else if flip() {
      add("Flatten", [value])
    } else {
      let name = graph.add(GraphConstant(integers: [flip() ? 0 : 1, -1]), name: "flat extents")
      add("Reshape", [value, name])
    }
    layout = .channelsFirst
    if flip() { add("Relu", [value]) }
    try addLayers(units: units)
  }

  /// Dense layers and what makes probabilities of the last one's numbers.
  private mutating func addLayers(units: Int) throws {
    var units = units
    for layer in 0..<Int.random(in: 1...3, using: &random) {
      let outputs = Int.random(in: 2...5, using: &random)
      let isOutputsFirst = flip()
      let weights = try constant(isOutputsFirst ? [outputs, units] : [units, outputs])
      var inputs = [value, graph.add(weights, name: "matrix \(layer)")]
      if flip() { inputs.append(graph.add(try constant([outputs]), name: "offsets \(layer)")) }
      add("Gemm", inputs, isOutputsFirst ? ["transB": .integer(1)] : [:])
      units = outputs
      channels = outputs
      if flip() { try addNormalization("dense \(layer)") }
      if flip() { add("Relu", [value]) }
    }
    switch Int.random(in: 0..<3, using: &random) {
    case 0: add("Softmax", [value])
    case 1: add("Sigmoid", [value])
    default: break
    }
    graph.outputs = [value]
  }
}
