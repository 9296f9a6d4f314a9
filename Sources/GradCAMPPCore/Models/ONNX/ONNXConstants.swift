import GradCAMPPKernels

/// Tensors that an ONNX file gives, as constants of a graph.
enum ONNXConstants {
  /// The operator whose nodes are constants.
  static let operatorName = "Constant"

  /// The initialisers and Constant nodes that other nodes, or the output, use.
  static func constants(_ document: ONNXDocument) throws(GradCAMError) -> [String: GraphConstant] {
    let graph = document.graph
    let used = Set(graph.nodes.flatMap(\.inputs) + graph.outputs.map(\.name))
    var constants: [String: GraphConstant] = [:]
    for tensor in graph.initializers where used.contains(tensor.name) {
      constants[tensor.name] = try constant(tensor, document.origin)
    }
    for node in graph.nodes {
      guard let tensor = try node.constant(document.origin), used.contains(tensor.name) else {
        continue
      }
      constants[tensor.name] = try constant(tensor, document.origin)
    }
    return constants
  }

  /// A tensor's numbers, where they lie if they are float32.
  static func constant(
    _ tensor: ONNXTensor, _ origin: String
  ) throws(GradCAMError) -> GraphConstant {
    if let array = try tensor.weightArray() { return GraphConstant(array) }
    if tensor.type == .int8 || tensor.type == .uint8 {
      let bytes = tensor.read { bytes in
        (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      }
      return GraphConstant(bytes: bytes, isSigned: tensor.type == .int8, shape: tensor.shape)
    }
    guard tensor.shape.count <= WeightArray.longestList, let integers = tensor.integers() else {
      throw GradCAMError(
        .badData,
        "\(origin): tensor \(tensor.name.quoted) holds \(tensor.shape.count) whole numbers; "
          + "expected at most \(WeightArray.longestList), up to 2^63 - 1")
    }
    return GraphConstant(integers: integers.map { Int($0) }, shape: tensor.shape)
  }
}
