import GradCAMPPKernels

// The walks back are drafted side by side. All begin at the logits and pass the same operators
// until they part; the gradients of all walks by a value lie one after the other, in one block. A
// linear operator takes them as one larger batch and reads its weights once for all: VGG16's dense
// layers have 494 MB.

extension PlanBuilder {
  /// The steps of all walks, and where the gradient by each walk's destination lies.
  mutating func draftBackward() throws(GradCAMError) -> (steps: [Draft], results: [DraftSlot]) {
    let walks = walksByValue()
    var gradients: [Int: SlotLayout.Ticket] = [:]
    var steps: [Draft] = []
    if !walks[network.output].isEmpty {
      let seed = layout.reserve(
        gradientShapes[network.output].count * walks[network.output].count, life: clock...clock)
      gradients[network.output] = seed
      clock += 1
      let slot = DraftSlot(
        ticket: seed, shape: batch(network.output, of: walks[network.output].count))
      steps.append { .seed(slot.placed($0)) }
    }
    for node in network.nodes.reversed() {
      guard let outputGradient = gradients[node.output] else { continue }
      steps += try draftGradient(node, outputGradient, walks, into: &gradients)
    }
    var results: [DraftSlot] = []
    for (walk, backward) in request.backward.enumerated() {
      let value = backward.destination
      if let ticket = gradients[value], let place = walks[value].firstIndex(of: walk) {
        layout.extend(ticket, to: .max)
        results.append(slot(ticket, value, place: place))
      } else {
        // The logits do not depend on this value.
        let zero = slot(
          layout.reserve(gradientShapes[value].count, life: clock ... .max), value, place: 0)
        clock += 1
        steps.append { .clear(zero.placed($0)) }
        results.append(zero)
      }
    }
    return (steps, results)
  }

  /// For each value, the walks that pass it: those whose destination it depends on, if the logits
  /// depend on it.
  func walksByValue() -> [[Int]] {
    let isAncestor = network.ancestors(of: [network.output])
    var walks = shapes.map { _ in [Int]() }
    for (walk, backward) in request.backward.enumerated() {
      let isDescendant = network.descendants(of: backward.destination)
      for value in walks.indices where isAncestor[value] && isDescendant[value] {
        walks[value].append(walk)
      }
    }
    return walks
  }

  /// The shape of the gradients of `count` walks by a value.
  private func batch(_ value: Int, of count: Int) -> Shape {
    let shape = gradientShapes[value]
    return Shape([shape[0] * count] + shape.extents.dropFirst())
  }

  /// The gradients of `count` walks by a value, from the one at `place` of its block on.
  private func slot(
    _ ticket: SlotLayout.Ticket, _ value: Int, place: Int, count: Int = 1
  ) -> DraftSlot {
    DraftSlot(
      ticket: ticket, start: place * gradientShapes[value].count,
      shape: batch(value, of: count))
  }

  /// The gradients by a node's inputs, for all walks.
  private mutating func draftGradient(
    _ node: Network.Node, _ outputGradient: SlotLayout.Ticket, _ walks: [[Int]],
    into gradients: inout [Int: SlotLayout.Ticket]
  ) throws(GradCAMError) -> [Draft] {
    var steps: [Draft] = []
    let needs = node.operation.gradientNeeds
    let teams = teams(node, walks)
    guard !teams.isEmpty else { return [] }
    let inputs = needs.contains(.inputs) ? node.inputs.map { draftCopy($0, &steps) } : []
    let output = needs.contains(.output) ? draftCopy(node.output, &steps) : nil
    let tickets = [outputGradient] + (inputs + [output]).compactMap { $0?.ticket }
    let results = node.inputs.map { input in
      walks[input].isEmpty
        ? nil
        : layout.reserve(gradientShapes[input].count * walks[input].count, life: clock...clock)
    }
    for team in teams {
      for ticket in tickets + results.compactMap({ $0 }) { layout.extend(ticket, to: clock) }
      let scratchCount = try node.operation.gradientScratch(
        node.inputs.map { batch($0, of: team.count) })
      let scratch = DraftSlot(
        ticket: layout.reserve(scratchCount, life: clock...clock), shape: Shape([scratchCount]))
      clock += 1
      let source = slot(
        outputGradient, node.output, place: walks[node.output].firstIndex(of: team[0]) ?? 0,
        count: team.count)
      let targets = zip(node.inputs, results).map { input, ticket -> DraftSlot? in
        guard let ticket, let place = walks[input].firstIndex(of: team[0]) else { return nil }
        return slot(ticket, input, place: place, count: team.count)
      }
      let rule = request.backward[team[0]].rule
      let operation = node.operation
      steps.append { layout in
        .gradient(
          operation,
          GradientSlots(
            outputGradient: source.placed(layout),
            inputs: inputs.map { $0?.placed(layout) ?? .empty },
            output: output?.placed(layout) ?? .empty,
            inputGradients: targets.map { $0?.placed(layout) },
            scratch: scratch.placed(layout)),
          rule)
      }
    }
    for (input, result) in zip(node.inputs, results) {
      guard let result else { continue }
      steps += draftSum(of: input, result, walks[input].count, into: &gradients)
    }
    return steps
  }

  /// Walks that one step takes together: consecutive ones in the blocks of a linear operator's
  /// input and output, else each alone.
  private func teams(_ node: Network.Node, _ walks: [[Int]]) -> [[Int]] {
    let passing = walks[node.output].enumerated().filter { _, walk in
      node.inputs.contains { walks[$0].contains(walk) }
    }
    guard node.operation.isLinear, node.inputs.count == 1 else {
      return passing.map { [$0.element] }
    }
    var teams: [[Int]] = []
    var next = -1
    for (place, walk) in passing {
      if place == next {
        teams[teams.count - 1].append(walk)
      } else {
        teams.append([walk])
      }
      next = place + 1
    }
    return teams
  }

  /// Adds a consumer's gradient by a value to those before it.
  private mutating func draftSum(
    of value: Int, _ result: SlotLayout.Ticket, _ count: Int,
    into gradients: inout [Int: SlotLayout.Ticket]
  ) -> [Draft] {
    guard let sum = gradients[value] else {
      gradients[value] = result
      return []
    }
    layout.extend(sum, to: clock)
    layout.extend(result, to: clock)
    clock += 1
    let from = slot(result, value, place: 0, count: count)
    let to = slot(sum, value, place: 0, count: count)
    return [{ .add(from.placed($0), to: to.placed($0)) }]
  }

  /// A forward tensor as a walk reads it: itself, or copied for each target.
  private mutating func draftCopy(_ value: Int, _ steps: inout [Draft]) -> DraftSlot? {
    guard let ticket = tickets[value] else { return nil }
    let original = DraftSlot(ticket: ticket, shape: shapes[value])
    // Walks run again for further targets.
    layout.extend(ticket, to: .max)
    guard request.targetsPerWalk > 1 else { return original }
    let copy = slot(
      layout.reserve(gradientShapes[value].count, life: clock...clock), value, place: 0)
    clock += 1
    steps.append { .replicate(original.placed($0), to: copy.placed($0)) }
    return copy
  }
}
