import GradCAMPPKernels

/// The files that an ONNX model is read from: itself, and those beside it that hold tensors' data.
///
/// Each comes into memory once, in the same way as the model and under the same limits.
final class ONNXFiles {
  let model: MappedFile
  let budget: ProtobufBudget
  private var external: [String: MappedFile] = [:]
  private var externalBytes = 0
  private var elements = 0

  /// The most files beside a model; older exporters write one for each tensor.
  private static let mostFiles = 10_000

  init(_ model: MappedFile, _ budget: ProtobufBudget = ProtobufBudget()) {
    self.model = model
    self.budget = budget
  }

  /// The model, then the others.
  var all: [MappedFile] {
    [model] + external.sorted { $0.key < $1.key }.map { $0.value }
  }

  /// Counts the elements of a tensor; throws `badData` when those of all tensors are more than the
  /// limits allow.
  func add(elements count: Int) throws(GradCAMError) {
    // Tensors may share the bytes of a file, so that no file bounds their sum.
    let (sum, overflow) = elements.addingReportingOverflow(count)
    elements = overflow ? Int.max / 4 : min(sum, Int.max / 4)
    try model.limits.checkWeights(count: elements, path: model.path)
  }

  /// Where the data of a tensor of `byteCount` bytes lies, by the pairs of its `external_data`:
  /// `location`, a path inside the model's folder, and optionally `offset` and `length`.
  ///
  /// Further keys, such as `checksum`, say nothing of where it is. Throws `badData` unless the data
  /// lies wholly in that file, `fileNotFound` when there is no such file.
  func externalData(
    _ entries: [(key: String, value: String)], byteCount: Int, of tensor: String
  ) throws(GradCAMError) -> (file: MappedFile, range: Range<Int>) {
    func entry(_ key: String) throws(GradCAMError) -> String? {
      let values = entries.filter { $0.key == key }
      guard values.count < 2 else {
        throw GradCAMError(.badData, "\(model.path): \(tensor) has two external \(key) entries")
      }
      return values.first?.value
    }
    func count(_ key: String) throws(GradCAMError) -> Int? {
      guard let text = try entry(key) else { return nil }
      guard let count = Int(text), count >= 0, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") })
      else {
        throw GradCAMError(
          .badData,
          "\(model.path): \(tensor) has an external \(key) of \(text.quoted); expected a whole "
            + "number from 0 up")
      }
      return count
    }
    guard let location = try entry("location") else {
      throw GradCAMError(.badData, "\(model.path): \(tensor) has external data without a location")
    }
    let offset = try count("offset") ?? 0
    let length = try count("length")
    let file = try externalFile(location)
    guard length ?? byteCount == byteCount else {
      throw GradCAMError(
        .badData,
        "\(model.path): \(tensor) has external data of \(length ?? 0) bytes; expected \(byteCount)")
    }
    guard offset <= file.count, byteCount <= file.count - offset else {
      throw GradCAMError(
        .badData,
        "\(model.path): \(tensor) has \(byteCount) bytes of external data from byte \(offset) of "
          + "\(location.quoted), which has \(file.count) bytes")
    }
    return (file, offset..<offset + byteCount)
  }

  private func externalFile(_ location: String) throws(GradCAMError) -> MappedFile {
    if let file = external[location] { return file }
    guard external.count < Self.mostFiles else {
      throw GradCAMError(
        .badData, "\(model.path) names more than \(Self.mostFiles) files of external data")
    }
    let path = try ConfinedPath.resolve(location, beside: model.path)
    let file = try MappedFile(path: path, model.mode, model.limits)
    externalBytes += file.count
    if model.mode == .copied {
      try model.limits.check(
        model.count + externalBytes, .decodedBytes, "\(model.path): copies of its files take",
        "bytes")
    }
    external[location] = file
    return file
  }
}
