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
    _ layer: KerasLayer, _ input: String, _ operation: String, _ kind: String
  ) throws(GradCAMError) -> String {
    let size = try layer.pair("pool_size", default: [2, 2])
    var attributes = try windows(layer, strides: size)
    attributes["kernel_shape"] = .integers(size)
    let value = graph.add(
      operation, name: layer.name, [input], attributes, layout: try layer.layout())
    named.append((layer.name, value, kind))
    return value
  }

  mutating func addGlobalPool(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    let value = graph.add(
      "GlobalAveragePool", name: layer.name, [input], layout: try layer.layout())
    if try layer.flag("keepdims", default: false) { return value }
    return graph.add("Flatten", name: "\(layer.name)/flatten", [value])
  }

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
    return graph.add(
      "BatchNormalization", name: layer.name, inputs, ["epsilon": .number(epsilon)],
      layout: layout)
  }

  mutating func addPadding(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    let said = layer["padding"] ?? .array([.number(1), .number(1)])
    // ((top, bottom), (left, right)), (rows, columns), or one number for all.
    guard let numbers = said.numbers, [1, 2, 4].contains(numbers.count),
      numbers.allSatisfy({ (0...1024).contains($0) && $0 == $0.rounded() })
    else { throw layer.wrong("padding", said, "1, 2 or 4 whole numbers up to 1024") }
    let cells = numbers.map { Int($0) }
    let pads: [Int]
    switch cells.count {
    case 1: pads = [cells[0], cells[0], cells[0], cells[0]]
    case 2: pads = [cells[0], cells[0], cells[1], cells[1]]
    default: pads = cells
    }
    let (before, behind) = ([pads[0], pads[2]], [pads[1], pads[3]])
    let isFirst = try layer.layout() == .channelsFirst
    let all =
      isFirst ? [0, 0] + before + [0, 0] + behind : [0] + before + [0, 0] + behind + [0]
    return graph.add("Pad", name: layer.name, [input], ["pads": .integers(all)])
  }

  mutating func addFlatten(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    // Keras brings channels last before it flattens, whatever the layout.
    guard try layer.layout() == .channelsFirst else {
      return graph.add("Flatten", name: layer.name, [input])
    }
    let turned = graph.add(
      "Transpose", name: "\(layer.name)/channels_last", [input],
      ["perm": .integers([0, 2, 3, 1])])
    return graph.add("Flatten", name: layer.name, [turned])
  }
}
