import GradCAMPPKernels

/// Einsum: sums of products by the letters of axes; `ExpandEinsum` writes it as MatMul.
enum EinsumNode: NodeKind {
  static let operation = "Einsum"
  static let attributes: Set<String> = ["equation"]
  static let axisUse = AxisUse.memory

  /// What an equation says: the letters of each input's axes, and of the output's.
  struct Equation {
    let inputs: [[Character]]
    let output: [Character]
  }

  /// One or two inputs, no letter twice in one of them, and an output that is written.
  static func equation(_ node: GraphNode) throws(GradCAMError) -> Equation {
    let text = try node.text("equation", default: "").filter { $0 != " " }
    let sides = text.split(separator: "-", omittingEmptySubsequences: false)
    let parts = sides.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    let inputs = parts.map { Array($0) }
    guard sides.count == 2, sides[1].hasPrefix(">"), inputs.count == node.inputs.count,
      (1...2).contains(inputs.count)
    else {
      throw node.wrong("equation", .text(text), "one or two inputs and an output, \"ij,jk->ik\"")
    }
    let output = Array(sides[1].dropFirst())
    let all = inputs + [output]
    let known = Set(inputs.joined())
    guard all.allSatisfy({ Set($0).count == $0.count && $0.allSatisfy(\.isLetter) }),
      output.allSatisfy(known.contains)
    else {
      throw node.wrong(
        "equation", .text(text), "letters, each once in an input and in the output")
    }
    return Equation(inputs: inputs, output: output)
  }

  /// The extents of the letters.
  static func extents(
    _ node: GraphNode, _ equation: Equation, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Character: Int] {
    var extents: [Character: Int] = [:]
    for (place, letters) in equation.inputs.enumerated() {
      let shape = try inputs.shape(place, of: node)
      guard shape.rank == letters.count else {
        throw node.error(
          "names \(letters.count) axes of a tensor of shape \(shape); expected one letter for each")
      }
      for (letter, extent) in zip(letters, shape.extents) {
        guard extents[letter] == nil || extents[letter] == extent else {
          throw node.error("has extents \(extents[letter] ?? 0) and \(extent) for one letter")
        }
        extents[letter] = extent
      }
    }
    return extents
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let equation = try equation(node)
    let extents = try extents(node, equation, inputs)
    return [try node.shape(equation.output.map { extents[$0] ?? 1 })]
  }
}
