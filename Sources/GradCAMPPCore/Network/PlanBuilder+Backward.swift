import GradCAMPPKernels

// The walks back are drafted side by side. All begin at the output and pass the same operators
// until they part; the gradients of all walks by a value lie one after the other, in one block. A
// linear operator takes them as one larger batch and reads its weights once for all: VGG16's dense
// layers have 494 MB.

extension PlanBuilder {
  /// Gradients by value: where the blocks of all walks lie.
  private typealias Blocks = [Int: SlotLayout.Ticket]

  /// The steps of all walks, and where each walk's gradients by its destinations lie.
  mutating func draftBackward() throws(GradCAMError) -> (steps: [Draft], results: [[DraftSlot]]) {
    var gradients: Blocks = [:]
    var steps: [Draft] = []
    if !walks[network.output].isEmpty {
      let seed = block(of: network.output)
      gradients[network.output] = seed.ticket
      clock += 1
      steps.append { .seed(seed.placed($0)) }
    }
    for (place, node) in network.nodes.enumerated().reversed() where !ways[place].isEmpty {
      steps +=
        node.operation.isView
        ? draftView(node, into: &gradients)
        : try draftNode(node, ways[place], into: &gradients)
    }
    var results: [[DraftSlot]] = []
    for (walk, backward) in request.backward.enumerated() {
      results.append(
        backward.destinations.map { draftResult($0, walk, gradients, &steps) })
    }
    return (steps, results)
  }

  /// A walk's gradient by a destination, kept to the end.
  private mutating func draftResult(
    _ value: Int, _ walk: Int, _ gradients: Blocks, _ steps: inout [Draft]
  ) -> DraftSlot {
    if let ticket = gradients[value], let place = walks[value].firstIndex(of: walk) {
      layout.extend(ticket, to: .max)
      return slot(ticket, value, place: place)
    }
    // The output does not depend on this value.
    let zero = slot(
      layout.reserve(gradientShapes[value].count, life: clock ... .max), value, place: 0)
    clock += 1
    steps.append { .clear(zero.placed($0)) }
    return zero
  }

  // MARK: Blocks

  /// A new block for the gradients of all walks by a value.
  private mutating func block(of value: Int) -> DraftSlot {
    let count = gradientShapes[value].count * walks[value].count
    return slot(
      layout.reserve(count, life: clock...clock), value, place: 0, count: walks[value].count)
  }

  /// The gradients of `count` walks by a value, from the one at `place` of its block on.
  private func slot(
    _ ticket: SlotLayout.Ticket, _ value: Int, place: Int, count: Int = 1
  ) -> DraftSlot {
    DraftSlot(
      ticket: ticket, start: place * gradientShapes[value].count,
      shape: batch(gradientShapes[value], of: count))
  }

  /// The part of a value's block that belongs to walks that pass together, nil if they do not pass
  /// the value.
  private func part(_ ticket: SlotLayout.Ticket?, _ value: Int, of team: [Int]) -> DraftSlot? {
    guard let ticket, let place = walks[value].firstIndex(of: team[0]) else { return nil }
    return slot(ticket, value, place: place, count: team.count)
  }

  private func batch(_ shape: Shape, of count: Int) -> Shape {
    Shape([shape[0] * count] + shape.extents.dropFirst())
  }

  // MARK: Steps

  /// The gradients by a node's inputs, for all walks.
  private mutating func draftNode(
    _ node: Network.Node, _ ways: [Int: any BackwardStep], into gradients: inout Blocks
  ) throws(GradCAMError) -> [Draft] {
    let arriving = node.outputs.map { gradients[$0] }
    guard arriving.contains(where: { $0 != nil }) else { return [] }
    var steps: [Draft] = []
    let results = node.inputs.map { walks[$0].isEmpty ? nil : block(of: $0).ticket }
    var copies: [Int: DraftSlot] = [:]
    for team in teams(node, ways) {
      guard let way = ways[team[0]] else { continue }
      let needs = way.needs
      for value in needs.inputs.map({ node.inputs[$0] }) + needs.outputs.map({ node.outputs[$0] })
      where copies[value] == nil {
        copies[value] = draftCopy(value, &steps)
      }
      let used = arriving.compactMap { $0 } + results.compactMap { $0 }
      for ticket in used + copies.values.map(\.ticket) { layout.extend(ticket, to: clock) }
      let inputShapes = node.inputs.map { batch(gradientShapes[$0], of: team.count) }
      let scratchCount = try way.scratch(inputShapes)
      let scratch = DraftSlot(
        ticket: layout.reserve(scratchCount, life: clock...clock), shape: Shape([scratchCount]))
      clock += 1
      let sources = zip(arriving, node.outputs).map { part($0, $1, of: team) }
      let targets = zip(results, node.inputs).map { part($0, $1, of: team) }
      let inputs = node.inputs.indices.map {
        needs.inputs.contains($0) ? copies[node.inputs[$0]] : nil
      }
      let outputs = node.outputs.indices.map {
        needs.outputs.contains($0) ? copies[node.outputs[$0]] : nil
      }
      steps.append { layout in
        .backward(
          way,
          GradientSlots(
            outputGradients: sources.map { $0?.placed(layout) }, inputShapes: inputShapes,
            inputs: inputs.map { $0?.placed(layout) ?? .empty },
            outputs: outputs.map { $0?.placed(layout) ?? .empty },
            inputGradients: targets.map { $0?.placed(layout) },
            scratch: scratch.placed(layout)))
      }
    }
    for (input, result) in zip(node.inputs, results) {
      if let result { steps += draftSum(of: input, result, into: &gradients) }
    }
    return steps
  }

