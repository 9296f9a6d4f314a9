import GradCAMPPKernels

/// What `gradcampp convert` writes into a safetensors file's metadata beside the weights.
enum SafetensorsMetadata {
  /// The normalisation that a file names; nil when it names none.
  ///
  /// Throws `badData` for one that cannot be used: a default in its place would be wrong.
  static func normalization(
    _ metadata: [String: String], _ path: String
  ) throws(GradCAMError) -> Normalization? {
    let prefix = "gradcampp."
    guard metadata.keys.contains(where: { $0.hasPrefix(prefix) }) else { return nil }
    func numbers(_ key: String) throws(GradCAMError) -> [Double] {
      let text = metadata[prefix + key] ?? ""
      let words = text.prefix(200).split(separator: " ")
      let numbers = words.compactMap { Double(String($0)) }
      guard !words.isEmpty, numbers.count == words.count else {
        throw GradCAMError(
          .badData,
          "\(path): \(prefix)\(key) of the metadata is \(text.quoted); expected numbers")
      }
      return numbers
    }
    let scale = try numbers("scale")
    do throws(GradCAMError) {
      return try Normalization(
        checkingChannelOrder: metadata[prefix + "channel_order"] ?? "",
        scale: scale.count == 1 ? scale[0] : .nan, mean: numbers("mean"),
        deviation: numbers("std"), origin: "\(path): the metadata")
    } catch {
      throw GradCAMError(.badData, error.message)
    }
  }
}
