import GradCAMPPKernels

/// What a file says before it is a network: named nodes, tensors, inputs and outputs.
///
/// A graph becomes a network in three strides: whoever reads a file fills it in, passes rewrite it
/// (`GraphPasses`), and what remains is lowered to operators (`GraphLowering`).
public struct Graph: Sendable {
  /// An extent that a file gives as a number or only as a name.
  public enum Extent: Hashable, Sendable {
    /// So many.
    case fixed(Int)
    /// As many as the caller likes.
    case symbolic(String)
  }

  /// A value that comes from outside.
  public struct Input: Sendable {
    /// The value's name.
    public var name: String
    /// The extents, the batch first.
    public var extents: [Extent]
    /// Where the channels are.
    public var layout: GraphNode.Layout

    /// An input.
    public init(name: String, extents: [Extent], layout: GraphNode.Layout) {
      self.name = name
      self.extents = extents
      self.layout = layout
    }
  }

  /// A value that users can name.
  public struct Layer: Sendable {
    /// The name, such as "conv5_3".
    public var name: String
    /// The value that it means.
    public var value: String
    /// What computes it, such as "convolution"; nil for a name that is not listed, such as
    /// "conv5_3/linear".
    public var kind: String?

    /// A layer.
    public init(name: String, value: String, kind: String?) {
      self.name = name
      self.value = value
      self.kind = kind
    }
  }

  /// What messages call the place the graph came from: a path, or "the mapping".
  public var origin: String
  /// What comes from outside; a network has one.
  public var inputs: [Input] = []
  /// Nodes, each after those it reads from.
  public var nodes: [GraphNode] = []
  /// Tensors that the file gives, by the names of their values.
  public var constants: [String: GraphConstant] = [:]
  /// Values that are the result; a network has one.
  public var outputs: [String] = []
  /// Layers that users can name, in the order of the data.
  public var layers: [Layer] = []
  /// Spatial extents that the caller wants of a symbolic input.
  public var inputSize: [Int]?
  /// What makes probabilities of the output, as far as it is known.
  public var outputActivation: OutputKind.Probabilities?
  /// Whether the passes have gone over it.
  var isRewritten = false

  /// An empty graph.
  public init(origin: String) { self.origin = origin }

  /// Adds a node with one output, which has the node's name, and returns it.
  public mutating func add(
    _ operation: String, name: String, _ inputs: [String],
    _ attributes: [String: AttributeValue] = [:], layout: GraphNode.Layout = .channelsFirst
  ) -> String {
    nodes.append(
      GraphNode(
        operation, name: name, inputs: inputs, outputs: [name], attributes: attributes,
        layout: layout))
    return name
  }

  /// Adds a constant under a name and returns the name.
  public mutating func add(_ constant: GraphConstant, name: String) -> String {
    constants[name] = constant
    return name
  }

  /// A name that no value has, made from `name`.
  func unusedName(_ name: String) -> String {
    let taken = Set(nodes.flatMap(\.outputs) + inputs.map(\.name)).union(constants.keys)
    guard taken.contains(name) else { return name }
    return (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
  }

  /// Places of the nodes that read each value.
  var consumers: [String: [Int]] {
    var consumers: [String: [Int]] = [:]
    for (place, node) in nodes.enumerated() {
      for input in Set(node.inputs) { consumers[input, default: []].append(place) }
    }
    return consumers
  }

  /// Places of the nodes that write each value.
  var producers: [String: Int] {
    var producers: [String: Int] = [:]
    for (place, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = place }
    }
    return producers
  }

  /// Values that are more than a step on the way: outputs, and what layers name.
  var named: Set<String> { Set(outputs).union(layers.map(\.value)) }

  /// Lets all that reads or names one of these values read or name another one.
  mutating func replace(_ values: [String: String]) {
    func replaced(_ value: String) -> String { values[value] ?? value }
    for place in nodes.indices { nodes[place].inputs = nodes[place].inputs.map(replaced) }
    outputs = outputs.map(replaced)
    for place in layers.indices { layers[place].value = replaced(layers[place].value) }
  }
}