  /// Walks that one step takes together: consecutive ones in the blocks of all the tensors of a
  /// linear step, else each alone.
  private func teams(_ node: Network.Node, _ ways: [Int: any BackwardStep]) -> [[Int]] {
    var teams: [[Int]] = []
    for walk in ways.keys.sorted() {
      if let last = teams.last?.last, let before = ways[last] as? OperatorGradient,
        let way = ways[walk] as? OperatorGradient, before.isLinear, way.isLinear,
        (node.inputs + node.outputs).allSatisfy({ follows(walk, last, in: walks[$0]) })
      {
        teams[teams.count - 1].append(walk)
      } else {
        teams.append([walk])
      }
    }
    return teams
  }

  /// Whether one walk lies behind another in a value's block, or neither passes the value.
  private func follows(_ walk: Int, _ before: Int, in walks: [Int]) -> Bool {
    switch (walks.firstIndex(of: walk), walks.firstIndex(of: before)) {
    case (let place?, let earlier?): place == earlier + 1
    case (nil, nil): true
    default: false
    }
  }

  /// A view's gradient is its input's; copied where not the same walks pass both.
  private mutating func draftView(
    _ node: Network.Node, into gradients: inout Blocks
  ) -> [Draft] {
    let (input, output) = (node.inputs[0], node.outputs[0])
    guard let arriving = gradients[output] else { return [] }
    if walks[input] == walks[output] {
      if request.backward.contains(where: { $0.destinations.contains(output) }) {
        finished.insert(arriving)
      }
      return draftSum(of: input, arriving, into: &gradients)
    }
    let result = block(of: input).ticket
    var steps: [Draft] = []
    for walk in walks[input] {
      guard let from = part(arriving, output, of: [walk]), let to = part(result, input, of: [walk])
      else { continue }
      steps.append(
        draftStep([arriving, result]) {
          .replicate(from.placed($0), times: 1, to: to.placed($0))
        })
    }
    return steps + draftSum(of: input, result, into: &gradients)
  }

  /// Adds a consumer's gradient by a value to those before it.
  private mutating func draftSum(
    of value: Int, _ result: SlotLayout.Ticket, into gradients: inout Blocks
  ) -> [Draft] {
    guard let sum = gradients[value] else {
      gradients[value] = result
      return []
    }
    var steps: [Draft] = []
    var (from, to) = (result, sum)
    // What a destination has must not change any more.
    if finished.contains(to) { swap(&from, &to) }
    if finished.contains(to) {
      let copy = block(of: value)
      let original = slot(to, value, place: 0, count: walks[value].count)
      steps.append(
        draftStep([to, copy.ticket]) {
          .replicate(original.placed($0), times: 1, to: copy.placed($0))
        })
      to = copy.ticket
    }
    gradients[value] = to
    let source = slot(from, value, place: 0, count: walks[value].count)
    let target = slot(to, value, place: 0, count: walks[value].count)
    return steps + [draftStep([from, to]) { .add(source.placed($0), to: target.placed($0)) }]
  }

  /// A step that uses these tickets now.
  private mutating func draftStep(
    _ tickets: [SlotLayout.Ticket], _ draft: @escaping Draft
  ) -> Draft {
    for ticket in tickets { layout.extend(ticket, to: clock) }
    clock += 1
    return draft
  }

  /// A forward tensor as a walk reads it: itself, or copied for each target.
  private mutating func draftCopy(_ value: Int, _ steps: inout [Draft]) -> DraftSlot? {
    guard let ticket = tickets[value] else { return nil }
    let original = DraftSlot(ticket: ticket, shape: shapes[value])
    // Walks run again for further targets.
    layout.extend(ticket, to: .max)
    let times = request.targetsPerWalk
    guard times > 1 else { return original }
    let copy = slot(
      layout.reserve(gradientShapes[value].count, life: clock...clock), value, place: 0)
    clock += 1
    steps.append { .replicate(original.placed($0), times: times, to: copy.placed($0)) }
    return copy
  }
}
