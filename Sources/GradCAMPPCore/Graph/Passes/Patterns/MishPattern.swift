/// `x tanh(softplus(x))`.
enum MishPattern: ActivationPattern {
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])? {
    guard product.number == 1 else { return nil }
    for input in Set(product.values) {
      guard let gate = graph.cofactor(product, of: input),
        let tanh = graph.node(gate, TanhNode.operation),
        graph.node(tanh.inputs[0], SoftplusNode.operation)?.inputs[0] == input
      else { continue }
      return (MishNode.operation, input, [:])
    }
    return nil
  }
}
