import GradCAMPPKernels

/// The input that an ONNX network takes pictures by.
enum ONNXInput {
  /// Constants in place of inputs, which the caller gives by name.
  ///
  /// Throws `invalidArgument` for a name that no input has, for another shape than the file says, and
  /// for fractions where it wants whole numbers.
  static func constants(
    _ document: ONNXDocument, _ given: [String: GraphConstant]
  ) throws(GradCAMError) -> [String: GraphConstant] {
    var constants: [String: GraphConstant] = [:]
    for (name, constant) in given.sorted(by: { $0.key < $1.key }) {
      guard let input = document.graph.inputs.first(where: { $0.name == name }) else {
        let names = document.graph.inputs.map(\.name.quoted).joined(separator: ", ")
        throw GradCAMError(
          .invalidArgument,
          "\(document.origin) has no input \(name.quoted) to be given; its inputs are \(names)")
      }
      let wanted = input.dimensions
      let fits = wanted.map { dimensions in
        dimensions.count == constant.shape.rank
          && zip(dimensions, constant.shape.extents).allSatisfy { dimension, extent in
            if case .fixed(let fixed) = dimension { fixed == extent } else { true }
          }
      }
      let wantsIntegers = input.type.map { $0.floatFormat == nil } ?? false
      guard fits ?? true, !wantsIntegers || !constant.isFloat else {
        throw GradCAMError(
          .invalidArgument,
          "input \(name.quoted) is given "
            + (constant.isFloat ? "numbers" : "whole numbers") + " of shape \(constant.shape); "
            + "expected \(input.type?.description ?? "numbers") along \(wanted?.count ?? 0) axes "
            + "of the extents that \(document.origin) says")
      }
      // Whole numbers that a float input is given are fractions from here on.
      constants[name] = wantsIntegers ? constant : GraphConstant(try constant.array())
    }
    return constants
  }

  /// The one input that nodes use, with what is known of its extents.
  ///
  /// Throws `badData` when there are none or several, and when it holds no floating-point numbers
  /// or nothing is said of its axes.
  ///
  /// `size` binds the spatial axes that the file leaves open; throws `invalidArgument` when it
  /// contradicts one that the file fixes, or when it is missing.
  static func input(
    _ document: ONNXDocument, size: [Int]?
  ) throws(GradCAMError) -> Graph.Input {
    let graph = document.graph
    let used = Set(graph.nodes.flatMap(\.inputs))
    let inputs = graph.inputs.filter { used.contains($0.name) }
    guard inputs.count == 1, let input = inputs.first else {
      let names = inputs.map(\.name.quoted).joined(separator: ", ")
      throw GradCAMError(
        .badData,
        "\(document.origin) has \(names.isEmpty ? "no inputs" : "the inputs \(names)"); expected "
          + "one, which takes pictures; give the others as constants, by name, with inputs")
    }
    let isFloat = input.type.map { $0.floatFormat != nil } ?? true
    guard isFloat, let dimensions = input.dimensions else {
      let type = input.type?.description ?? "numbers"
      let axes = input.dimensions.map { "\($0.count)" } ?? "an unknown number of"
      throw GradCAMError(
        .badData,
        "\(document.origin): input \(input.name.quoted) holds \(type) along \(axes) axes; expected "
          + "floating-point numbers and a batch, channels and 1 to 3 spatial axes")
    }
    let extents = dimensions.enumerated().map { axis, dimension in
      switch dimension {
      case .fixed(let extent): Graph.Extent.fixed(extent)
      case .symbolic(let name): Graph.Extent.symbolic(name)
      case .unknown: Graph.Extent.symbolic("axis \(axis)")
      }
    }
    let layout = layout(input.name, extents, graph)
    return Graph.Input(
      name: input.name, extents: try bound(extents, layout, size, document.origin), layout: layout)
  }

  /// The extents with their spatial axes bound to the size that the caller wants.
  private static func bound(
    _ extents: [Graph.Extent], _ layout: GraphNode.Layout, _ size: [Int]?, _ origin: String
  ) throws(GradCAMError) -> [Graph.Extent] {
    guard let size else { return extents }
    let first = layout == .channelsFirst ? 2 : 1
    guard extents.count == size.count + 2 else {
      throw GradCAMError(
        .invalidArgument,
        "\(origin): the input has \(extents.count - 2) spatial axes; an input size is for two")
    }
    var result = extents
    for (axis, extent) in size.enumerated() {
      if case .fixed(let fixed) = extents[first + axis], fixed != extent {
        throw GradCAMError(
          .invalidArgument,
          "\(origin): the input's size \(size[0]) x \(size[1]) is not the one that the file fixes; "
            + "expected \(fixed) in place of \(extent)")
      }
      result[first + axis] = .fixed(extent)
    }
    return result
  }

  /// Where the channels are, which an extent of 1, 3 or 4 says; where both ends have one, last if
  /// all that reads the input turns it to channels first, as TensorFlow's exporters write.
  private static func layout(
    _ name: String, _ extents: [Graph.Extent], _ graph: ONNXGraph
  ) -> GraphNode.Layout {
    let colors: [Graph.Extent] = [.fixed(1), .fixed(3), .fixed(4)]
    guard extents.count > 2, let last = extents.last, colors.contains(last) else {
      return .channelsFirst
    }
    guard colors.contains(extents[1]) else { return .channelsLast }
    let toFirst = [0, extents.count - 1] + Array(1..<extents.count - 1)
    let isTurned = graph.nodes.filter { $0.inputs.contains(name) }.allSatisfy { node in
      guard node.operatorName == TransposeNode.operation,
        case .integers(let perm) = node.attribute("perm")?.value
      else { return false }
      return perm == toFirst.map { Int64($0) }
    }
    return isTurned ? .channelsLast : .channelsFirst
  }
}
