import GradCAMPPKernels

/// What an operation computes of numbers that are known before a picture is seen: the arithmetic on
/// shapes that exporters write, and on weights.
///
/// Definitions are ONNX's (https://onnx.ai/onnx/operators).
protocol ConstantEvaluation: Sendable {
  /// The operation's name: "Gather".
  var operation: String { get }

  /// Attributes that are understood; a node with another one is refused.
  var attributes: Set<String> { get }

  /// Whether it looks at the numbers of its inputs, which must then be known, or at their extents
  /// alone.
  var needsNumbers: Bool { get }

  /// The outputs; throws `badData` naming the node where inputs, attributes or their values do not
  /// fit.
  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor]
}

extension ConstantEvaluation {
  /// None.
  var attributes: Set<String> { [] }

  /// True.
  var needsNumbers: Bool { true }
}

/// The inputs of a node whose result follows from them.
struct KnownInputs: Sendable {
  /// Extents, nil for an input that was left out.
  let shapes: [Shape?]
  /// Numbers, nil for an input that was left out.
  let tensors: [KnownTensor?]

  /// An input that must be there; throws `badData` naming the node.
  func tensor(_ place: Int, of node: GraphNode) throws(GradCAMError) -> KnownTensor {
    guard place < tensors.count, let tensor = tensors[place] else {
      throw node.error("has no input \(place)")
    }
    return tensor
  }

  /// Whole numbers of an input that must be there.
  func integers(_ place: Int, of node: GraphNode) throws(GradCAMError) -> [Int] {
    guard let integers = try tensor(place, of: node).integers else {
      throw node.error("has an input \(place) of fractions; expected whole numbers")
    }
    return integers
  }

  /// Whole numbers of an input, or of the attribute that older versions have in its place; nil
  /// where there is neither.
  func integers(
    _ place: Int, or attribute: String, of node: GraphNode
  ) throws(GradCAMError) -> [Int]? {
    guard node.input(place) != nil else { return try node.integers(attribute) }
    return try integers(place, of: node)
  }
}

extension GraphNode {
  /// Extents of a result of which every number is to be known; throws `badData` for too many.
  func knownShape(_ extents: [Int]) throws(GradCAMError) -> Shape {
    let result = try shape(extents)
    guard result.count <= KnownTensor.largestCount else {
      throw error(
        "makes a tensor of shape \(result) out of constants; expected at most "
          + "\(KnownTensor.largestCount) numbers")
    }
    return result
  }

  /// A place along an axis, counted from its end when negative.
  func place(_ index: Int, of extent: Int) throws(GradCAMError) -> Int {
    guard (-extent..<extent).contains(index) else {
      throw error("takes place \(index) of \(extent)")
    }
    return index < 0 ? index + extent : index
  }
}
