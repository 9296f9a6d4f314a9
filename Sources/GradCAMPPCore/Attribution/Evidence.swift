import GradCAMPPKernels

/// What a method sees of a target.
public struct Evidence: Sendable {
  /// The layers that are explained, one at least, in the order in which they were asked for.
  public let layers: [LayerEvidence]

  private let scorer: (any MaskScorer)?
  private let source: (any EvidenceSource)?

  /// Evidence of some layers.
  public init(
    _ layers: [LayerEvidence], scorer: (any MaskScorer)? = nil, source: (any EvidenceSource)? = nil
  ) {
    precondition(!layers.isEmpty, "evidence of no layer")
    self.layers = layers
    self.scorer = scorer
    self.source = source
  }

  /// Scores the target for the picture behind masks; for methods that say they need it.
  public var maskScorer: any MaskScorer {
    precondition(scorer != nil, "a method scores without saying that it needs to")
    return scorer ?? NoFurtherEvidence()
  }

  /// Evidence about changed pictures; for methods that say they need it.
  public var evidenceSource: any EvidenceSource {
    precondition(source != nil, "a method repeats without saying that it needs to")
    return source ?? NoFurtherEvidence()
  }
}

/// A layer's activations A and gradients g = ∂score/∂A, (cells…, channels).
public struct LayerEvidence: Sendable {
  /// Activations.
  public let activations: Tensor

  /// Gradients, if they were given.
  let gradientsIfAny: Tensor?

  /// The activations of a layer and, if a method needs them, their gradients.
  ///
  /// Throws `invalidArgument` when the shapes differ or lack a spatial axis, or when a number is
  /// NaN or infinite.
  public init(activations: Tensor, gradients: Tensor?) throws(GradCAMError) {
    guard gradients.map({ $0.shape == activations.shape }) ?? true else {
      throw GradCAMError(
        .invalidArgument,
        "activations of shape \(activations.shape) and gradients of shape "
          + "\(gradients?.shape ?? activations.shape) differ; they must belong to the same layer")
    }
    guard (2...4).contains(activations.shape.rank), activations.shape.count > 0 else {
      throw GradCAMError(
        .invalidArgument,
        "a map needs activations with 1 to 3 spatial axes and channels, not shape "
          + "\(activations.shape)")
    }
    for (name, tensor) in [("activations", activations), ("gradients", gradients)] {
      guard tensor?.read({ span in span.indices.allSatisfy { span[$0].isFinite } }) ?? true else {
        throw GradCAMError(
          .invalidArgument, "the \(name) hold NaN or infinity; finite numbers are expected")
      }
    }
    self.activations = activations
    gradientsIfAny = gradients
  }

  /// Gradients of the activations' shape; for methods that say they need them.
  public var gradients: Tensor {
    precondition(gradientsIfAny != nil, "a method reads gradients that it does not say it needs")
    return gradientsIfAny ?? activations
  }

  /// Number of channels.
  public var channels: Int { activations.shape.channels }

  /// Number of cells of one channel.
  public var cells: Int { activations.shape.count / channels }

  /// The spatial extents.
  public var spatialShape: Shape { Shape(Array(activations.shape.extents.dropLast())) }

  /// The sum of each channel's activations.
  public func activationSums() -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    activations.read { activations in
      for cell in 0..<cells {
        for channel in 0..<channels {
          sums[channel] += Double(activations[cell * channels + channel])
        }
      }
    }
    return sums
  }

  /// Calls `body` with every gradient and its channel, cell by cell.
  @inline(__always)
  public func forEachGradient(_ body: (_ channel: Int, _ gradient: Double) -> Void) {
    gradients.read { gradients in
      for cell in 0..<cells {
        for channel in 0..<channels { body(channel, Double(gradients[cell * channels + channel])) }
      }
    }
  }

  /// Calls `body` with every activation, its gradient and their channel, cell by cell.
  @inline(__always)
  public func forEachPair(
    _ body: (_ channel: Int, _ activation: Double, _ gradient: Double) -> Void
  ) {
    activations.read { activations in
      gradients.read { gradients in
        for cell in 0..<cells {
          for channel in 0..<channels {
            let index = cell * channels + channel
            body(channel, Double(activations[index]), Double(gradients[index]))
          }
        }
      }
    }
  }
}
