import GradCAMPPKernels

/// What stands behind a batch normalisation.
enum StateActivation: Sendable {
  /// `max(x, 0)`.
  case relu
  /// `min(max(x, 0), 6)`.
  case relu6
  /// `x sigmoid(x)`.
  case silu
}

extension StateGraph {
  /// How a convolution's input channels are divided among its outputs.
  enum Groups {
    /// All channels go into each output.
    case one
    /// One channel, one output.
    case depthwise
    /// As many as the shape says.
    case any
  }

  /// The cells around a convolution's input.
  enum Padding {
    /// Half the kernel on each side, as PyTorch's networks have it.
    case half
    /// TensorFlow's: as much as the stride leaves over, the odd cell behind.
    case same
  }

  /// Adds a node that keeps the channels of its first input.
  mutating func add(
    _ operation: String, name: String, _ inputs: [String],
    _ attributes: [String: AttributeValue] = [:]
  ) -> String {
    channels[name] = channels[inputs[0]]
    return graph.add(operation, name: name, inputs, attributes)
  }

  /// Adds a convolution with a square kernel of one of these sizes.
  mutating func convolve(
    _ module: String, _ value: String, kernels: [Int], stride: Int = 1, groups: Groups = .one,
    padding: Padding = .half, hasBiases: Bool = false
  ) throws(GradCAMError) -> String {
    let array = try take("\(module).weight")
    let (shape, inputs) = (array.shape, channels(of: value))
    let wanted = kernels.map { "\($0)x\($0)" }.joined(separator: " or ")
    let isFilter = shape.rank == 4 && shape.count > 0 && shape[2] == shape[3]
    guard isFilter, kernels.contains(shape[2]), inputs % shape[1] == 0,
      Self.fits(groups, count: inputs / shape[1], inputs: inputs, outputs: shape[0])
    else {
      throw refusal(
        "\("\(names.prefix)\(module).weight".quoted) has shape \(shape); expected the weights of a \(wanted) "
          + "convolution of \(inputs) channels" + (groups == .depthwise ? ", each for itself" : ""))
    }
    var tensors = [value, graph.add(GraphConstant(array), name: "\(module)/weights")]
    if hasBiases {
      let biases = try vector("\(module).bias", count: shape[0])
      tensors.append(graph.add(GraphConstant(biases), name: "\(module)/biases"))
    }
    var attributes: [String: AttributeValue] = [
      "strides": .integers([stride, stride]), "group": .integer(inputs / shape[1]),
    ]
    switch padding {
    case .half: attributes["pads"] = .integers([Int](repeating: shape[2] / 2, count: 4))
    case .same: attributes["auto_pad"] = .text("SAME_UPPER")
    }
    let output = graph.add("Conv", name: module, tensors, attributes)
    channels[output] = shape[0]
    return output
  }

  private static func fits(_ groups: Groups, count: Int, inputs: Int, outputs: Int) -> Bool {
    switch groups {
    case .one: count == 1
    case .depthwise: count == inputs && outputs == inputs
    case .any: outputs % count == 0
    }
  }

  /// Adds a tensor of the channels of several, one behind the other.
  mutating func join(_ values: [String], name: String) -> String {
    channels[name] = values.reduce(0) { $0 + channels(of: $1) }
    return graph.add("Concat", name: name, values, ["axis": .integer(1)])
  }

  /// Adds a batch normalisation.
  mutating func normalize(_ module: String, _ value: String) throws(GradCAMError) -> String {
    var tensors = [value]
    for part in ["weight", "bias", "running_mean", "running_var"] {
      let array = try vector("\(module).\(part)", count: channels(of: value))
      tensors.append(graph.add(GraphConstant(array), name: "\(module)/\(part)"))
    }
    counters.insert("\(names.prefix)\(module).num_batches_tracked")
    return add("BatchNormalization", name: module, tensors, ["epsilon": .number(epsilon)])
  }

  private mutating func vector(_ name: String, count: Int) throws(GradCAMError) -> WeightArray {
    let array = try take(name)
    guard array.shape.extents == [count] else {
      throw refusal(
        "\((names.prefix + name).quoted) has shape \(array.shape); expected \(count), one number for each "
          + "channel")
    }
    return array
  }

  /// Adds the average over all cells and the dense layer that gives the logits, and ends the graph.
  ///
  /// `module` has the weights, or the only module in a sequence of that name: others put a dropout
  /// before a new last layer.
  mutating func classify(_ value: String, by module: String) throws(GradCAMError) {
    let module = names.has(module) ? module : inner(module) ?? module
    let array = try take("\(module).weight")
    let inputs = channels(of: value)
    guard array.shape.rank == 2, array.shape[1] == inputs, array.shape.count > 0 else {
      throw refusal(
        "\("\(names.prefix)\(module).weight".quoted) has shape \(array.shape); expected classes x\(inputs)"
      )
    }
    let biases = try vector("\(module).bias", count: array.shape[0])
    let average = add("GlobalAveragePool", name: "average", [value])
    let flat = add("Flatten", name: "flatten", [average])
    let logits = graph.add(
      "Gemm", name: module,
      [
        flat,
        graph.add(GraphConstant(array, order: AxisOrder([1, 0])), name: "\(module)/weights"),
        graph.add(GraphConstant(biases), name: "\(module)/biases"),
      ])
    graph.outputs = [logits]
    name(logits, [module], "dense")
  }

  private func inner(_ module: String) -> String? {
    let start = "\(names.prefix)\(module)."
    let places = names.weights.names.filter { $0.hasPrefix(start) && $0.hasSuffix(".weight") }.map {
      String($0.dropFirst(start.count).dropLast(".weight".count))
    }
    return places.count == 1 && Int(places[0]) != nil ? "\(module).\(places[0])" : nil
  }
}
