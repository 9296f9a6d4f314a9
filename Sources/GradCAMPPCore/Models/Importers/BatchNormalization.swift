import GradCAMPPKernels

/// A batch normalisation behind a convolution, which folds into it.
///
/// With the running mean m and variance v (Ioffe and Szegedy 2015, algorithm 2):
/// `gamma (Wx + b - m) / sqrt(v + epsilon) + beta = f W x + (b - m) f + beta`,
/// `f = gamma / sqrt(v + epsilon)`.
struct BatchNormalization {
  /// What each output of the convolution is multiplied by.
  let factors: [Float]

  private let mean: [Float]
  private let beta: [Float]
  private let name: String
  private let origin: String

  /// torchvision's, which a state dictionary does not say.
  private static let epsilon = 1e-5

  /// The normalisation at the place after the convolution `module`; nil when there is none.
  init?(
    behind module: String, _ store: WeightStore, _ layers: inout ImportedLayers
  ) throws(GradCAMError) {
    let parts = module.split(separator: ".")
    guard let place = parts.last.flatMap({ Int($0) }) else { return nil }
    let name = (parts.dropLast().map(String.init) + ["\(place + 1)"]).joined(separator: ".")
    guard store["\(name).running_mean"] != nil || store["\(name).weight"]?.shape.rank == 1 else {
      return nil
    }
    let gamma = try layers.take("\(name).weight").floats()
    beta = try layers.take("\(name).bias").floats()
    mean = try layers.take("\(name).running_mean").floats()
    let variance = try layers.take("\(name).running_var").floats()
    if store["\(name).num_batches_tracked"] != nil {
      _ = try layers.take("\(name).num_batches_tracked")
    }
    self.name = name
    origin = store.origin
    factors = zip(gamma, variance).map {
      Float(Double($0) / (Double($1) + Self.epsilon).squareRoot())
    }
    guard [beta.count, mean.count, variance.count].allSatisfy({ $0 == gamma.count }) else {
      throw GradCAMError(
        .badData,
        "\(origin): \(name.quoted) has \(gamma.count) weights, \(beta.count) biases, \(mean.count) "
          + "means and \(variance.count) variances; expected as many of each")
    }
    guard factors.allSatisfy(\.isFinite) else {
      throw GradCAMError(
        .badData,
        "\(origin): \(name.quoted) holds NaN, infinity or a negative variance; finite numbers are "
          + "expected")
    }
  }

  /// The convolution's biases with the normalisation folded in.
  func folded(_ biases: [Float]) throws(GradCAMError) -> [Float] {
    guard biases.count == factors.count else {
      throw GradCAMError(
        .badData,
        "\(origin): \(name.quoted) normalises \(factors.count) channels; expected "
          + "\(biases.count), the outputs of the convolution before it")
    }
    return biases.indices.map {
      Float(
        (Double(biases[$0]) - Double(mean[$0])) * Double(factors[$0]) + Double(beta[$0]))
    }
  }
}
