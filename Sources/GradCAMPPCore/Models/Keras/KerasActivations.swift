import GradCAMPPKernels

/// The activations that Keras names, as nodes of graphs.
enum KerasActivations {
  /// What computes an activation.
  typealias Node = (operation: String, attributes: [String: AttributeValue])

  /// Operation and attributes by name, from https://keras.io/api/layers/activations.
  private static let table: [String: Node] = [
    "celu": ("Celu", ["alpha": .number(1)]),
    "elu": ("Elu", ["alpha": .number(1)]),
    "exponential": ("Exp", [:]),
    "gelu": ("Gelu", [:]),
    "hard_silu": ("HardSwish", [:]),
    "hard_swish": ("HardSwish", [:]),
    "hard_tanh": ("Clip", ["min": .number(-1), "max": .number(1)]),
    "leaky_relu": ("LeakyRelu", ["alpha": .number(0.2)]),
    "mish": ("Mish", [:]),
    "relu": ("Relu", [:]),
    "relu6": ("Clip", ["min": .number(0), "max": .number(6)]),
    "selu": ("Selu", [:]),
    "sigmoid": ("Sigmoid", [:]),
    "silu": ("Swish", [:]),
    "softmax": ("Softmax", [:]),
    "softplus": ("Softplus", [:]),
    "swish": ("Swish", [:]),
    "tanh": ("Tanh", [:]),
  ]

  private static let hardSigmoid = "hard_sigmoid"

  /// The node of a layer's activation; nil for none.
  ///
  /// Throws `badData` for another name, and for the one that Keras 2 and 3 mean differently where
  /// the configuration does not tell which of them wrote it.
  static func node(of layer: KerasLayer) throws(GradCAMError) -> Node? {
    guard let said = layer["activation"], said.text != "linear" else { return nil }
    if said.text == hardSigmoid {
      guard layer.isOfKeras3 else {
        throw layer.error(
          "has activation hard_sigmoid, which Keras 2 and Keras 3 compute differently; save the "
            + "network with Keras 3")
      }
      return ("HardSigmoid", ["alpha": .number(1.0 / 6), "beta": .number(0.5)])
    }
    guard let node = said.text.flatMap({ table[$0] }) else {
      let names = (table.keys + [hardSigmoid, "linear"]).sorted().joined(separator: ", ")
      throw layer.wrong("activation", said, "one of \(names)")
    }
    return node
  }

  /// Whether an operation is an activation, so that a layer's name means the tensor behind it.
  static func isActivation(_ operation: String) -> Bool {
    operation == ReluNode.operation || NodeKinds.named(operation) is any ActivationNode.Type
  }
}

extension KerasGraph {
  /// The value after a layer's activation.
  mutating func activated(
    _ layer: KerasLayer, _ value: String
  ) throws(GradCAMError) -> String {
    guard let node = try KerasActivations.node(of: layer) else { return value }
    return graph.add(node.operation, name: "\(layer.name)/activation", [value], node.attributes)
  }

  /// Adds a layer that is an activation; nil for other kinds.
  mutating func addActivation(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String? {
    var inputs = [input]
    let node: KerasActivations.Node
    switch layer.kind {
    case "Activation":
      guard let found = try KerasActivations.node(of: layer) else {
        return graph.add("Identity", name: layer.name, inputs)
      }
      node = found
    case "Softmax":
      try layer.require("axis", .number(-1))
      node = ("Softmax", [:])
    case "ReLU": node = try rectifier(layer)
    case "LeakyReLU":
      // `alpha` before Keras 3.
      let slope = try layer.number("negative_slope", default: layer.number("alpha", default: 0.3))
      node = ("LeakyRelu", ["alpha": .number(slope)])
    case "ELU": node = ("Elu", ["alpha": .number(try layer.number("alpha", default: 1))])
    case "PReLU":
      let slopes = try variables.take("alpha", 0, of: layer)
      inputs.append(graph.add(GraphConstant(slopes), name: "\(layer.name)/alpha"))
      node = ("PRelu", [:])
    default: return nil
    }
    let value = graph.add(node.operation, name: layer.name, inputs, node.attributes)
    named.append((layer.name, value, .activation))
    return value
  }

  private func rectifier(_ layer: KerasLayer) throws(GradCAMError) -> KerasActivations.Node {
    try layer.require("threshold", .number(0))
    let slope = try layer.number("negative_slope", default: 0)
    guard layer["max_value"] != nil else {
      return slope == 0 ? ("Relu", [:]) : ("LeakyRelu", ["alpha": .number(slope)])
    }
    try layer.require("negative_slope", .number(0))
    return (
      "Clip", ["min": .number(0), "max": .number(try layer.number("max_value", default: 0))]
    )
  }
}
