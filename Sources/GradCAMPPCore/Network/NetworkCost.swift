import GradCAMPPKernels

/// What one forward pass of one picture takes, from the shapes alone.
///
/// An explanation takes about three times the work, and the exact memory of a call is known from its
/// plan before the call begins.
public struct NetworkCost: Equatable, Sendable {
  /// The number of operators that compute something.
  public let layers: Int
  /// Products that are added to a sum; `Int.max` for more than an Int holds.
  public let multiplyAdds: Int
  /// Bytes that the largest operator reads and writes, likewise.
  public let workspaceBytes: Int

  /// The cost of a network for its own input shape.
  public init(_ network: Network) {
    var multiplyAdds = 0
    var workspace = 0
    // A view computes nothing.
    let nodes = network.nodes.filter { !$0.operation.isView }
    for node in nodes {
      let inputs = node.inputs.map { network.shapes[$0] }
      let written = node.outputs.reduce(0) { $0.addingOrMost(network.shapes[$1].count) }
      let each = node.operation.multiplyAddsForElement(inputs)
      multiplyAdds = multiplyAdds.addingOrMost(written.multipliedOrMost(by: each))
      let elements = inputs.reduce(written) { $0.addingOrMost($1.count) }
      workspace = max(workspace, elements.multipliedOrMost(by: MemoryLayout<Float>.size))
    }
    layers = nodes.count
    self.multiplyAdds = multiplyAdds
    workspaceBytes = workspace
  }

  /// Throws `badData` when a network costs more than is allowed; `origin` is what messages call it.
  public func check(_ limits: Limits, origin: String) throws(GradCAMError) {
    try limits.check(layers, .layers, "\(origin): the network has", "operators")
    try limits.check(
      multiplyAdds, .multiplyAdds, "\(origin): one picture takes", "multiply-adds in this network")
    try limits.check(
      workspaceBytes, .workspaceBytes, "\(origin): one picture takes",
      "bytes of working memory in this network")
  }
}

extension Int {
  /// The sum of numbers from 0 up, or the largest Int.
  fileprivate func addingOrMost(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of numbers from 0 up, or the largest Int.
  fileprivate func multipliedOrMost(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
