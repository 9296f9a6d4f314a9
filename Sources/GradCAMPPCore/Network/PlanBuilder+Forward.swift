import GradCAMPPKernels

// A step of the forward pass covers one node or, by fusions, several: each the only reader of the
// one before, whose tensor nobody else wants. It runs where its last node stands, when whatever
// else that node reads is there.

extension PlanBuilder {
  /// Nodes that become one step.
  private struct Cover {
    var operation: any Operator
    var inputs: [Int]
    var outputs: [Int]
    var lastNode: Int
  }

  /// The steps of the forward pass.
  mutating func draftForward() throws(GradCAMError) -> [Draft] {
    var drafts: [Draft] = []
    for cover in try covers() {
      if cover.operation.isView {
        tickets[cover.outputs[0]] = tickets[cover.inputs[0]]
      } else {
        drafts.append(try draft(cover))
      }
    }
    return drafts
  }

  /// What is computed, in the order of the steps.
  private func covers() throws(GradCAMError) -> [Cover] {
    let isNeeded = network.ancestors(
      of: wanted + request.backward.flatMap(\.destinations))
    let readers = soleReaders()
    var isCovered = network.nodes.map { _ in false }
    var covers: [Cover] = []
    for (place, node) in network.nodes.enumerated()
    where !isCovered[place] && node.outputs.contains(where: { isNeeded[$0] }) {
      var cover = Cover(
        operation: node.operation, inputs: node.inputs, outputs: node.outputs, lastNode: place)
      // A sum may already be the end of another of its terms.
      while cover.outputs.count == 1, let next = readers[cover.outputs[0]], !isCovered[next],
        network.nodes[next].outputs.contains(where: { isNeeded[$0] }),
        let fused = try fuse(cover, with: next)
      {
        cover = fused
        isCovered[next] = true
      }
      covers.append(cover)
    }
    return covers.sorted { $0.lastNode < $1.lastNode }
  }

  private func fuse(_ cover: Cover, with place: Int) throws(GradCAMError) -> Cover? {
    let node = network.nodes[place]
    guard !cover.operation.isView, !node.operation.isView,
      let input = node.inputs.firstIndex(of: cover.outputs[0])
    else { return nil }
    let pair = FusionPair(
      producer: cover.operation, producerInputs: cover.inputs.map { shapes[$0] },
      consumer: node.operation, consumerInputs: node.inputs.map { shapes[$0] }, place: input)
    guard let operation = try Fusions.fuse(pair) else { return nil }
    var others = node.inputs
    others.remove(at: input)
    return Cover(
      operation: operation, inputs: cover.inputs + others, outputs: node.outputs, lastNode: place)
  }

  /// For each value, the node that alone reads it, once; nil where its tensor is wanted otherwise.
  private func soleReaders() -> [Int?] {
    var readers = shapes.map { _ in [Int]() }
    for (place, node) in network.nodes.enumerated() {
      for input in node.inputs { readers[input].append(place) }
    }
    var isFree = readers.map { $0.count == 1 }
    for value in request.recorded + [network.output] { isFree[value] = false }
    for (node, steps) in zip(network.nodes, ways) {
      for step in steps.values {
        for place in step.needs.inputs { isFree[node.inputs[place]] = false }
        for place in step.needs.outputs { isFree[node.outputs[place]] = false }
      }
    }
    return zip(readers, isFree).map { $1 ? $0[0] : nil }
  }

  private mutating func draft(_ cover: Cover) throws(GradCAMError) -> Draft {
    let now = clock
    clock += 1
    for input in cover.inputs { extend(input, to: now) }
    let inputShapes = cover.inputs.map { shapes[$0] }
    var outputs: [DraftSlot] = []
    for output in cover.outputs {
      let ticket = layout.reserve(shapes[output].count, life: now...now)
      tickets[output] = ticket
      outputs.append(DraftSlot(ticket: ticket, shape: shapes[output]))
    }
    let operation = cover.operation
    let scratchCount = try operation.forwardScratch(inputShapes)
    let scratch = DraftSlot(
      ticket: layout.reserve(scratchCount, life: now...now), shape: Shape([scratchCount]))
    let inputs = zip(cover.inputs, inputShapes).map {
      DraftSlot(ticket: tickets[$0] ?? scratch.ticket, shape: $1)
    }
    return { [outputs] layout in
      .forward(
        operation,
        ForwardSlots(
          inputs: inputs.map { $0.placed(layout) }, outputs: outputs.map { $0.placed(layout) },
          scratch: scratch.placed(layout)))
    }
  }
}
