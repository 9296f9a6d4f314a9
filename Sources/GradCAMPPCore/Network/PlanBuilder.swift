import GradCAMPPKernels

/// Turns a network and a request into a plan.
///
/// Steps are numbered in the order in which they run: the forward pass, then the walks back. A
/// forward tensor that a walk reads lives to the end, because the walks run again for further
/// targets; a gradient lives within its walk. A view has no memory of its own: its tensor is its
/// input's.
struct PlanBuilder {
  let network: Network
  let request: PlanRequest
  let shapes: [Shape]
  /// Shapes of gradients of one walk, whose batch is pictures x targets.
  let gradientShapes: [Shape]
  /// For each value, the walks that pass it: those to whose destinations it leads, if the output
  /// depends on it.
  let walks: [[Int]]
  /// For each node, how each walk that passes it goes back through its operator.
  let ways: [[Int: any BackwardStep]]

  var layout = SlotLayout()
  /// Tickets of forward tensors, by value.
  var tickets: [Int: SlotLayout.Ticket] = [:]
  /// Blocks of gradients that a destination has and that must not change any more.
  var finished: Set<SlotLayout.Ticket> = []
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
    walks = Self.walks(of: request, through: network)
    ways = try Self.ways(of: request, through: network, walks)
  }

  /// The plan.
  mutating func build() throws(GradCAMError) -> Plan {
    tickets[0] = layout.reserve(shapes[0].count, life: 0...0)
    let forward = try draftForward()
    for value in wanted { extend(value, to: .max) }
    let backward = try draftBackward()
    layout.place()
    let layout = layout
    return Plan(
      input: slot(0), forward: forward.map { $0(layout) },
      output: request.needsOutput ? slot(network.output) : nil,
      recorded: request.recorded.map { slot($0) },
      backward: backward.steps.map { $0(layout) },
      gradients: backward.results.map { $0.map { $0.placed(layout) } },
      workspaceCount: layout.count)
  }

  /// Values whose tensors the caller sees.
  var wanted: [Int] { request.recorded + (request.needsOutput ? [network.output] : []) }

  private func slot(_ value: Int) -> TensorSlot {
    guard let ticket = tickets[value] else { return .empty }
    return TensorSlot(offset: layout.offset(ticket), shape: shapes[value])
  }

  mutating func extend(_ value: Int, to step: Int) {
    if let ticket = tickets[value] { layout.extend(ticket, to: step) }
  }

  private static func walks(of request: PlanRequest, through network: Network) -> [[Int]] {
    let isAncestor = network.ancestors(of: [network.output])
    var walks = network.shapes.map { _ in [Int]() }
    for (walk, backward) in request.backward.enumerated() {
      let isDescendant = network.descendants(of: backward.destinations)
      for value in walks.indices where isAncestor[value] && isDescendant[value] {
        walks[value].append(walk)
      }
    }
    return walks
  }

  private static func ways(
    of request: PlanRequest, through network: Network, _ walks: [[Int]]
  ) throws(GradCAMError) -> [[Int: any BackwardStep]] {
    var ways: [[Int: any BackwardStep]] = []
    for node in network.nodes {
      var steps: [Int: any BackwardStep] = [:]
      for (walk, backward) in request.backward.enumerated()
      where node.outputs.contains(where: { walks[$0].contains(walk) })
        && node.inputs.contains(where: { walks[$0].contains(walk) })
      {
        steps[walk] = try backward.rule.step(through: node.operation)
      }
      ways.append(steps)
    }
    return ways
  }
}
