/// Writes safetensors files, well-formed or not, for tests.
struct SafetensorsWriter {
  /// Members of the header as they are written, in order.
  var members: [String] = []
  var data: [UInt8] = []

  /// Adds float32 numbers.
  mutating func floats(_ name: String, _ shape: [Int], _ values: [Float]) {
    tensor(name, "F32", shape, PickleWriter.floats(values))
  }

  /// Adds a tensor of any type.
  mutating func tensor(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
    let begin = data.count
    data += bytes
    members.append(
      "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),"
        + "\"data_offsets\":[\(begin),\(data.count)]}")
  }

  /// The file; its header may claim another length.
  func file(claiming length: UInt64? = nil) -> [UInt8] {
    Self.file(header: "{" + members.joined(separator: ",") + "}", data, claiming: length)
  }

  /// A file of any header.
  static func file(
    header: String, _ data: [UInt8] = [], claiming length: UInt64? = nil
  ) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) }
      + Array(header.utf8) + data
  }

  /// Two arrays and metadata.
  static func sample() -> SafetensorsWriter {
    var writer = SafetensorsWriter()
    writer.members.append("\"__metadata__\":{\"format\":\"pt\"}")
    writer.floats("fc2/weights", [2, 3], [1, 2, 3, 4, 5, 6])
    writer.floats("fc2/biases", [3], [0.5, -1, 8])
    return writer
  }
}
