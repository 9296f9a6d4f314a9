import GradCAMPPKernels

extension Graph {
  /// Throws `badData` unless each node is of a known kind with attributes that are understood, each
  /// value is written once and before it is read, and every output is there.
  func check() throws(GradCAMError) {
    var known = Set(constants.keys)
    func add(_ name: String) throws(GradCAMError) {
      guard known.insert(name).inserted else {
        throw error("two values are named \(name.quoted)")
      }
    }
    for input in inputs where constants[input.name] == nil { try add(input.name) }
    for node in nodes {
      try checkAttributes(of: node, known: attributes(of: node))
      for name in node.inputs where !name.isEmpty && !known.contains(name) {
        throw error(node.error("reads \(name.quoted), which nothing before it writes").message)
      }
      for name in node.outputs where !name.isEmpty { try add(name) }
    }
    for name in outputs + layers.map(\.value) where !known.contains(name) {
      throw error("nothing writes \(name.quoted)")
    }
  }

  /// Throws `badData` naming an attribute of a node that is not among the known ones.
  func checkAttributes(of node: GraphNode, known: Set<String>) throws(GradCAMError) {
    let unknown = node.attributes.keys.filter { !known.contains($0) }.min()
    guard let unknown, let value = node.attributes[unknown] else { return }
    let names = known.sorted().joined(separator: ", ")
    throw error(
      node.error(
        "has an attribute \(unknown.quoted) (\(value.description)), which is not understood; "
          + "expected \(names.isEmpty ? "none" : "only \(names)")"
      ).message)
  }

  /// Attributes of a node that are understood, by operators or where constants are folded.
  private func attributes(of node: GraphNode) throws(GradCAMError) -> Set<String> {
    let evaluation = ConstantEvaluations.named(node.operation)?.attributes ?? []
    if let kind = NodeKinds.named(node.operation) { return kind.attributes.union(evaluation) }
    if ConstantEvaluations.named(node.operation) == nil { _ = try kind(of: node) }
    return evaluation
  }

  /// The kind of a node; throws `badData` naming node and operation when there is none.
  func kind(of node: GraphNode) throws(GradCAMError) -> any NodeKind.Type {
    if let kind = NodeKinds.named(node.operation) { return kind }
    let isEvaluated = ConstantEvaluations.named(node.operation) != nil
    throw error(
      node.error(
        isEvaluated
          ? "computes with the picture; it is served where all its inputs are constants"
          : "is of an operation that is not known"
      ).message)
  }

  /// Extents of all values, as operations count axes, for a batch of one.
  func shapes() throws(GradCAMError) -> [String: Shape] {
    var shapes = try inputShapes()
    for node in nodes {
      let found = try outputShapes(node, shapes)
      for (name, shape) in zip(node.outputs, found) { shapes[name] = shape }
    }
    return shapes
  }

  /// Extents of constants and inputs.
  func inputShapes() throws(GradCAMError) -> [String: Shape] {
    var shapes = constants.mapValues(\.shape)
    for input in inputs where shapes[input.name] == nil {
      shapes[input.name] = try shape(of: input)
    }
    return shapes
  }

  /// Extents of a node's outputs; its inputs' are among `shapes`.
  func outputShapes(
    _ node: GraphNode, _ shapes: [String: Shape]
  ) throws(GradCAMError) -> [Shape] {
    let kind = try kind(of: node)
    let found = try named { () throws(GradCAMError) in
      try kind.outputShapes(node, inputs(of: node, shapes))
    }
    guard found.count >= node.outputs.count else {
      throw error(
        node.error("writes \(node.outputs.count) values; expected \(found.count)").message)
    }
    return found
  }

  /// What is known of a node's inputs.
  func inputs(of node: GraphNode, _ shapes: [String: Shape]) -> NodeInputs {
    NodeInputs(
      shapes: node.inputs.map { $0.isEmpty ? nil : shapes[$0] },
      constants: node.inputs.map { $0.isEmpty ? nil : constants[$0] })
  }

  /// An error about the graph, named with its origin.
  func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(origin): \(sentence)")
  }

  /// Runs `body`, whose errors get the origin's name in front.
  func named<Result>(_ body: () throws(GradCAMError) -> Result) throws(GradCAMError) -> Result {
    do throws(GradCAMError) {
      return try body()
    } catch {
      throw GradCAMError(error.kind, "\(origin): \(error.message)")
    }
  }

  private func shape(of input: Input) throws(GradCAMError) -> Shape {
    var extents: [Int] = []
    for extent in input.extents {
      switch extent {
      case .fixed(let count): extents.append(count)
      case .symbolic(let name):
        throw error("input \(input.name.quoted) has an extent \(name.quoted) that is not bound")
      }
    }
    guard let shape = Shape(checking: extents, elementSize: 4), shape.count > 0 else {
      throw error("input \(input.name.quoted) has extents \(extents), which fit no memory")
    }
    return shape
  }
}
