import GradCAMPPKernels

/// Names for the tensors with spatial axes of an ONNX network, and the one to explain by default.
struct ONNXLayers {
  /// One listed layer for each tensor, with further names for it.
  let layers: [Graph.Layer]

  /// The last tensor through which all evidence passes, before the poolings at the end: Grad-CAM++
  /// explains the last convolutions, and pooling only makes their maps coarser.
  let defaultLayer: String

  /// Names of the tensors of `graph`, which was made of `document`.
  ///
  /// `tokens` is how many tokens at the head of a layer of tokens are no part of the picture.
  init(
    _ document: ONNXDocument, _ graph: Graph, tokens: Int?
  ) throws(GradCAMError) {
    var bound = graph
    try BindInput.apply(to: &bound)
    try FoldConstants.apply(to: &bound)
    let shapes = try bound.shapes()
    let evidence = bound.evidence
    let spatial = try Self.spatial(bound, shapes, evidence, tokens)
    layers = Self.named(spatial, document)
    let candidates = Set(
      spatial.filter { !$0.operation.hasSuffix("Pool") }.map { $0.outputs[0] })
    var found = bound.bottleneck(among: candidates)
    if let value = found, let place = bound.producers[value],
      Self.grid(shapes[value], bound, shapes, tokens).map({ $0.skipped > 0 }) ?? false
    {
      // What is behind the last attention goes from the class token to the class: no other token
      // has a gradient there.
      let attention = bound.nodes[..<place].lastIndex { $0.operation == SoftmaxNode.operation }
      found = attention.flatMap {
        bound.bottleneck(among: candidates, before: $0)
      }
    }
    guard let value = found,
      let layer = layers.first(where: { $0.value == value && $0.kind != nil })
    else {
      throw graph.error(
        "no tensor has spatial axes and all evidence passing through it; expected a network that "
          + "finds its classes in pictures")
    }
    defaultLayer = layer.name
  }

  /// Nodes whose results are tensors with as many axes as the input has, more than one cell, and
  /// are no other node's business: passes merge a Pad into what reads it, and what only a batch
  /// normalisation reads into that.
  private static func spatial(
    _ graph: Graph, _ shapes: [String: Shape], _ evidence: Set<String>, _ tokens: Int?
  ) throws(GradCAMError) -> [GraphNode] {
    // Tensors that are gone once the arithmetic behind a layer is part of it.
    var folded = graph
    try FoldChannelArithmetic.apply(to: &folded)
    let left = Set(folded.nodes.flatMap(\.outputs))
    let merged: Set<String> = [
      PadNode.operation, IdentityNode.operation, DropoutNode.operation, TransposeNode.operation,
      ReshapeNode.operation,
    ]
    let consumers = graph.consumers
    let normalized = Set(
      graph.nodes.filter { $0.operation == BatchNormalizationNode.operation }
        .compactMap { $0.inputs.first }.filter { consumers[$0]?.count == 1 })
    let rank = graph.inputs.first.flatMap { shapes[$0.name]?.rank }
    return graph.nodes.filter { node in
      guard let output = node.outputs.first, evidence.contains(output),
        !normalized.contains(output), !merged.contains(node.operation), left.contains(output),
        let shape = shapes[output]
      else { return false }
      if grid(shape, graph, shapes, tokens) != nil { return true }
      guard shape.rank == rank else { return false }
      // Of one cell the channels alone are left, wherever the exporter has that axis.
      return shape.extents.dropFirst().filter { $0 > 1 }.count > 1
    }
  }

  /// The grid that a tensor's tokens make.
  private static func grid(
    _ shape: Shape?, _ graph: Graph, _ shapes: [String: Shape], _ tokens: Int?
  ) -> TokenGrid? {
    guard let shape, shape.rank == 3, let input = graph.inputs.first,
      let extents = shapes[input.name], extents.rank == 4
    else { return nil }
    let first = input.layout == .channelsFirst ? 2 : 1
    return TokenGrid(
      tokens: shape[1], skipped: tokens, height: extents[first], width: extents[first + 1])
  }

  /// Layers for the outputs of nodes: named by the outermost module that ends there, if the exporter
  /// wrote modules, else by the node; the inner modules and the node's own name mean it too.
  private static func named(_ nodes: [GraphNode], _ document: ONNXDocument) -> [Graph.Layer] {
    // What each module ends with: the last tensor within it.
    var ends: [String: String] = [:]
    for node in document.graph.nodes {
      guard let path = node.modulePath else { continue }
      var parts = path.split(separator: ".")
      while !parts.isEmpty {
        ends[parts.joined(separator: ".")] = node.outputs[0]
        parts.removeLast()
      }
    }
    let modules = Dictionary(grouping: ends.keys) { ends[$0] ?? "" }
    var taken: Set<String> = []
    var layers: [Graph.Layer] = []
    for node in nodes {
      let value = node.outputs[0]
      let ending = (modules[value] ?? []).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
      var kind: String? = node.operation
      for name in ending + [node.name, value] where taken.insert(name).inserted {
        layers.append(Graph.Layer(name: name, value: value, kind: kind))
        kind = nil
      }
    }
    return layers
  }
}
