import GradCAMPPKernels

/// Turns a network and a request into a plan.
///
/// Steps are numbered in the order in which they run: the forward pass, then the walks back one
/// after the other. A forward tensor that a walk reads lives to the end, because every walk runs
/// again for each target class; a gradient lives within its walk.
struct PlanBuilder {
  private let network: Network
  private let request: PlanRequest
  private let shapes: [Shape]
  /// Shapes of gradients, whose batch is pictures x targets.
  private let gradientShapes: [Shape]

  private var layout = SlotLayout()
  /// Tickets of forward tensors, by value.
  private var tickets: [Int: SlotLayout.Ticket] = [:]
  /// Each step as a closure over the finished layout, since offsets are known last.
  private typealias Draft = (SlotLayout) -> Step
  private var clock = 0

  init(network: Network, request: PlanRequest) throws(GradCAMError) {
    self.network = network
    self.request = request
    shapes = try network.shapes(input: request.inputShape)
    let item = request.inputShape.extents.dropFirst()
    gradientShapes = try network.shapes(
      input: Shape([request.inputShape[0] * request.targetsPerWalk] + item))
  }

  /// The plan.
  mutating func build() throws(GradCAMError) -> Plan {
    let end = Int.max
    tickets[0] = layout.reserve(shapes[0].count, life: 0...0)
    let forward = try draftForward()
    for value in request.recorded + (request.needsLogits ? [network.output] : []) {
      extend(value, to: end)
    }
    var walks: [(steps: [Draft], result: Int, ticket: SlotLayout.Ticket)] = []
    for backward in request.backward {
      let (steps, ticket) = try draftWalk(backward)
      layout.extend(ticket, to: end)
      walks.append((steps, backward.destination, ticket))
    }
    layout.place()
    let layout = layout
    return Plan(
      input: slot(0), forward: forward.map { $0(layout) },
      logits: request.needsLogits ? slot(network.output) : nil,
      recorded: request.recorded.map { slot($0) },
      walks: walks.map { walk in
        Plan.Walk(
          steps: walk.steps.map { $0(layout) },
          result: TensorSlot(offset: layout.offset(walk.ticket), shape: gradientShapes[walk.result])
        )
      },
      workspaceCount: layout.count)
  }

  private func slot(_ value: Int) -> TensorSlot {
    guard let ticket = tickets[value] else { return .empty }
    return TensorSlot(offset: layout.offset(ticket), shape: shapes[value])
  }

  private mutating func extend(_ value: Int, to step: Int) {
    if let ticket = tickets[value] { layout.extend(ticket, to: step) }
  }

  // MARK: Forward

  private mutating func draftForward() throws(GradCAMError) -> [Draft] {
    let wanted =
      request.recorded + (request.needsLogits ? [network.output] : [])
      + request.backward.map(\.destination)
    let isNeeded = network.ancestors(of: wanted)
    var drafts: [Draft] = []
    var position = 0
    while position < network.nodes.count {
      let node = network.nodes[position]
      position += 1
      guard isNeeded[node.output] else { continue }
      var operation = node.operation
      var output = node.output
      if let (rectified, rectifiedOutput) = fusion(at: position - 1, isNeeded: isNeeded) {
        (operation, output) = (rectified, rectifiedOutput)
        position += 1
      }
      drafts.append(try draftForward(operation, node.inputs, output))
    }
    return drafts
  }

  /// The node at `position` and the ReLU right after it as one step, if nobody else wants the
  /// tensor between them.
  private func fusion(at position: Int, isNeeded: [Bool]) -> ((any Operator), Int)? {
    let node = network.nodes[position]
    guard position + 1 < network.nodes.count else { return nil }
    let next = network.nodes[position + 1]
    let consumers = network.nodes.count { $0.inputs.contains(node.output) }
    guard next.operation is ReLU, next.inputs == [node.output], consumers == 1,
      isNeeded[next.output], node.output != network.output,
      !request.recorded.contains(node.output), let rectified = node.operation.rectified
    else { return nil }
    return (rectified, next.output)
  }

  private mutating func draftForward(
    _ operation: any Operator, _ inputs: [Int], _ output: Int
  ) throws(GradCAMError) -> Draft {
    let now = clock
    clock += 1
    for input in inputs { extend(input, to: now) }
    let inputShapes = inputs.map { shapes[$0] }
    let outputTicket = layout.reserve(shapes[output].count, life: now...now)
    tickets[output] = outputTicket
    let scratchCount = try operation.forwardScratch(inputShapes)
    let scratch = layout.reserve(scratchCount, life: now...now)
    let inputTickets = inputs.map { tickets[$0] ?? outputTicket }
    let outputShape = shapes[output]
    return { layout in
      .forward(
        operation,
        ForwardSlots(
          inputs: zip(inputTickets, inputShapes).map {
            TensorSlot(offset: layout.offset($0), shape: $1)
          },
          output: TensorSlot(offset: layout.offset(outputTicket), shape: outputShape),
          scratch: TensorSlot(offset: layout.offset(scratch), shape: Shape([scratchCount]))))
    }
  }

