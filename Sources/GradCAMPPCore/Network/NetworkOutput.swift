import GradCAMPPKernels

/// What a network said about one picture.
public struct NetworkOutput: Sendable {
  /// What the numbers are.
  public let kind: OutputKind
  /// Their shape, without the batch.
  public let shape: Shape
  /// The numbers, row-major, channels innermost.
  public let numbers: [Float]

  /// Numbers of a kind and shape.
  public init(kind: OutputKind, shape: Shape, numbers: [Float]) {
    self.kind = kind
    self.shape = shape
    self.numbers = numbers
  }

  /// The classes; nil when the output is something else.
  public var predictions: Predictions? {
    guard case .classes(let probabilities) = kind else { return nil }
    return Predictions(logits: numbers, probabilities)
  }
}

/// What outputs a network has, before it has seen a picture: what a target is checked against.
public struct OutputDescription: Sendable {
  /// What the numbers are.
  public let kind: OutputKind
  /// Their shape, without the batch.
  public let shape: Shape

  /// A description.
  public init(kind: OutputKind, shape: Shape) {
    self.kind = kind
    self.shape = shape
  }

  /// Number of classes; 0 for a vector.
  public var classCount: Int { kind == .vector ? 0 : shape.channels }

  /// Throws `classIndex` unless all are classes of a network that ends with classes.
  func check(classes: [Int]) throws(GradCAMError) {
    guard case .classes = kind else {
      throw GradCAMError(
        .invalidArgument,
        "the network ends with a \(kind == .map ? "map" : "vector") of shape \(shape), not with "
          + "one score for each class; choose a target "
          + (kind == .map ? "of a class over a mask, or of the whole output" : "of the output"))
    }
    try checkRange(classes)
  }

  /// Throws `classIndex` unless all are classes of the network.
  func checkRange(_ classes: [Int]) throws(GradCAMError) {
    for index in classes where !(0..<classCount).contains(index) {
      throw GradCAMError(
        .classIndex,
        "class \(index) does not exist; the model has \(classCount) classes, 0 to "
          + "\(classCount - 1)")
    }
  }
}

extension Network {
  /// What outputs the network has.
  public var outputDescription: OutputDescription {
    OutputDescription(kind: outputKind, shape: outputShape)
  }

  /// What the network said, from the numbers of its output.
  public func output(_ numbers: [Float]) -> NetworkOutput {
    NetworkOutput(kind: outputKind, shape: outputShape, numbers: numbers)
  }
}
