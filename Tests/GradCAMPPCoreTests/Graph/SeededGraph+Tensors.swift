import GradCAMPPKernels

@testable import GradCAMPPCore

extension SeededGraph {
  /// Operations on any axes that leave the extents as they are.
  mutating func addRearrangement(_ step: Int) throws {
    let isFirst = layout == .channelsFirst
    let (before, channelAxis, width) = (value, isFirst ? 1 : -1, isFirst ? 3 : 2)
    switch Int.random(in: 0..<7, using: &random) {
    case 0:
      add(
        "Slice", [value],
        [
          "axes": .integers([width]), "starts": .integers([-1]), "ends": .integers([.min]),
          "steps": .integers([-1]),
        ])
    case 1:
      let operation = ["ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1"]
      let name = operation[Int.random(in: 0..<5, using: &random)]
      add(name, [value], ["axes": .integers([channelAxis]), "keepdims": .integer(1)])
      add("Tanh", [value])
      add("Mul", flip() ? [before, value] : [value, before])
    case 2:
      let exponent = graph.add(try GraphConstant(Shape([]), [2]), name: "exponent \(step)")
      add("Tanh", [value])
      add("Pow", [value, exponent])
    case 3:
      let flags = (0..<spatial.reduce(1, *)).map { _ in flip() ? 1 : 0 }
      let shape = isFirst ? Shape(spatial) : Shape(spatial + [1])
      let condition = graph.add(
        GraphConstant(integers: flags, shape: shape), name: "condition \(step)")
      let other = graph.add(try GraphConstant(Shape([]), [0.25]), name: "filling \(step)")
      add("Where", flip() ? [condition, value, other] : [condition, other, value])
    case 4:
      let places = (0..<spatial[1]).map { _ in Int.random(in: 0..<spatial[1], using: &random) }
      let indices = graph.add(GraphConstant(integers: places), name: "places \(step)")
      add("Gather", [value, indices], ["axis": .integer(width)])
    case 5:
      add(flip() ? "Softmax" : "LogSoftmax", [value], ["axis": .integer(channelAxis)])
    default:
      add("GlobalAveragePool", [value])
      let extents = isFirst ? [1, 1] + spatial : [1] + spatial + [1]
      add(
        flip() ? "Expand" : "Tile",
        [value, graph.add(GraphConstant(integers: extents), name: "extents \(step)")])
      add("Add", [before, value])
    }
  }

  /// The cells as tokens, a class token before them, attention among them, and one vector again.
  mutating func addTokens() throws {
    var count = spatial.reduce(1, *)
    let shape = layout == .channelsFirst ? [1, channels, count] : [1, count, channels]
    reshape(shape)
    if layout == .channelsFirst { add("Transpose", [value], ["perm": .integers([0, 2, 1])]) }
    layout = .channelsFirst
    let hasClass = flip()
    if hasClass {
      let token = graph.add(try constant([1, 1, channels]), name: "class token")
      add("Concat", [token, value], ["axis": .integer(1)])
      count += 1
    }
    let residual = value
    try addLineNormalization()
    if flip() {
      try addAttention(count)
    } else {
      try addAttentionOfTokensFirst(count)
    }
    add("Add", flip() ? [residual, value] : [value, residual])
    if hasClass {
      let first = graph.add(GraphConstant(integers: [0], shape: Shape([])), name: "first")
      add("Gather", [value, first], ["axis": .integer(1)])
    } else {
      add("ReduceMean", [value], ["axes": .integers([1]), "keepdims": .integer(0)])
    }
  }

  private mutating func reshape(_ extents: [Int]) {
    add(
      "Reshape",
      [value, graph.add(GraphConstant(integers: extents), name: "to \(graph.nodes.count)")])
  }

  private mutating func addLineNormalization() throws {
    let factors = graph.add(try constant([channels]), name: "line factors")
    let offsets = graph.add(try constant([channels]), name: "line offsets")
    add(
      "LayerNormalization", flip() ? [value, factors, offsets] : [value, factors],
      ["axis": .integer(-1), "epsilon": .number(0.01)])
  }

  private mutating func addLinear(_ outputs: Int, _ name: String) throws {
    let weights = graph.add(try constant([channels, outputs]), name: "\(name) weights")
    add("MatMul", [value, weights])
    let biases = graph.add(try constant([outputs]), name: "\(name) biases")
    add("Add", flip() ? [value, biases] : [biases, value])
  }

  /// As timm's exports write it: (1, heads, tokens, numbers).
  private mutating func addAttention(_ count: Int) throws {
    let heads = channels % 2 == 0 ? 2 : 1
    try addLinear(3 * channels, "queries")
    reshape([1, count, 3, heads, channels / heads])
    add("Transpose", [value], ["perm": .integers([2, 0, 3, 1, 4])])
    let whole = value
    let parts = try (0..<3).map { try addPart($0, of: whole) }
    try attend(parts, turned: [0, 1, 3, 2])
    add("Transpose", [value], ["perm": .integers([0, 2, 1, 3])])
    reshape([1, count, channels])
    try addLinear(channels, "result")
  }

  private mutating func addPart(_ part: Int, of whole: String) throws -> String {
    let index = graph.add(
      GraphConstant(integers: [part], shape: Shape([])), name: "part index \(part)")
    add("Gather", [whole, index], ["axis": .integer(0)])
    return value
  }

  private mutating func attend(_ parts: [String], turned: [Int]) throws {
    add("Transpose", [parts[1]], ["perm": .integers(turned)])
    if turned.count == 4, flip() {
      add("Einsum", [parts[0], parts[1]], ["equation": .text("bhid, bhjd -> bhij")])
    } else {
      add("MatMul", [parts[0], value])
    }
    add("Softmax", [value], ["axis": .integer(-1)])
    add("MatMul", [value, parts[2]])
  }

  /// As torchvision's exports write it: (tokens, 1, numbers), then (heads, tokens, numbers).
  private mutating func addAttentionOfTokensFirst(_ count: Int) throws {
    let heads = channels % 2 == 0 ? 2 : 1
    add("Transpose", [value], ["perm": .integers([1, 0, 2])])
    try addLinear(3 * channels, "queries")
    reshape([count, 1, 3, channels])
    add("Unsqueeze", [value], ["axes": .integers([0])])
    add("Transpose", [value], ["perm": .integers([3, 1, 2, 0, 4])])
    add("Squeeze", [value], ["axes": .integers([-2])])
    let whole = value
    var parts: [String] = []
    for part in 0..<3 {
      value = try addPart(part, of: whole)
      reshape([count, heads, channels / heads])
      add("Transpose", [value], ["perm": .integers([1, 0, 2])])
      parts.append(value)
    }
    try attend(parts, turned: [0, 2, 1])
    add("Transpose", [value], ["perm": .integers([1, 0, 2])])
    reshape([count, channels])
    let weights = graph.add(try constant([channels, channels]), name: "result weights")
    let biases = graph.add(try constant([channels]), name: "result biases")
    add(
      "Gemm", [value, weights, biases], flip() ? ["transB": .integer(1)] : ["alpha": .number(0.5)])
    reshape([count, 1, channels])
    add("Transpose", [value], ["perm": .integers([1, 0, 2])])
  }
}
