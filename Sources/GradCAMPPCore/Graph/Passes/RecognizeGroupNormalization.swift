import GradCAMPPKernels

/// Writes an instance normalisation of groups of channels as the GroupNormalization that it is.
///
/// Exporters whose operator set lacks it write a Reshape to (N, groups, everything else), an
/// InstanceNormalization and a Reshape back.
enum RecognizeGroupNormalization: GraphPass {
  static let name = "recognise group normalisation"
  static let summary = "an InstanceNormalization between Reshapes is a GroupNormalization"

  static func apply(to graph: inout Graph) throws(GradCAMError) {
    let shapes = try graph.shapes()
    let (producers, consumers, named) = (graph.producers, graph.consumers, graph.named)
    var dropped: Set<Int> = []
    for place in graph.nodes.indices
    where graph.nodes[place].operation == InstanceNormalizationNode.operation {
      let node = graph.nodes[place]
      guard node.layout == .channelsFirst, let value = node.input(0),
        let before = producers[value], graph.nodes[before].operation == ReshapeNode.operation,
        let input = graph.nodes[before].input(0), let shape = shapes[input], shape.rank >= 3,
        let parted = shapes[value], parted.rank == 3, parted[0] == shape[0],
        shape[1] % parted[1] == 0, !named.contains(node.outputs[0]),
        let behind = consumers[node.outputs[0]], behind.count == 1,
        graph.nodes[behind[0]].operation == ReshapeNode.operation,
        shapes[graph.nodes[behind[0]].outputs[0]] == shape
      else { continue }
      var inputs = [input]
      for other in node.inputs.dropFirst() {
        guard let constant = graph.constants[other], constant.shape.count == parted[1] else {
          break
        }
        let repeats = shape[1] / parted[1]
        let numbers = try constant.floats().flatMap { [Float](repeating: $0, count: repeats) }
        let channels = try GraphConstant(Shape([numbers.count]), numbers)
        inputs.append(graph.add(channels, name: graph.unusedName(other + "/channels")))
      }
      guard inputs.count == 3 else { continue }
      var attributes = node.attributes
      attributes["num_groups"] = .integer(parted[1])
      graph.nodes[place] = GraphNode(
        GroupNormalizationNode.operation, name: node.name, inputs: inputs,
        outputs: graph.nodes[behind[0]].outputs, attributes: attributes)
      dropped.insert(behind[0])
    }
    guard !dropped.isEmpty else { return }
    graph.nodes = graph.nodes.indices.filter { !dropped.contains($0) }.map { graph.nodes[$0] }
    try DropDeadNodes.apply(to: &graph)
  }
}
