import GradCAMPPKernels

/// The safetensors file of Hugging Face: a JSON header, then the tensors' bytes, little-endian.
enum SafetensorsFormat: WeightFormat {
  static let name = "safetensors file"

  /// The longest header that the format allows.
  private static let longestHeader = 100_000_000

  /// Sizes in bytes of the element types that are not read.
  private static let otherTypes = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "F8_E8M0": 1, "U16": 2, "I16": 2,
    "U32": 4, "I32": 4, "U64": 8, "I64": 8, "C64": 8,
  ]

  private static let formats: [String: FloatFormat] = [
    "F16": FloatFormat(.half, .little), "BF16": FloatFormat(.bfloat16, .little),
    "F32": FloatFormat(.single, .little), "F64": FloatFormat(.double, .little),
  ]

  /// A brace after eight bytes that are not all text: the header's length ends in zero bytes.
  static func recognizes(_ leadingBytes: [UInt8]) -> Bool {
    leadingBytes.count > 8 && leadingBytes[8] == UInt8(ascii: "{")
      && !leadingBytes[..<8].allSatisfy { 0x20...0x7e ~= $0 || 0x09...0x0d ~= $0 }
  }

  static func read(_ file: MappedFile) throws(GradCAMError) -> WeightStore {
    var reader = ByteReader(file)
    let length = try reader.integer(UInt64.self, "the header's length")
    guard length <= longestHeader else {
      throw GradCAMError(
        .badData, "\(file.path) has a header of \(length) bytes; expected \(longestHeader) at most")
    }
    let start = reader.offset
    let text = try reader.bytes(Int(length), "the header")
    let header = try SafetensorsHeader(text, start: start, path: file.path)
    let (shapes, sizes) = try layout(header, bytes: reader.remaining, file)
    var entries: [(name: String, array: WeightArray)] = []
    var others: [String: String] = [:]
    for (index, entry) in header.entries.enumerated() {
      guard let format = formats[entry.type] else {
        others[entry.name] = entry.type
        continue
      }
      let place = reader.offset + entry.begin
      let array =
        format.isNativeSingle
        ? WeightArray(file, offset: place, shape: shapes[index])
        : WeightArray(
          try file.read(place..<place + sizes[index]) { bytes throws(GradCAMError) in
            try format.tensor(bytes, shape: shapes[index])
          })
      entries.append((entry.name, array))
    }
    return try WeightStore(
      origin: file.path, entries, otherTypes: others,
      remarks: try SafetensorsMetadata.remarks(header.metadata, file.path))
  }

  /// Shape and size of every tensor; throws `badData` unless they fill the rest of the file, without
  /// holes and one after the other.
  private static func layout(
    _ header: SafetensorsHeader, bytes: Int, _ file: MappedFile
  ) throws(GradCAMError) -> (shapes: [Shape], sizes: [Int]) {
    var shapes: [Shape] = []
    var sizes: [Int] = []
    for entry in header.entries {
      let size = formats[entry.type]?.width.byteCount ?? otherTypes[entry.type]
      guard let size else {
        throw GradCAMError(
          .badData,
          "\(file.path): \(entry.name.quoted) is of dtype \(entry.type.quoted), which is unknown; "
            + "expected F16, BF16, F32 or F64")
      }
      // Extents are multiplied from the left: [2^62, 2^62, 0] does not fit either.
      guard let shape = Shape(checking: entry.shape, elementSize: size) else {
        throw GradCAMError(
          .badData,
          "\(file.path): \(entry.name.quoted) has shape \(Shape.listed(entry.shape)), which does "
            + "not fit in memory")
      }
      guard entry.begin <= entry.end, entry.end - entry.begin == shape.count * size else {
        throw GradCAMError(
          .badData,
          "\(file.path): \(entry.name.quoted) of \(entry.type) and shape "
            + "\(Shape.listed(entry.shape)) has data_offsets [\(entry.begin), \(entry.end)]; "
            + "expected \(shape.count * size) bytes")
      }
      shapes.append(shape)
      sizes.append(shape.count * size)
    }
    var place = 0
    let inOrder = header.entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    for entry in inOrder {
      guard entry.begin == place else {
        throw GradCAMError(
          .badData,
          "\(file.path): \(entry.name.quoted) begins at byte \(entry.begin) of the data; expected "
            + "\(place), where the tensor before it ends")
      }
      place = entry.end
    }
    guard place == bytes else {
      throw GradCAMError(
        .badData,
        "\(file.path) \(place > bytes ? "is cut short" : "is too long"): its tensors take \(place) "
          + "bytes, \(bytes) follow the header")
    }
    let count = zip(header.entries, shapes).reduce(0) { sum, tensor in
      formats[tensor.0.type] == nil ? sum : sum + tensor.1.count
    }
    try file.limits.checkWeights(count: count, path: file.path)
    return (shapes, sizes)
  }
}

extension Shape {
  /// Extents that may not make a shape, for a message.
  static func listed(_ extents: [Int]) -> String {
    "[" + extents.prefix(8).map(String.init).joined(separator: ", ")
      + (extents.count > 8 ? ", …]" : "]")
  }
}
