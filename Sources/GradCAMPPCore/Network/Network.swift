import GradCAMPPKernels

/// An immutable directed acyclic graph of operators.
///
/// Values are tensors: the input is value 0, every node adds one. A layer that users name is a
/// value, so that «conv5_3» can mean the tensor after ReLU.
public struct Network: Sendable {
  /// An operator with the values that it reads and the one that it writes.
  public struct Node: Sendable {
    /// What is computed.
    public let operation: any Operator
    /// Values that are read, in the operator's order.
    public let inputs: [Int]
    /// The value that is written.
    public let output: Int
  }

  /// Nodes in an order in which each comes after those it reads from.
  public let nodes: [Node]

  /// Shapes of all values for a batch of one.
  public let shapes: [Shape]

  /// Values by the names of layers.
  public let values: [String: Int]

  /// The value whose elements are the logits of the classes.
  public let output: Int

  /// Shape of the input for a batch of one, (1, spatial…, channels).
  public var inputShape: Shape { shapes[0] }

  /// Number of classes.
  public var classCount: Int { shapes[output].count }

  /// Shapes of all values for an input of another shape, such as a larger batch.
  func shapes(input: Shape) throws(GradCAMError) -> [Shape] {
    var shapes = [input]
    for node in nodes {
      shapes.append(try node.operation.outputShape(node.inputs.map { shapes[$0] }))
    }
    return shapes
  }

  /// Whether each value must be computed before `targets` can be.
  func ancestors(of targets: [Int]) -> [Bool] {
    var isNeeded = shapes.map { _ in false }
    for target in targets { isNeeded[target] = true }
    for node in nodes.reversed() where isNeeded[node.output] {
      for input in node.inputs { isNeeded[input] = true }
    }
    return isNeeded
  }

  /// Whether each value is computed from `source`, itself included.
  func descendants(of source: Int) -> [Bool] {
    var isReached = shapes.map { _ in false }
    isReached[source] = true
    for node in nodes where node.inputs.contains(where: { isReached[$0] }) {
      isReached[node.output] = true
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

  /// Adds a node and returns its value; throws `badData` when the shapes do not fit.
  public mutating func add(_ operation: any Operator, _ inputs: Int...) throws(GradCAMError) -> Int
  {
    shapes.append(try operation.outputShape(inputs.map { shapes[$0] }))
    nodes.append(Network.Node(operation: operation, inputs: inputs, output: shapes.count - 1))
    return shapes.count - 1
  }

  /// Gives a value a layer's name.
  public mutating func name(_ value: Int, _ name: String) { values[name] = value }

  /// The finished network, whose logits are `output`.
  public func build(output: Int) -> Network {
    Network(nodes: nodes, shapes: shapes, values: values, output: output)
  }
}
