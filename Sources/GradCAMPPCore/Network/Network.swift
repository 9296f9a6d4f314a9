import GradCAMPPKernels

/// An immutable directed acyclic graph of operators.
///
/// Values are tensors: the input is value 0, every output of a node adds one. A layer that users
/// name is a value, so that «conv5_3» can mean the tensor after ReLU.
public struct Network: Sendable {
  /// An operator with the values that it reads and those that it writes.
  public struct Node: Sendable {
    /// What is computed.
    public let operation: any Operator
    /// Values that are read, in the operator's order.
    public let inputs: [Int]
    /// Values that are written, likewise.
    public let outputs: [Int]
  }

  /// Nodes in an order in which each comes after those it reads from.
  public let nodes: [Node]

  /// Shapes of all values for a batch of one.
  public let shapes: [Shape]

  /// Values by the names of layers.
  public let values: [String: Int]

  /// The value that targets are weights over: the logits, where the output is classes.
  public let output: Int

  /// What the output is.
  public let outputKind: OutputKind

  /// Shape of the input for a batch of one, (1, spatial…, channels).
  public var inputShape: Shape { shapes[0] }

  /// Shape of the output without the batch.
  public var outputShape: Shape { shapes[output].withoutBatch }

  /// Shapes of all values for an input of another shape, such as a larger batch.
  func shapes(input: Shape) throws(GradCAMError) -> [Shape] {
    var shapes = [input]
    for node in nodes {
      shapes += try node.operation.outputShapes(node.inputs.map { shapes[$0] })
    }
    return shapes
  }

  /// Whether each value must be computed before `targets` can be.
  func ancestors(of targets: [Int]) -> [Bool] {
    var isNeeded = shapes.map { _ in false }
    for target in targets { isNeeded[target] = true }
    for node in nodes.reversed() where node.outputs.contains(where: { isNeeded[$0] }) {
      for input in node.inputs { isNeeded[input] = true }
    }
    return isNeeded
  }

  /// Whether each value is computed from one of `sources`, themselves included.
  func descendants(of sources: [Int]) -> [Bool] {
    var isReached = shapes.map { _ in false }
    for source in sources { isReached[source] = true }
    for node in nodes where node.inputs.contains(where: { isReached[$0] }) {
      for output in node.outputs { isReached[output] = true }
    }
    return isReached
  }
}

/// Builds a network node by node, checking shapes as it goes.
public struct NetworkBuilder {
  private var nodes: [Network.Node] = []
  private var shapes: [Shape]
  private var values: [String: Int] = [:]

  /// A network with an input of shape (1, spatial…, channels).
  public init(inputShape: Shape) { shapes = [inputShape] }

  /// The value of the network's input.
  public var input: Int { 0 }

  /// The shape of a value.
  public func shape(of value: Int) -> Shape { shapes[value] }

  /// Adds a node and returns its first value; throws `badData` when the shapes do not fit.
  public mutating func add(_ operation: any Operator, _ inputs: Int...) throws(GradCAMError) -> Int
  {
    try add(operation, inputs)[0]
  }

  /// Adds a node and returns its values; throws `badData` when the shapes do not fit.
  public mutating func add(
    _ operation: any Operator, _ inputs: [Int]
  ) throws(GradCAMError) -> [Int] {
    let added = try operation.outputShapes(inputs.map { shapes[$0] })
    let outputs = Array(shapes.count..<shapes.count + added.count)
    shapes += added
    nodes.append(Network.Node(operation: operation, inputs: inputs, outputs: outputs))
    return outputs
  }

  /// Gives a value a layer's name.
  public mutating func name(_ value: Int, _ name: String) { values[name] = value }

  /// The finished network, whose output is the value `output`.
  public func build(output: Int, kind: OutputKind = .classes(.softmax)) -> Network {
    Network(nodes: nodes, shapes: shapes, values: values, output: output, outputKind: kind)
  }
}
