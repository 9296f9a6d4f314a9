import GradCAMPPKernels

/// Reads what nodes compute together, from a value back to those it is made of.
struct GraphReading {
  let graph: Graph
  private let producers: [String: Int]

  init(_ graph: Graph) {
    self.graph = graph
    producers = graph.producers
  }

  /// A product of values and a number.
  struct Product {
    var number = 1.0
    var values: [String] = []
  }

  /// The node that writes a value, if it is of that operation.
  func node(_ value: String, _ operation: String) -> GraphNode? {
    guard let place = producers[value], graph.nodes[place].operation == operation,
      graph.nodes[place].outputs.first == value
    else { return nil }
    return graph.nodes[place]
  }

  /// The only number that a constant holds.
  func number(_ value: String?) -> Double? {
    guard let value, let constant = graph.constants[value], constant.shape.count == 1,
      let number = try? constant.floats().first
    else { return nil }
    return Double(number)
  }

  /// What a value is the product of, quotients by numbers and whole powers taken apart.
  func product(_ value: String, depth: Int = 8) -> Product {
    if let number = number(value) { return Product(number: number) }
    guard depth > 0 else { return Product(values: [value]) }
    func times(_ left: String, _ right: String) -> Product {
      let (left, right) = (product(left, depth: depth - 1), product(right, depth: depth - 1))
      return Product(number: left.number * right.number, values: left.values + right.values)
    }
    if let node = node(value, MulNode.operation), node.inputs.count == 2 {
      return times(node.inputs[0], node.inputs[1])
    }
    if let node = node(value, DivNode.operation), node.inputs.count == 2,
      let divisor = number(node.inputs[1]), divisor != 0
    {
      var result = product(node.inputs[0], depth: depth - 1)
      result.number /= divisor
      return result
    }
    if let node = node(value, "Pow"), node.inputs.count == 2,
      let exponent = number(node.inputs[1]), exponent == 2 || exponent == 3
    {
      return Product(values: [String](repeating: node.inputs[0], count: Int(exponent)))
    }
    return Product(values: [value])
  }

  /// The other factor of a product of two values and a number, of which one is `value`.
  func cofactor(_ product: Product, of value: String) -> String? {
    guard product.values.count == 2, let place = product.values.firstIndex(of: value) else {
      return nil
    }
    return product.values[1 - place]
  }

  /// The terms of a sum; a number comes last.
  func sum(_ value: String) -> (String, String)? {
    guard let node = node(value, AddNode.operation), node.inputs.count == 2 else { return nil }
    return number(node.inputs[0]) == nil
      ? (node.inputs[0], node.inputs[1]) : (node.inputs[1], node.inputs[0])
  }

  /// The other term of a sum with a number.
  func term(_ value: String, plus wanted: Double) -> String? {
    guard let (term, number) = sum(value), isClose(self.number(number), wanted) else { return nil }
    return term
  }

  /// Whether a number is one of a formula, as float32 holds it.
  func isClose(_ number: Double?, _ wanted: Double) -> Bool {
    number.map { abs($0 - wanted) <= 1e-5 * abs(wanted) } ?? false
  }
}
