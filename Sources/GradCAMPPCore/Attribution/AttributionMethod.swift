import GradCAMPPKernels

/// Turns a layer's activations and the gradients of a class's logit into a class activation map.
///
/// A method is one file in `Methods` and one line in `AttributionMethods.all`.
public protocol AttributionMethod: Sendable {
  /// The name it is asked for by: "gradcam++".
  static var name: String { get }

  /// What it computes, in one line.
  static var summary: String { get }

  /// Where it was published.
  static var citation: String { get }

  /// The weight of each channel in the map.
  static func channelWeights(_ evidence: Evidence) -> [Double]
}

/// What a method sees: activations A and gradients g = ∂logit/∂A of one layer, (cells…, channels).
public struct Evidence: Sendable {
  /// Activations.
  public let activations: Tensor
  /// Gradients of the same shape.
  public let gradients: Tensor

  /// Pairs the activations of a layer with their gradients.
  ///
  /// Throws `invalidArgument` when the shapes differ or lack a spatial axis, or when a number is
  /// NaN or infinite.
  public init(activations: Tensor, gradients: Tensor) throws(GradCAMError) {
    guard activations.shape == gradients.shape else {
      throw GradCAMError(
        .invalidArgument,
        "activations of shape \(activations.shape) and gradients of shape \(gradients.shape) "
          + "differ; they must belong to the same layer")
    }
    guard (2...4).contains(activations.shape.rank), activations.shape.count > 0 else {
      throw GradCAMError(
        .invalidArgument,
        "a map needs activations with 1 to 3 spatial axes and channels, not shape "
          + "\(activations.shape)")
    }
    for (name, tensor) in [("activations", activations), ("gradients", gradients)] {
      let isFinite = tensor.read { span in span.indices.allSatisfy { span[$0].isFinite } }
      guard isFinite else {
        throw GradCAMError(
          .invalidArgument, "the \(name) hold NaN or infinity; finite numbers are expected")
      }
    }
    self.activations = activations
    self.gradients = gradients
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
}
