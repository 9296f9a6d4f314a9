import GradCAMPPKernels

extension Graph {
  /// The graph as lines of text: inputs, constants that nodes read, nodes, outputs, layers.
  public var listing: String {
    let shapes = (try? shapes()) ?? [:]
    func shape(_ value: String) -> String { shapes[value].map { " \($0)" } ?? "" }
    var lines: [String] = []
    for input in inputs {
      let extents = input.extents.map { extent in
        switch extent {
        case .fixed(let count): "\(count)"
        case .symbolic(let name): name
        }
      }
      lines.append(
        "input \(input.name): \(extents.joined(separator: "x")), \(input.layout.description)")
    }
    for node in nodes {
      let inputs = node.inputs.map { name in
        constants[name].map { "\(name) [\($0.summary)]" } ?? (name.isEmpty ? "-" : name)
      }
      let attributes = node.attributes.sorted { $0.key < $1.key }
        .map { " \($0.key)=\($0.value.description)" }
      let outputs = node.outputs.map { "\($0)\(shape($0))" }
      lines.append(
        "\(outputs.joined(separator: ", ")) = \(node.operation)(\(inputs.joined(separator: ", ")))"
          + attributes.joined())
    }
    for output in outputs {
      lines.append(
        "output \(output)\(shape(output))" + (outputActivation.map { ", before \($0)" } ?? ""))
    }
    let named = layers.map { $0.name == $0.value ? $0.name : "\($0.name)=\($0.value)" }
    if !named.isEmpty { lines.append("layers " + named.joined(separator: " ")) }
    // Names are a stranger's: what would steer a terminal is shown as an escape.
    return lines.map { line in
      line.unicodeScalars.map {
        $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
      }.joined()
    }.joined(separator: "\n") + "\n"
  }
}

extension GraphPasses {
  /// The graph before all passes and after each, as text.
  public static func listing(_ graph: Graph) throws(GradCAMError) -> String {
    var last = graph.listing
    var text = "graph of \(graph.origin): \(graph.nodes.count) nodes\n\(last)"
    var graph = graph
    try apply(to: &graph) { pass, graph in
      let listing = graph.listing
      text += "\nafter \(pass.name) (\(pass.summary)): "
      text += listing == last ? "no change\n" : "\(graph.nodes.count) nodes\n\(listing)"
      last = listing
    }
    return text
  }
}

extension GraphNode.Layout {
  /// For listings.
  var description: String {
    switch self {
    case .channelsFirst: "channels first"
    case .channelsLast: "channels last"
    }
  }
}

extension GraphConstant {
  /// For listings: extents, and what else there is to know of where the numbers lie.
  fileprivate var summary: String {
    if let integers, integers.count <= 8 { return "\(integers)" }
    return "\(shape)" + (order.isPlain ? "" : " lying as \(order.stored(shape))")
      + (scaling == nil ? "" : ", scaled")
  }
}
