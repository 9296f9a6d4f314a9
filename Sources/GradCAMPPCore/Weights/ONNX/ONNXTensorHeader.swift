import GradCAMPPKernels

/// What a TensorProto says of its elements, without them.
struct ONNXTensorHeader {
  static let kind = ProtobufKind("a tensor", singular: [2, 3, 8, 9, 14])

  /// The most axes.
  static let mostAxes = 16

  let name: String
  let type: ONNXElementType
  let shape: Shape
  /// Where the elements lie as bytes; nil when they are listed or external.
  let raw: Range<Int>?
  /// Where the elements of another file lie; nil when they are in this one.
  let external: [(key: String, value: String)]?
  /// How many elements each field lists, by the field's number.
  let listed: [Int: Int]

  /// The tensor's name in sentences about it.
  let subject: String

  init(_ message: ProtobufMessage) throws(GradCAMError) {
    var message = message
    var name = ""
    var code: Int64 = 0
    var location: Int64 = 0
    var extents: [Int64] = []
    var raw: Range<Int>?
    var external: [(key: String, value: String)] = []
    var listed: [Int: Int] = [:]
    let place = message.place
    while let field = try message.next() {
      switch field.number {
      case 1:
        guard extents.count + (try field.integerCount()) <= Self.mostAxes else {
          throw field.error("at most \(Self.mostAxes) extents")
        }
        try field.append(to: &extents)
      case 2: code = try field.integer()
      case 3: throw field.error("a whole tensor, not a segment of one")
      case 4: listed[4, default: 0] += try field.fixedWidthBytes(4).count / 4
      case 5, 7, 11: listed[field.number, default: 0] += try field.integerCount()
      case 6: listed[6, default: 0] += 1
      case 8: name = try field.name()
      case 9: raw = try field.bytes()
      case 10: listed[10, default: 0] += try field.fixedWidthBytes(8).count / 8
      case 13: external.append(try field.pair())
      case 14: location = try field.integer()
      default: break
      }
    }
    let subject = name.isEmpty ? "the tensor at byte \(place)" : "tensor \(name.quoted)"
    func error(_ sentence: String) -> GradCAMError {
      GradCAMError(.badData, "\(message.file.path): \(subject) \(sentence)")
    }
    guard let type = ONNXElementType(rawValue: code) else {
      throw error(
        "is of type \(ONNXElementType.name(code: code)); expected float16, bfloat16, float32, "
          + "float64, whole numbers of 8 to 64 bits or bool")
    }
    let shape = Shape(checking: extents.map { Int($0) }, elementSize: type.byteCount)
    guard let shape else {
      throw error(
        "has shape \(Shape.listed(extents.map { Int($0) })); expected extents from 0 up whose "
          + "product fits in memory")
    }
    guard 0...1 ~= location, (location == 1) == !external.isEmpty else {
      throw error(
        "has data_location \(location) and \(external.count) entries of external data; expected "
          + "1 and some, or 0 and none")
    }
    self.name = name
    self.type = type
    self.shape = shape
    self.raw = raw
    self.external = location == 1 ? external : nil
    self.listed = listed.filter { $0.value > 0 }
    self.subject = subject
  }
}
