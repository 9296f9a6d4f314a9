import GradCAMPPKernels

extension KerasGraph {
  /// Zeros around a tensor.
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

  /// (N, everything else).
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

  /// Lays a tensor flat, or gives (N, channels) two axes of extent 1, as before a multiplication of
  /// channels; other shapes are refused.
  mutating func addReshape(_ layer: KerasLayer, _ input: String) throws(GradCAMError) -> String {
    let said = layer["target_shape"] ?? .null
    guard let extents = said.elements?.compactMap(\.integer) else {
      throw layer.wrong("target_shape", said, "whole numbers")
    }
    let value: String
    switch extents.count {
    case 1: value = graph.add("Flatten", name: layer.name, [input])
    case 3 where extents[0] == 1 && extents[1] == 1:
      value = graph.add(
        "Unsqueeze", name: layer.name, [input], ["axes": .integers([1, 2])], layout: .channelsLast)
    case 3 where extents[1] == 1 && extents[2] == 1:
      value = graph.add("Unsqueeze", name: layer.name, [input], ["axes": .integers([2, 3])])
    default: throw layer.wrong("target_shape", said, "[n], [1, 1, n] or [n, 1, 1]")
    }
    if !extents.contains(-1) { stated.append((layer, value, extents)) }
    return value
  }
}
