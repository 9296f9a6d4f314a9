import GradCAMPPKernels

/// Range: numbers from a start, by a step, up to but not including a limit.
struct RangeEvaluation: ConstantEvaluation {
  let operation = "Range"

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    var parts: [KnownTensor] = []
    for place in 0..<3 { parts.append(try inputs.tensor(place, of: node)) }
    guard parts.allSatisfy({ $0.shape.count == 1 }) else {
      throw node.error("has bounds of shapes \(parts.map(\.shape)); expected single numbers")
    }
    let bounds = parts.map { Double($0.floats[0]) }
    let exact = parts.compactMap { $0.integers?[0] }
    let count =
      exact.count == 3
      ? (Double(exact[1]) - Double(exact[0])) / Double(exact[2])
      : (bounds[1] - bounds[0]) / bounds[2]
    guard count.isFinite, count <= Double(KnownTensor.largestCount) else {
      throw node.error("counts from \(bounds[0]) to \(bounds[1]) by \(bounds[2])")
    }
    let indices = 0..<Int(max(count, 0).rounded(.up))
    let shape = try node.knownShape([indices.count])
    guard exact.count == 3 else {
      return [
        KnownTensor(shape, .floats(indices.map { Float(bounds[0] + Double($0) * bounds[2]) }))
      ]
    }
    return [KnownTensor(shape, .integers(indices.map { exact[0] &+ $0 &* exact[2] }))]
  }
}
