import GradCAMPPKernels

/// A rewriting of a graph that leaves what it computes as it is.
public protocol GraphPass: Sendable {
  /// What it is called: "fold constants".
  static var name: String { get }

  /// What it does, in a line.
  static var summary: String { get }

  /// Rewrites the graph; throws `badData` naming the node that cannot be served.
  static func apply(to graph: inout Graph) throws(GradCAMError)
}
