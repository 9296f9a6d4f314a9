import GradCAMPPKernels

/// Gives extents that a file only names their numbers: one picture, of the size that is wanted.
enum BindInput: GraphPass {
  static let name = "bind input"
  static let summary = "a symbolic batch becomes 1, symbolic height and width what was asked for"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    for place in graph.inputs.indices where graph.constants[graph.inputs[place].name] == nil {
      graph.inputs[place].extents = try bound(graph.inputs[place], graph)
    }
  }

  private static func bound(
    _ input: Graph.Input, _ graph: Graph
  ) throws(GradCAMError) -> [Graph.Extent] {
    let rank = input.extents.count
    guard (3...5).contains(rank) else {
      throw graph.error(
        "input \(input.name.quoted) has \(rank) axes; expected a batch, channels and 1 to 3 "
          + "spatial axes")
    }
    var extents = input.extents
    if case .symbolic = extents[0] { extents[0] = .fixed(1) }
    guard extents[0] == .fixed(1) else {
      throw graph.error(
        "input \(input.name.quoted) is a batch of \(description(extents[0])); expected 1, or a "
          + "batch that may have any size")
    }
    let spatial = input.layout == .channelsFirst ? Array(2..<rank) : Array(1..<rank - 1)
    if let wanted = graph.inputSize, wanted.count != spatial.count {
      throw GradCAMError(
        .invalidArgument,
        "input_size is \(wanted); expected \(spatial.count) extents for \(graph.origin)")
    }
    for (index, axis) in spatial.enumerated() {
      let wanted = graph.inputSize?[index]
      switch (extents[axis], wanted) {
      case (.symbolic, let wanted?): extents[axis] = .fixed(wanted)
      case (.fixed(let count), let wanted?) where count != wanted:
        throw GradCAMError(
          .invalidArgument,
          "input_size is \(graph.inputSize ?? []), but \(graph.origin) is a network for "
            + spatial.map { description(extents[$0]) }.joined(separator: " x "))
      case (.symbolic(let name), nil):
        throw graph.error(
          "input \(input.name.quoted) has a spatial extent \(name.quoted) of any size; say which "
            + "with input_size")
      default: break
      }
    }
    return extents
  }

  private static func description(_ extent: Graph.Extent) -> String {
    switch extent {
    case .fixed(let count): "\(count)"
    case .symbolic(let name): name
    }
  }
}
