import GradCAMPPKernels

/// The output of an ONNX network that holds its classes.
enum ONNXOutput {
  /// The output of that name; without one the only output, else the first of (N, classes), as the
  /// file says or as follows from the input.
  ///
  /// Throws `invalidArgument` for a name that no output has, `badData` where it must be said which
  /// one is meant.
  static func output(
    _ document: ONNXDocument, _ options: ModelOptions
  ) throws(GradCAMError) -> String {
    let outputs = document.graph.outputs
    let names = outputs.map(\.name.quoted).joined(separator: ", ")
    if let name = options.output {
      guard outputs.contains(where: { $0.name == name }) else {
        throw GradCAMError(
          .invalidArgument,
          "\(document.origin) has no output \(name.quoted); expected one of \(names)")
      }
      return name
    }
    if outputs.count == 1 { return outputs[0].name }
    if let output = outputs.first(where: { isClasses($0.dimensions) }) { return output.name }
    let shapes = try? ONNXModel.shapes(document, options)
    if let output = outputs.first(where: { shapes?[$0.name].map(isClasses) ?? false }) {
      return output.name
    }
    throw GradCAMError(
      .badData,
      "\(document.origin) has the outputs \(names), none of which is known to be (N, classes); say "
        + "which one is meant with output")
  }

  /// Whether dimensions are (N, classes), or that with axes of extent 1 behind.
  private static func isClasses(_ dimensions: [ONNXDimension]?) -> Bool {
    guard let dimensions, dimensions.count >= 2 else { return false }
    return dimensions.dropFirst(2).allSatisfy { $0 == .fixed(1) }
  }

  private static func isClasses(_ shape: Shape) -> Bool {
    shape.rank >= 2 && shape.extents.dropFirst(2).allSatisfy { $0 == 1 }
  }
}

extension ONNXDocument {
  /// The same file with one output, and of nodes and inputs only what it needs; inputs that are
  /// given as constants are none.
  func reduced(to output: String, given: Set<String>) -> ONNXDocument {
    var needed: Set<String> = [output]
    var nodes: [ONNXNode] = []
    for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
      nodes.append(node)
      needed.formUnion(node.inputs)
    }
    return replacing(
      ONNXGraph(
        name: graph.name,
        inputs: graph.inputs.filter { needed.contains($0.name) && !given.contains($0.name) },
        outputs: graph.outputs.filter { $0.name == output }, initializers: graph.initializers,
        nodes: nodes.reversed()))
  }
}
