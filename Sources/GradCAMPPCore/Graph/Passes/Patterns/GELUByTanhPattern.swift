/// `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) / 2`, also with `x (1 + 0.044715 x²)`.
enum GELUByTanhPattern: ActivationPattern {
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])? {
    guard graph.isClose(product.number, 0.5) else { return nil }
    for input in Set(product.values) {
      guard let gate = graph.cofactor(product, of: input),
        let term = graph.term(gate, plus: 1), let tanh = graph.node(term, TanhNode.operation),
        isCubic(graph.product(tanh.inputs[0]), of: input, graph)
      else { continue }
      return (GeluNode.operation, input, ["approximate": .text("tanh")])
    }
    return nil
  }

  /// Whether a product is `sqrt(2 / pi) (x + 0.044715 x³)`.
  private static func isCubic(
    _ product: GraphReading.Product, of input: String, _ graph: GraphReading
  ) -> Bool {
    guard graph.isClose(product.number, (2 / Double.pi).squareRoot()) else { return false }
    if product.values.count == 1, let (first, second) = graph.sum(product.values[0]) {
      return [(first, second), (second, first)].contains { linear, cubic in
        linear == input && isPower(graph.product(cubic), 3, of: input, graph)
      }
    }
    guard let factor = graph.cofactor(product, of: input), let square = graph.term(factor, plus: 1)
    else { return false }
    return isPower(graph.product(square), 2, of: input, graph)
  }

  private static func isPower(
    _ product: GraphReading.Product, _ exponent: Int, of input: String, _ graph: GraphReading
  ) -> Bool {
    graph.isClose(product.number, 0.044715)
      && product.values == [String](repeating: input, count: exponent)
  }
}
