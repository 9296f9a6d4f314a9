import GradCAMPPKernels

/// One operation of a graph: what is computed from which values.
///
/// Operations and attributes are named and meant as ONNX's are
/// (https://onnx.ai/onnx/operators), beside a few that ONNX lacks.
public struct GraphNode: Sendable {
  /// Where a node's tensors have their channels.
  public enum Layout: Sendable {
    /// (N, C, spatial…): ONNX, PyTorch.
    case channelsFirst
    /// (N, spatial…, C): TensorFlow, Keras, this library's networks.
    case channelsLast
  }

  /// What messages call it, such as "conv1_1" or "/layer1/layer1.0/conv1/Conv".
  public var name: String
  /// What it does: "Conv".
  public var operation: String
  /// Values that it reads, in the operation's order; empty text for an optional one left out.
  public var inputs: [String]
  /// Values that it writes.
  public var outputs: [String]
  /// What else is said of it.
  public var attributes: [String: AttributeValue]
  /// Where its tensors have their channels, for operations that ask.
  public var layout: Layout
  /// The version of ONNX's operator set whose rules it follows.
  public var version: Int

  /// The version that is meant when none is said.
  public static let standardVersion = 21

  /// A node.
  public init(
    _ operation: String, name: String, inputs: [String], outputs: [String],
    attributes: [String: AttributeValue] = [:], layout: Layout = .channelsFirst,
    version: Int = GraphNode.standardVersion
  ) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.layout = layout
    self.version = version
  }

  /// An error about the node, named with its operation.
  public func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "node \(name.quoted) (\(operation)) \(sentence)")
  }

  /// The input at a place; nil when it was left out.
  public func input(_ place: Int) -> String? {
    place < inputs.count && !inputs[place].isEmpty ? inputs[place] : nil
  }

  /// A whole number; throws `badData` when the attribute is something else.
  public func integer(_ attribute: String, default value: Int) throws(GradCAMError) -> Int {
    switch attributes[attribute] {
    case nil: return value
    case .integer(let found): return found
    case .some(let found): throw wrong(attribute, found, "a whole number")
    }
  }

  /// A yes or no, written 1 or 0.
  public func flag(_ attribute: String, default value: Bool) throws(GradCAMError) -> Bool {
    let found = try integer(attribute, default: value ? 1 : 0)
    guard found == 0 || found == 1 else { throw wrong(attribute, .integer(found), "0 or 1") }
    return found == 1
  }

  /// A number.
  public func number(_ attribute: String, default value: Double) throws(GradCAMError) -> Double {
    switch attributes[attribute] {
    case nil: return value
    case .number(let found): return found
    case .integer(let found): return Double(found)
    case .some(let found): throw wrong(attribute, found, "a number")
    }
  }

  /// Text.
  public func text(_ attribute: String, default value: String) throws(GradCAMError) -> String {
    switch attributes[attribute] {
    case nil: return value
    case .text(let found): return found
    case .some(let found): throw wrong(attribute, found, "text")
    }
  }

  /// Whole numbers; nil when the attribute is left out.
  public func integers(_ attribute: String) throws(GradCAMError) -> [Int]? {
    switch attributes[attribute] {
    case nil: return nil
    case .integers(let found): return found
    case .some(let found): throw wrong(attribute, found, "whole numbers")
    }
  }

  /// As many whole numbers as there are spatial axes, each at least `least`.
  public func integers(
    _ attribute: String, count: Int, default value: Int, atLeast least: Int
  ) throws(GradCAMError) -> [Int] {
    guard let found = try integers(attribute) else { return [Int](repeating: value, count: count) }
    // Sums and products of what a file says must not overflow.
    guard found.count == count, found.allSatisfy({ (least...1 << 24).contains($0) }) else {
      throw wrong(attribute, .integers(found), "\(count) numbers from \(least) to 2^24")
    }
    return found
  }

  /// Throws `badData` unless the attribute is left out or has the one value that is understood.
  public func require(_ attribute: String, _ value: Int) throws(GradCAMError) {
    let found = try integer(attribute, default: value)
    guard found == value else { throw wrong(attribute, .integer(found), "\(value)") }
  }

  /// Extents of a result, computed from what a file says; throws `badData` when they fit no memory.
  public func shape(_ extents: [Int]) throws(GradCAMError) -> Shape {
    guard let shape = Shape(checking: extents, elementSize: 4) else {
      throw error("has a result of extents \(extents), which fit no memory")
    }
    return shape
  }

  /// An error about an attribute's value.
  public func wrong(
    _ attribute: String, _ found: AttributeValue, _ expected: String
  ) -> GradCAMError {
    error("has \(attribute) \(found.description); expected \(expected)")
  }
}
