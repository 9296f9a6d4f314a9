/// `x sigmoid(x)`.
enum SiLUPattern: ActivationPattern {
  static func found(
    _ value: String, _ product: GraphReading.Product, _ graph: GraphReading
  ) -> (operation: String, input: String, attributes: [String: AttributeValue])? {
    guard product.number == 1, product.values.count == 2 else { return nil }
    for place in 0..<2 {
      guard let sigmoid = graph.node(product.values[place], SigmoidNode.operation),
        sigmoid.inputs[0] == product.values[1 - place]
      else { continue }
      return (SwishNode.operation, sigmoid.inputs[0], [:])
    }
    return nil
  }
}
