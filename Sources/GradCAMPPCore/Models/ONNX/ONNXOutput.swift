import GradCAMPPKernels

/// The output of an ONNX network that holds its classes.
enum ONNXOutput {
  /// The only output, or the first that is said to be (N, classes).
  static func output(_ document: ONNXDocument) throws(GradCAMError) -> String {
    let outputs = document.graph.outputs
    if outputs.count == 1 { return outputs[0].name }
    guard let output = outputs.first(where: { $0.dimensions?.count == 2 }) else {
      let names = outputs.map(\.name.quoted).joined(separator: ", ")
      throw GradCAMError(
        .badData,
        "\(document.origin) has the outputs \(names), none of which is said to be (N, classes)")
    }
    return output.name
  }
}
