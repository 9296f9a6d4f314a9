import GradCAMPPKernels

extension ONNXTensor {
  /// Reads a TensorProto.
  ///
  /// Its size is checked against what the file holds of it before anything is made.
  init(_ message: ProtobufMessage, _ files: ONNXFiles) throws(GradCAMError) {
    let header = try ONNXTensorHeader(message)
    let storage = try Self.storage(header, message, files)
    try files.add(elements: header.shape.count)
    self.init(
      name: header.name, type: header.type, shape: header.shape, storage: storage)
  }

  private static func storage(
    _ header: ONNXTensorHeader, _ message: ProtobufMessage, _ files: ONNXFiles
  ) throws(GradCAMError) -> Storage {
    let (type, shape) = (header.type, header.shape)
    let byteCount = shape.count * type.byteCount
    func error(_ found: String) -> GradCAMError {
      GradCAMError(
        .badData,
        "\(message.file.path): \(header.subject) of \(type) and shape \(Shape.listed(shape.extents)) "
          + "has \(found); expected \(shape.count) elements once, \(byteCount) bytes")
    }
    let raw = header.raw.flatMap { $0.isEmpty ? nil : $0 }
    let found =
      header.listed.sorted { $0.key < $1.key }.map { "\($0.value) in field \($0.key)" }
      + (raw.map { ["\($0.count) bytes of raw_data"] } ?? [])
      + (header.external == nil ? [] : ["external data"])
    guard found.count <= 1 else { throw error(found.joined(separator: " and ")) }
    guard shape.count > 0 else {
      guard raw == nil, header.listed.isEmpty else { throw error(found.joined()) }
      return .copied([])
    }
    if let external = header.external {
      let (file, range) = try files.externalData(
        external, byteCount: byteCount, of: header.subject)
      return .mapped(file, range)
    }
    if let raw {
      guard raw.count == byteCount else { throw error(found.joined()) }
      return .mapped(message.file, raw)
    }
    guard header.listed == [listingField(type): shape.count] else {
      throw error(found.isEmpty ? "none" : found.joined())
    }
    return try listed(header, message)
  }

  /// The number of the field that lists elements of a type.
  private static func listingField(_ type: ONNXElementType) -> Int {
    switch type {
    case .float32: 4
    case .float64: 10
    case .int64: 7
    case .uint32, .uint64: 11
    case .bool, .int8, .uint8, .int16, .uint16, .int32, .float16, .bfloat16: 5
    }
  }

  /// The elements that a field lists: in the file if they lie there in one piece.
  private static func listed(
    _ header: ONNXTensorHeader, _ message: ProtobufMessage
  ) throws(GradCAMError) -> Storage {
    let type = header.type
    let isFixedWidth = type == .float32 || type == .float64
    if !isFixedWidth {
      try message.budget.takeNumbers(header.shape.count, message.file.path)
    }
    var fields = message
    var bytes: [UInt8] = []
    while let field = try fields.next() {
      guard field.number == listingField(type) else { continue }
      if isFixedWidth {
        let range = try field.fixedWidthBytes(type.byteCount)
        if range.count == header.shape.count * type.byteCount { return .mapped(field.file, range) }
        bytes += field.file.bytes(range)
      } else {
        try field.forEachInteger { element throws(GradCAMError) in
          guard let bits = type.bits(element) else {
            throw GradCAMError(
              .badData,
              "\(field.file.path): \(header.subject) of \(type) holds the number \(element), "
                + "which does not fit")
          }
          for index in 0..<type.byteCount {
            bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * index)))
          }
        }
      }
    }
    return .copied(bytes)
  }
}

extension ONNXElementType {
  /// An element that is listed as a whole number, in its lowest bytes; nil when it does not fit.
  ///
  /// Numbers of 16 bits with a fraction are listed as the whole number of the same bits.
  fileprivate func bits(_ element: Int64) -> UInt64? {
    let fits =
      switch self {
      case .bool: 0...1 ~= element
      case .int8: Int8(exactly: element) != nil
      case .uint8: UInt8(exactly: element) != nil
      case .int16: Int16(exactly: element) != nil
      case .uint16, .float16, .bfloat16: UInt16(exactly: element) != nil
      case .int32: Int32(exactly: element) != nil
      case .uint32: UInt32(exactly: element) != nil
      case .int64, .uint64, .float32, .float64: true
      }
    return fits ? UInt64(bitPattern: element) : nil
  }
}
