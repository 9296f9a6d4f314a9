/// `x (1 + erf(x / sqrt(2))) / 2`, in whatever order the factors come.
enum GELUPattern: ActivationPattern {
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])? {
    guard graph.isClose(product.number, 0.5) else { return nil }
    for input in Set(product.values) {
      guard let gate = graph.cofactor(product, of: input),
        let term = graph.term(gate, plus: 1), let erf = graph.node(term, ErfNode.operation)
      else { continue }
      let scaled = graph.product(erf.inputs[0])
      if scaled.values == [input], graph.isClose(scaled.number, 0.5.squareRoot()) {
        return (GeluNode.operation, input, [:])
      }
    }
    return nil
  }
}
