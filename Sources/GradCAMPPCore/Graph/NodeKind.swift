import GradCAMPPKernels

/// What a pass or a lowering knows of a node's inputs.
public struct NodeInputs: Sendable {
  /// Extents, nil for an input that was left out.
  public let shapes: [Shape?]
  /// Constants, nil for an input that is computed or was left out.
  public let constants: [GraphConstant?]

  /// The extents of an input that must be there; throws `badData` naming the node.
  public func shape(_ place: Int, of node: GraphNode) throws(GradCAMError) -> Shape {
    guard place < shapes.count, let shape = shapes[place] else {
      throw node.error("has no input \(place)")
    }
    return shape
  }

  /// A constant that must be there; throws `badData` naming the node.
  public func constant(_ place: Int, of node: GraphNode) throws(GradCAMError) -> GraphConstant {
    _ = try shape(place, of: node)
    guard let constant = constants[place] else {
      throw node.error("has a computed input \(place); expected a tensor that the file gives")
    }
    return constant
  }

  /// Whole numbers that must be constant; nil when the input was left out.
  public func integers(_ place: Int, of node: GraphNode) throws(GradCAMError) -> [Int]? {
    guard place < shapes.count, shapes[place] != nil else { return nil }
    guard let integers = try constant(place, of: node).integers else {
      throw node.error("has an input \(place) of fractions; expected whole numbers")
    }
    return integers
  }
}

/// How an operation treats the axes of its tensors, which decides how it is turned channels last.
public enum AxisUse: Sendable {
  /// Its first input has channels and spatial axes, by the node's layout; so has its output.
  case spatial
  /// Element by element: any order does, if all inputs have the same.
  case elementwise
  /// Axes are named by the node; `NodeKind.renamed` counts them anew.
  case named
  /// It sees the order of memory: (N, C, spatial…) must lie so.
  case memory
}

/// An operation of graphs: what its nodes may say, what they compute, which operators do it.
public protocol NodeKind: Sendable {
  /// The operation's name: "Conv".
  static var operation: String { get }

  /// Attributes that are understood; a node with another one is refused.
  static var attributes: Set<String> { get }

  /// How it treats axes.
  static var axisUse: AxisUse { get }

  /// Extents of the outputs, as the node counts axes; throws `badData` naming the node when
  /// inputs, attributes or their values do not fit.
  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape]

  /// The outputs, where they follow from constants and extents alone; nil where they do not.
  static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]?

  /// The node for inputs whose axes lie in `order`, its axes counted as they lie, and the order in
  /// which those of its outputs then lie: for `AxisUse.named`.
  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder)

  /// Adds the operators that compute the node, whose tensors are channels last.
  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError)
}

extension NodeKind {
  /// None.
  public static var attributes: Set<String> { [] }

  /// Nil.
  public static func folded(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [GraphConstant]? { nil }

  /// The node as it is: it names no axis.
  public static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) { (node, order) }

  /// Refused: no operator computes it.
  public static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    throw node.error("remains where no operator can compute it")
  }
}
