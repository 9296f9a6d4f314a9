import GradCAMPPKernels

/// Layers of Keras that combine several tensors of one rank.
enum KerasMerge {
  /// Kind of layer, operation of graphs, and what it is listed as.
  private static let table: [(kind: String, operation: String, listed: KerasKind)] = [
    ("Add", AddNode.operation, .addition),
    ("Subtract", SubNode.operation, .subtraction),
    ("Multiply", MulNode.operation, .multiplication),
    ("Average", AddNode.operation, .average),
    ("Maximum", MaxNode.operation, .maximum),
    ("Minimum", MinNode.operation, .minimum),
    ("Concatenate", ConcatNode.operation, .concatenation),
  ]

  /// The operations.
  static let operations = Set(table.map(\.operation))

  /// The operation of a kind of layer and what it is listed as; nil for a layer that is no such one.
  static func named(_ kind: String) -> (operation: String, listed: KerasKind)? {
    table.first { $0.kind == kind }.map { ($0.operation, $0.listed) }
  }
}

extension KerasGraph {
  /// Adds a layer that combines all its inputs: two at a time, but for a concatenation.
  mutating func addMerge(
    _ layer: KerasLayer, _ inputs: [String], _ operation: String, _ listed: KerasKind
  ) throws(GradCAMError) -> String {
    guard inputs.count >= 2, listed != .subtraction || inputs.count == 2 else {
      throw layer.error(
        "combines \(inputs.count) tensors; expected 2\(listed == .subtraction ? "" : " or more")")
    }
    var value = inputs[0]
    if listed == .concatenation {
      guard let axis = (layer["axis"] ?? .number(-1)).integer else {
        throw layer.wrong("axis", layer["axis"] ?? .null, "a whole number")
      }
      value = graph.add(operation, name: layer.name, inputs, ["axis": .integer(axis)])
    } else {
      for (place, input) in inputs.enumerated().dropFirst() {
        let isLast = place == inputs.count - 1 && listed != .average
        value = graph.add(
          operation, name: isLast ? layer.name : "\(layer.name)/\(place)", [value, input])
      }
    }
    if listed == .average {
      let count = try GraphConstant(Shape([]), [Float(inputs.count)])
      value = graph.add(
        DivNode.operation, name: layer.name,
        [value, graph.add(count, name: "\(layer.name)/count")])
    }
    named.append((layer.name, value, listed))
    return value
  }
}
