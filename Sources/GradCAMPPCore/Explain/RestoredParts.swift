import GradCAMPPKernels

extension Explanation.Parts {
  /// Throws `invalidArgument` for what no explanation of this library says: other ranks, numbers
  /// outside their ranges, classes out of order, names of nothing.
  func checkRestored() throws(GradCAMError) {
    _ = try AttributionMethods.named(method)
    guard (1...Self.longestName).contains(layer.utf8.count),
      !layer.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      throw GradCAMError(
        .invalidArgument,
        "the layer's name is \(layer.quoted); expected printable text of 1 to \(Self.longestName) "
          + "bytes")
    }
    try Self.checkMap(heatmap, "heatmap")
    try Self.checkMap(cam, "cam")
    let largest = cam.read { cam in cam.indices.reduce(0) { max($0, cam[$1]) } }
    guard largest == 1 || (largest == 0 && scale == 0) else {
      throw GradCAMError(
        .invalidArgument,
        "the largest value of the cam is \(largest) and the scale \(scale); expected 1, or 0 and 0")
    }
    try checkOrder()
  }

  /// Layers of a file have names of up to 256 bytes, and a part may be named behind a slash.
  private static let longestName = 512

  private static func checkMap(_ map: Tensor, _ name: String) throws(GradCAMError) {
    guard map.shape.rank == 2 else {
      throw GradCAMError(
        .invalidArgument, "the \(name) has \(map.shape.rank) axes; expected 2, height and width")
    }
    // NaN is in no range.
    guard map.read({ map in map.indices.allSatisfy { (0...1).contains(map[$0]) } }) else {
      throw GradCAMError(
        .invalidArgument, "the \(name) holds numbers outside 0 to 1, where all are expected")
    }
  }

  /// Each class is there once, the most probable first, and the target is one of them or after them.
  private func checkOrder() throws(GradCAMError) {
    for (place, prediction) in predictions.enumerated() {
      guard !predictions[..<place].contains(where: { $0.index == prediction.index }) else {
        throw GradCAMError(
          .invalidArgument, "the predictions hold class \(prediction.index) twice")
      }
      guard place == 0 || predictions[place - 1].probability >= prediction.probability else {
        throw GradCAMError(
          .invalidArgument,
          "the predictions hold class \(prediction.index) behind a less probable one; expected the "
            + "most probable first")
      }
      guard prediction.index != target?.index || prediction == target else {
        throw GradCAMError(
          .invalidArgument,
          "the target, class \(prediction.index), has another probability or logit than among the "
            + "predictions")
      }
    }
  }
}
