/// The file format of ONNX, which is a protobuf message and begins with no signature.
enum ONNXFormat {
  static let name = "ONNX file"

  /// Wire types of a ModelProto's fields, by number.
  private static let model: [UInt64: UInt64] = [
    1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2,
  ]

  /// First bytes of a GraphProto's fields.
  private static let graph: Set<UInt8> = [
    0x0a, 0x12, 0x2a, 0x52, 0x5a, 0x62, 0x6a, 0x72, 0x7a, 0x82,
  ]

  /// Fields of a model before its graph; a file has about five.
  private static let mostFields = 10_000

  /// Whether the file's first fields, up to the graph's first one, are those of an ONNX model, a
  /// version of the format among them.
  ///
  /// Of a file that is cut short within its graph that is still so.
  static func recognizes(_ file: MappedFile) -> Bool {
    var reader = ByteReader(file)
    var hasVersion = false
    var hasGraph = false
    for _ in 0..<mostFields where !(hasVersion && hasGraph) {
      guard let tag = try? reader.varint("a field"), model[tag >> 3] == tag & 7,
        let value = try? reader.varint("a field")
      else { return false }
      switch tag >> 3 {
      case 1:
        guard 1...0xff ~= value else { return false }
        hasVersion = true
      case 7:
        guard reader.remaining > 0, graph.contains(file.bytes(reader.offset..<reader.offset + 1)[0])
        else { return false }
        hasGraph = true
        _ = try? reader.skip(Int(clamping: value), "the graph")
      default:
        guard tag & 7 == 0 || (try? reader.skip(Int(clamping: value), "a field")) != nil else {
          return false
        }
      }
    }
    return hasVersion && hasGraph
  }
}
