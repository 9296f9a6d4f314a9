import GradCAMPPKernels

/// The values of a graph or function.
enum ONNXValues {
  /// Names of all values: those given and those that the nodes make.
  ///
  /// Throws `badData` when a node uses what is not made before it, or makes what is there already.
  static func made(
    by nodes: [ONNXNode], from given: [String], in place: String
  ) throws(GradCAMError) -> Set<String> {
    var made = Set(given)
    for node in nodes {
      for input in node.inputs where !input.isEmpty && !made.contains(input) {
        throw GradCAMError(
          .badData,
          "\(place): \(node) uses \(input.quoted), which nothing before it computes")
      }
      for output in node.outputs where !output.isEmpty && !made.insert(output).inserted {
        throw GradCAMError(
          .badData,
          "\(place): \(node) computes \(output.quoted), of which there is one already")
      }
    }
    return made
  }
}
