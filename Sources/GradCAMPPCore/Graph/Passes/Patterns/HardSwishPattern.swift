/// `x hardsigmoid(x)` with a slope of 1/6, also as `x clip(x + 3, 0, 6) / 6`.
enum HardSwishPattern: ActivationPattern {
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])? {
    for input in Set(product.values) {
      guard let gate = graph.cofactor(product, of: input) else { continue }
      let isHardSigmoid = product.number == 1 && self.isHardSigmoid(gate, of: input, graph)
      let isClip = graph.isClose(product.number, 1.0 / 6) && self.isClip(gate, of: input, graph)
      if isHardSigmoid || isClip { return (HardSwishNode.operation, input, [:]) }
    }
    return nil
  }

  private static func isHardSigmoid(
    _ value: String, of input: String, _ graph: GraphReading
  ) -> Bool {
    guard let node = graph.node(value, HardSigmoidNode.operation), node.inputs[0] == input,
      let alpha = try? node.number("alpha", default: 0.2),
      let beta = try? node.number("beta", default: 0.5)
    else { return false }
    // Exporters write 0.16666667, 0.1666667 and 0.16667.
    return abs(alpha - 1.0 / 6) < 1e-5 && beta == 0.5
  }

  private static func isClip(_ value: String, of input: String, _ graph: GraphReading) -> Bool {
    guard let node = graph.node(value, ClipNode.operation),
      graph.term(node.inputs[0], plus: 3) == input
    else { return false }
    func bound(_ place: Int, _ attribute: String) -> Double? {
      guard node.input(place) == nil else { return graph.number(node.input(place)) }
      return node.attributes[attribute] == nil ? nil : try? node.number(attribute, default: 0)
    }
    return bound(1, "min") == 0 && bound(2, "max") == 6
  }
}
