import GradCAMPPKernels

/// The header of a safetensors file: what lies where.
///
/// https://github.com/huggingface/safetensors: an object from each tensor's name to
/// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}`, offsets counted from the end
/// of the header, and optionally `__metadata__`, an object of strings.
struct SafetensorsHeader {
  /// What the header says of a tensor.
  struct Entry {
    let name: String
    let type: String
    let shape: [Int]
    /// From the end of the header; not checked against anything.
    let begin: Int
    let end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  /// The file's header, `text`, which begins at byte `start`.
  init(_ text: [UInt8], start: Int, path: String) throws(GradCAMError) {
    var reader = JSONReader(text)
    do throws(JSONReader.Fault) {
      guard text.first == UInt8(ascii: "{") else {
        throw JSONReader.Fault(position: 0, expected: "an object")
      }
      try read(&reader)
    } catch {
      throw GradCAMError(
        .badData,
        "\(path) has a header that cannot be read at byte \(start + error.position): expected "
          + error.expected)
    }
  }

  /// The most tensors; the memory that a header takes stays near its own size.
  private static let mostEntries = 100_000

  private mutating func read(_ reader: inout JSONReader) throws(JSONReader.Fault) {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    var names: Set<String> = []
    try reader.object { (name, reader) throws(JSONReader.Fault) in
      guard names.insert(name).inserted else {
        throw JSONReader.Fault(
          position: reader.position, expected: "no second member named \(name.quoted)")
      }
      guard names.count <= Self.mostEntries else {
        throw JSONReader.Fault(
          position: reader.position, expected: "at most \(Self.mostEntries) tensors")
      }
      if name == "__metadata__" {
        metadata = try Self.strings(&reader)
      } else {
        entries.append(try Self.entry(name, &reader))
      }
    }
    try reader.end()
    self.entries = entries
    self.metadata = metadata
  }

  private static func strings(
    _ reader: inout JSONReader
  ) throws(JSONReader.Fault) -> [String: String] {
    var strings: [String: String] = [:]
    try reader.object { (key, reader) throws(JSONReader.Fault) in
      let position = reader.position
      guard strings.updateValue(try reader.string(), forKey: key) == nil else {
        throw JSONReader.Fault(
          position: position, expected: "no second member named \(key.quoted)")
      }
    }
    return strings
  }

  private static func entry(
    _ name: String, _ reader: inout JSONReader
  ) throws(JSONReader.Fault) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { (key, reader) throws(JSONReader.Fault) in
      switch key {
      case "dtype" where type == nil: type = try reader.string()
      case "shape" where shape == nil: shape = try Self.counts(&reader, atMost: 32)
      case "data_offsets" where offsets == nil: offsets = try Self.counts(&reader, atMost: 2)
      case "dtype", "shape", "data_offsets":
        throw JSONReader.Fault(
          position: reader.position, expected: "no second member named \(key.quoted)")
      default: try reader.skipValue()
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw JSONReader.Fault(
        position: reader.position,
        expected: "dtype, shape and two data_offsets of \(name.quoted)")
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private static func counts(
    _ reader: inout JSONReader, atMost limit: Int
  ) throws(JSONReader.Fault) -> [Int] {
    var counts: [Int] = []
    try reader.array { (reader) throws(JSONReader.Fault) in
      guard counts.count < limit else {
        throw JSONReader.Fault(position: reader.position, expected: "at most \(limit) numbers")
      }
      counts.append(try reader.count())
    }
    return counts
  }
}
