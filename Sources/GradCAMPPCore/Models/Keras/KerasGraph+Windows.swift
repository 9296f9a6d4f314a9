import GradCAMPPKernels

extension KerasGraph {
  /// Reads a whole number from 1 up.
  func whole(
    _ layer: KerasLayer, _ name: String
  ) -> (JSONValue) throws(GradCAMError) -> Int {
    { (value) throws(GradCAMError) in
      guard let integer = value.integer, (1...1 << 20).contains(integer) else {
        throw layer.wrong(name, value, "a whole number from 1")
      }
      return integer
    }
  }

  /// Padding, strides and dilation of a layer.
  func windows(
    _ layer: KerasLayer, dilation: String? = nil, strides: [Int] = [1, 1]
  ) throws(GradCAMError) -> [String: AttributeValue] {
    var attributes: [String: AttributeValue] = [:]
    switch try layer.text("padding", default: "valid").lowercased() {
    case "valid": attributes["auto_pad"] = .text("VALID")
    case "same": attributes["auto_pad"] = .text("SAME_UPPER")
    case let other: throw layer.wrong("padding", .text(other), "valid or same")
    }
    attributes["strides"] = .integers(try layer.pair("strides", default: strides))
    if let dilation {
      attributes["dilations"] = .integers(try layer.pair(dilation, default: [1, 1]))
    }
    return attributes
  }

  /// Pooling over windows; a mean is over the cells of the picture, not over padding.
  mutating func addPool(
    _ layer: KerasLayer, _ input: String, _ operation: String, _ kind: KerasKind
  ) throws(GradCAMError) -> String {
    let size = try layer.pair("pool_size", default: [2, 2])
    var attributes = try windows(layer, strides: size)
    attributes["kernel_shape"] = .integers(size)
    let value = graph.add(
      operation, name: layer.name, [input], attributes, layout: try layer.layout())
    named.append((layer.name, value, kind))
    return value
  }

  /// Pooling over all cells, whose axes go unless they are kept.
  mutating func addGlobalPool(
    _ layer: KerasLayer, _ input: String, _ operation: String
  ) throws(GradCAMError) -> String {
    let value = graph.add(operation, name: layer.name, [input], layout: try layer.layout())
    if try layer.flag("keepdims", default: false) { return value }
    return graph.add("Flatten", name: "\(layer.name)/flatten", [value])
  }

  /// A batch normalisation over channels.
  mutating func addNormalization(
    _ layer: KerasLayer, _ input: String
  ) throws(GradCAMError) -> String {
    let axis = layer["axis"]?.integers ?? [-1]
    let layout = graph.inputs.first?.layout ?? .channelsLast
    guard axis == [-1] || axis == [3] || (axis == [1] && layout == .channelsFirst) else {
      throw layer.wrong("axis", layer["axis"] ?? .null, "that of the channels")
    }
    var place = 0
    var inputs = [input]
    var missing: [String] = []
    for (name, switched) in [("gamma", "scale"), ("beta", "center")] {
      inputs.append("\(layer.name)/\(name)")
      guard try layer.flag(switched, default: true) else {
        missing.append(name)
        continue
      }
      let array = try variables.take(name, place, of: layer)
      graph.constants["\(layer.name)/\(name)"] = GraphConstant(array)
      place += 1
    }
    var channels = 0
    for name in ["moving_mean", "moving_variance"] {
      let array = try variables.take(name, place, of: layer)
      channels = array.shape.count
      inputs.append(graph.add(GraphConstant(array), name: "\(layer.name)/\(name)"))
      place += 1
    }
    guard channels <= WeightArray.longestList else {
      throw layer.error("has \(channels) channels; expected \(WeightArray.longestList) at most")
    }
    for name in missing {
      graph.constants["\(layer.name)/\(name)"] = try GraphConstant(
        Shape([channels]), [Float](repeating: name == "gamma" ? 1 : 0, count: channels))
    }
    let epsilon = try layer.number("epsilon", default: 1e-3)
    let value = graph.add(
      "BatchNormalization", name: layer.name, inputs, ["epsilon": .number(epsilon)],
      layout: layout)
    named.append((layer.name, value, .normalisation))
    return value
  }
}
