import GradCAMPPKernels

/// Turns a network and a request into a plan.
///
/// Steps are numbered in the order in which they run: the forward pass, then the walks back. A
/// forward tensor that a walk reads lives to the end, because the walks run again for further
/// target classes; a gradient lives within its walk.
struct PlanBuilder {
  let network: Network
  let request: PlanRequest
  let shapes: [Shape]
  /// Shapes of gradients of one walk, whose batch is pictures x targets.
  let gradientShapes: [Shape]

  var layout = SlotLayout()
  /// Tickets of forward tensors, by value.
  var tickets: [Int: SlotLayout.Ticket] = [:]
  var clock = 0

  /// A step as a closure over the finished layout, since offsets are known last.
  typealias Draft = (SlotLayout) -> Step

  /// A slot whose place is not known yet.
  struct DraftSlot {
    let ticket: SlotLayout.Ticket
    /// Elements of the ticket before it.
    var start = 0
    let shape: Shape

    func placed(_ layout: SlotLayout) -> TensorSlot {
      TensorSlot(offset: layout.offset(ticket) + start, shape: shape)
    }
  }

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
    tickets[0] = layout.reserve(shapes[0].count, life: 0...0)
    let forward = try draftForward()
    for value in request.recorded + (request.needsLogits ? [network.output] : []) {
      extend(value, to: .max)
    }
    let backward = try draftBackward()
    layout.place()
    let layout = layout
    return Plan(
      input: slot(0), forward: forward.map { $0(layout) },
      logits: request.needsLogits ? slot(network.output) : nil,
      recorded: request.recorded.map { slot($0) },
      backward: backward.steps.map { $0(layout) },
      gradients: backward.results.map { $0.placed(layout) },
      workspaceCount: layout.count)
  }

  private func slot(_ value: Int) -> TensorSlot {
    guard let ticket = tickets[value] else { return .empty }
    return TensorSlot(offset: layout.offset(ticket), shape: shapes[value])
  }

  mutating func extend(_ value: Int, to step: Int) {
    if let ticket = tickets[value] { layout.extend(ticket, to: step) }
  }

  // MARK: Forward

  private mutating func draftForward() throws(GradCAMError) -> [Draft] {
    let wanted =
      request.recorded + (request.needsLogits ? [network.output] : [])
      + request.backward.map(\.destination)
    let isNeeded = network.ancestors(of: wanted)
    let isDroppable = droppableValues()
    var drafts: [Draft] = []
    var position = 0
    while position < network.nodes.count {
      let node = network.nodes[position]
      position += 1
      guard isNeeded[node.output] else { continue }
      var operation = node.operation
      var output = node.output
      while position < network.nodes.count,
        isDroppable[output], network.nodes[position].inputs == [output],
        isNeeded[network.nodes[position].output],
        let fused = try operation.fused(
          with: network.nodes[position].operation, node.inputs.map { shapes[$0] })
      {
        (operation, output) = (fused, network.nodes[position].output)
        position += 1
      }
      drafts.append(try draftForward(operation, node.inputs, output))
    }
    return drafts
  }

  /// For each value, whether nobody but one operator of the forward pass reads it.
  private func droppableValues() -> [Bool] {
    var readers = shapes.map { _ in 0 }
    for node in network.nodes {
      for input in node.inputs { readers[input] += 1 }
    }
    var isDroppable = readers.map { $0 == 1 }
    for value in request.recorded + [network.output] { isDroppable[value] = false }
    let walks = walksByValue()
    for node in network.nodes where node.inputs.contains(where: { !walks[$0].isEmpty }) {
      let needs = node.operation.gradientNeeds
      if needs.contains(.inputs) { for input in node.inputs { isDroppable[input] = false } }
      if needs.contains(.output) { isDroppable[node.output] = false }
    }
    return isDroppable
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
    let inputSlots = zip(inputs, inputShapes).map {
      DraftSlot(ticket: tickets[$0] ?? outputTicket, shape: $1)
    }
    let outputSlot = DraftSlot(ticket: outputTicket, shape: shapes[output])
    let scratchSlot = DraftSlot(ticket: scratch, shape: Shape([scratchCount]))
    return { layout in
      .forward(
        operation,
        ForwardSlots(
          inputs: inputSlots.map { $0.placed(layout) }, output: outputSlot.placed(layout),
          scratch: scratchSlot.placed(layout)))
    }
  }
}
