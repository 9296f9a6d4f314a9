import GradCAMPPKernels

/// What writing out a document's functions would cost, known before it is done.
///
/// Thirty functions, each of which calls the next one ten times, are a file of some KB.
struct ONNXInliningCosts {
  /// Functions within functions.
  private static let deepest = 32

  /// The most nodes, inputs, outputs and attributes; a network of 10,000 nodes has some 60,000.
  private static let mostParts = 2_000_000

  private struct Cost {
    var parts: Int
    var depth: Int
  }

  private let origin: String
  private let functions: [ONNXFunction.Identity: ONNXFunction]
  private var costs: [ONNXFunction.Identity: Cost] = [:]

  init(origin: String, functions: [ONNXFunction.Identity: ONNXFunction]) {
    self.origin = origin
    self.functions = functions
  }

  /// Throws `badData` when a function calls itself, and when the nodes would become too many.
  mutating func check(_ nodes: [ONNXNode]) throws(GradCAMError) { _ = try cost(nodes, []) }

  /// How much nodes become, and how many functions lie within one another in them.
  private mutating func cost(
    _ nodes: [ONNXNode], _ callers: [ONNXFunction.Identity]
  ) throws(GradCAMError) -> Cost {
    var total = Cost(parts: 0, depth: 0)
    for node in nodes {
      let cost = try cost(node, callers)
      total.parts += cost.parts + 1 + node.inputs.count + node.outputs.count + node.attributes.count
      total.depth = max(total.depth, cost.depth)
      guard total.parts <= Self.mostParts else {
        throw GradCAMError(
          .badData,
          "\(origin) has more than \(Self.mostParts) nodes, inputs, outputs and attributes, its "
            + "functions written out")
      }
    }
    return total
  }

  /// What the body that a node calls adds to it.
  private mutating func cost(
    _ node: ONNXNode, _ callers: [ONNXFunction.Identity]
  ) throws(GradCAMError) -> Cost {
    guard let function = functions[node.function] else { return Cost(parts: 0, depth: 0) }
    let identity = function.identity
    guard !callers.contains(identity) else {
      throw GradCAMError(.badData, "\(origin): function \(identity) calls itself")
    }
    var cost: Cost
    if let known = costs[identity] {
      cost = known
    } else if callers.count >= Self.deepest {
      throw tooDeep
    } else {
      cost = try self.cost(function.nodes, callers + [identity])
      cost.parts += function.inputs.count + 4 * function.outputs.count
      cost.depth += 1
      costs[identity] = cost
    }
    guard callers.count + cost.depth <= Self.deepest else { throw tooDeep }
    return cost
  }

  private var tooDeep: GradCAMError {
    GradCAMError(
      .badData, "\(origin) has functions within functions, more than \(Self.deepest) deep")
  }
}
