import GradCAMPPKernels

/// What a quantised tensor's whole numbers mean: `(number - zero) scale`, one of each for all
/// numbers or for each place of an axis.
struct Quantization {
  let scales: [Float]
  let zeros: [Int]
  /// The axis of the scales; nil for one scale.
  let axis: Int?
  /// The numbers of the type.
  let range: ClosedRange<Int>

  /// What a node says of numbers of a shape; `number` is the quantised tensor where it is given.
  init(
    _ node: GraphNode, _ inputs: NodeInputs, number: GraphConstant? = nil
  ) throws(GradCAMError) {
    let shape = try inputs.shape(0, of: node)
    scales = try inputs.constant(1, of: node).floats()
    zeros = try inputs.integers(2, of: node) ?? scales.map { _ in 0 }
    try node.require("block_size", 0)
    guard !scales.isEmpty, scales.allSatisfy({ $0.isFinite && $0 > 0 }),
      zeros.count == scales.count
    else {
      throw node.error(
        "has \(scales.count) scales and \(zeros.count) zeros; expected as many of each, and scales "
          + "above 0")
    }
    let typed = node.input(2) == nil ? number : try inputs.constant(2, of: node)
    let stated = try node.integer("output_dtype", default: 0)
    // ONNX's numbers of uint8 and int8; where nothing is said uint8 is meant.
    let isSigned = typed.map { $0.isSigned } ?? (stated == 3)
    guard typed != nil || [0, 2, 3].contains(stated) else {
      throw node.wrong("output_dtype", .integer(stated), "2 or 3, whole numbers of 8 bits")
    }
    range = isSigned ? -128...127 : 0...255
    if scales.count == 1 {
      self.axis = nil
      return
    }
    let axis = try node.axis("axis", default: 1, rank: shape.rank)
    guard shape[axis] == scales.count else {
      throw node.error("has \(scales.count) scales for \(shape[axis]) places of axis \(axis)")
    }
    self.axis = axis
  }

  /// The place of each number's scale.
  private func places(_ shape: Shape) -> (stretch: Int, count: Int) {
    guard let axis else { return (1, 1) }
    return (shape.extents[(axis + 1)...].reduce(1, *), scales.count)
  }

  /// The numbers that whole numbers mean.
  func dequantized(_ numbers: [Int], _ shape: Shape) -> [Float] {
    let (stretch, count) = places(shape)
    return numbers.enumerated().map { index, number in
      let place = index / stretch % count
      return Float(number - zeros[place]) * scales[place]
    }
  }

  /// The whole numbers nearest to numbers, of two the even one, within the range.
  func quantized(_ numbers: [Float], _ shape: Shape) -> [Int] {
    let (stretch, count) = places(shape)
    return numbers.enumerated().map { index, number in
      let place = index / stretch % count
      let rounded = (number / scales[place]).rounded(.toNearestOrEven)
      let bounded = min(max(rounded, -1024), 1024)
      return min(max(Int(bounded) + zeros[place], range.lowerBound), range.upperBound)
    }
  }
}

/// QuantizeLinear: numbers as whole ones, `round(x / scale) + zero`, within the range of a type.
///
/// Networks compute in float32: of a pair with DequantizeLinear nothing is rounded, only the range
/// stays, and gradients pass straight through it; see `MergeQuantization`.
enum QuantizeLinearNode: NodeKind {
  static let operation = "QuantizeLinear"
  static let attributes: Set<String> = [
    "axis", "block_size", "output_dtype", "precision", "saturate",
  ]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    guard let constant = inputs.constants[0], constant.isFloat else { return nil }
    let quantization = try Quantization(node, inputs)
    let numbers = quantization.quantized(try constant.floats(), constant.shape)
    return [
      GraphConstant(
        bytes: numbers.map { UInt8(truncatingIfNeeded: $0) },
        isSigned: quantization.range.lowerBound < 0, shape: constant.shape)
    ]
  }
}

/// DequantizeLinear: `(number - zero) scale`.
enum DequantizeLinearNode: NodeKind {
  static let operation = "DequantizeLinear"
  static let attributes: Set<String> = ["axis", "block_size", "output_dtype"]
  static let axisUse = AxisUse.memory

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    [try inputs.shape(0, of: node)]
  }

  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? {
    guard let constant = inputs.constants[0], let numbers = constant.integers else { return nil }
    let quantization = try Quantization(node, inputs, number: constant)
    return [
      try GraphConstant(constant.shape, quantization.dequantized(numbers, constant.shape))
    ]
  }
}