  // MARK: Backward

  /// One walk from the logits to a destination; the ticket is that of the destination's gradient.
  private mutating func draftWalk(
    _ backward: PlanRequest.Backward
  ) throws(GradCAMError) -> (steps: [Draft], ticket: SlotLayout.Ticket) {
    let isOnTheWay = zip(
      network.descendants(of: backward.destination), network.ancestors(of: [network.output])
    ).map { $0 && $1 }
    var gradients: [Int: SlotLayout.Ticket] = [:]
    var drafts: [Draft] = []
    guard isOnTheWay[network.output] else {
      return draftZero(backward.destination)
    }
    let seed = layout.reserve(gradientShapes[network.output].count, life: clock...clock)
    gradients[network.output] = seed
    let seedShape = gradientShapes[network.output]
    drafts.append { .seed(TensorSlot(offset: $0.offset(seed), shape: seedShape)) }
    clock += 1
    for node in network.nodes.reversed()
    where isOnTheWay[node.output] && node.output != backward.destination {
      guard let outputGradient = gradients[node.output] else { continue }
      drafts += try draftGradient(
        node, outputGradient, isWanted: isOnTheWay, rule: backward.rule, into: &gradients)
    }
    guard let ticket = gradients[backward.destination] else {
      return draftZero(backward.destination)
    }
    return (drafts, ticket)
  }

  /// A walk to a value on which the logits do not depend.
  private mutating func draftZero(
    _ destination: Int
  ) -> (steps: [Draft], ticket: SlotLayout.Ticket) {
    let shape = gradientShapes[destination]
    let ticket = layout.reserve(shape.count, life: clock...clock)
    clock += 1
    return ([{ .clear(TensorSlot(offset: $0.offset(ticket), shape: shape)) }], ticket)
  }

  private mutating func draftGradient(
    _ node: Network.Node, _ outputGradient: SlotLayout.Ticket, isWanted: [Bool],
    rule: BackwardRule, into gradients: inout [Int: SlotLayout.Ticket]
  ) throws(GradCAMError) -> [Draft] {
    let operation = node.operation
    let needs = operation.gradientNeeds
    var drafts: [Draft] = []
    let inputs = needs.contains(.inputs) ? node.inputs.map { draftCopy($0, &drafts) } : []
    let output = needs.contains(.output) ? draftCopy(node.output, &drafts) : nil
    let now = clock
    clock += 1
    for ticket in [outputGradient] + (inputs + [output]).compactMap({ $0 }) {
      layout.extend(ticket, to: now)
    }
    let inputShapes = node.inputs.map { gradientShapes[$0] }
    let scratchCount = try operation.gradientScratch(inputShapes)
    let scratch = layout.reserve(scratchCount, life: now...now)
    var results: [SlotLayout.Ticket?] = []
    var additions: [Draft] = []
    for (position, input) in node.inputs.enumerated() {
      guard isWanted[input] else {
        results.append(nil)
        continue
      }
      let result = layout.reserve(inputShapes[position].count, life: now...now)
      results.append(result)
      if let sum = gradients[input] {
        layout.extend(sum, to: clock)
        layout.extend(result, to: clock)
        clock += 1
        let shape = inputShapes[position]
        additions.append { layout in
          .add(
            TensorSlot(offset: layout.offset(result), shape: shape),
            to: TensorSlot(offset: layout.offset(sum), shape: shape))
        }
      } else {
        gradients[input] = result
      }
    }
    let outputShape = gradientShapes[node.output]
    drafts.append { layout in
      let place = { (ticket: SlotLayout.Ticket?, shape: Shape) -> TensorSlot in
        ticket.map { TensorSlot(offset: layout.offset($0), shape: shape) } ?? .empty
      }
      return .gradient(
        operation,
        GradientSlots(
          outputGradient: place(outputGradient, outputShape),
          inputs: zip(inputs, inputShapes).map { place($0, $1) },
          output: place(output, outputShape),
          inputGradients: zip(results, inputShapes).map { ticket, shape in
            ticket.map { place($0, shape) }
          },
          scratch: place(scratch, Shape([scratchCount]))),
        rule)
    }
    return drafts + additions
  }

  /// A forward tensor as a walk reads it: itself, or copied for each target.
  private mutating func draftCopy(_ value: Int, _ drafts: inout [Draft]) -> SlotLayout.Ticket? {
    guard let original = tickets[value] else { return nil }
    // Walks run again for further targets.
    layout.extend(original, to: .max)
    guard request.targetsPerWalk > 1 else { return original }
    let copy = layout.reserve(gradientShapes[value].count, life: clock...clock)
    clock += 1
    let (from, to) = (shapes[value], gradientShapes[value])
    drafts.append { layout in
      .replicate(
        TensorSlot(offset: layout.offset(original), shape: from),
        to: TensorSlot(offset: layout.offset(copy), shape: to))
    }
    return copy
  }
}
