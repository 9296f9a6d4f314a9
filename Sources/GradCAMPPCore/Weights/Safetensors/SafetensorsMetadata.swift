import GradCAMPPKernels

/// What `gradcampp convert` writes into a safetensors file's metadata beside the weights.
enum SafetensorsMetadata {
  private static let prefix = "gradcampp."

  /// What a file says of its network.
  ///
  /// Throws `badData` for what cannot be used: a default in its place would be wrong.
  static func remarks(
    _ metadata: [String: String], _ path: String
  ) throws(GradCAMError) -> WeightRemarks {
    var remarks = WeightRemarks()
    guard metadata.keys.contains(where: { $0.hasPrefix(prefix) }) else { return remarks }
    remarks.normalization = try normalization(metadata, path)
    if metadata["\(prefix)input_size"] != nil {
      let size = try numbers(metadata, "input_size", path).compactMap { Int(exactly: $0) }
      guard size.count == 2, size.allSatisfy({ (1...1 << 20).contains($0) }) else {
        throw error(metadata, "input_size", path, "a height and a width")
      }
      remarks.inputSize = size
    }
    remarks.activation = metadata["\(prefix)activation"]
    remarks.configuration = metadata["\(prefix)configuration"]
    return remarks
  }

  private static func normalization(
    _ metadata: [String: String], _ path: String
  ) throws(GradCAMError) -> Normalization {
    let scale = try numbers(metadata, "scale", path)
    do throws(GradCAMError) {
      return try Normalization(
        checkingChannelOrder: metadata[prefix + "channel_order"] ?? "",
        scale: scale.count == 1 ? scale[0] : .nan, mean: numbers(metadata, "mean", path),
        deviation: numbers(metadata, "std", path), origin: "\(path): the metadata")
    } catch {
      throw GradCAMError(.badData, error.message)
    }
  }

  private static func numbers(
    _ metadata: [String: String], _ key: String, _ path: String
  ) throws(GradCAMError) -> [Double] {
    let words = (metadata[prefix + key] ?? "").prefix(200).split(separator: " ")
    let numbers = words.compactMap { Double(String($0)) }
    guard !words.isEmpty, numbers.count == words.count else {
      throw error(metadata, key, path, "numbers")
    }
    return numbers
  }

  private static func error(
    _ metadata: [String: String], _ key: String, _ path: String, _ expected: String
  ) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(path): \(prefix)\(key) of the metadata is \((metadata[prefix + key] ?? "").quoted); "
        + "expected \(expected)")
  }
}
