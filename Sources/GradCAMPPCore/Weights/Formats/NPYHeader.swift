import GradCAMPPKernels

/// The header of a NumPy .npy file: what the array in it is.
///
/// Versions 1 to 3 of the format, `numpy.lib.format`: the signature, two bytes of version, the
/// header's length as a little-endian 16-bit (version 1) or 32-bit number, then a Python literal
/// such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader: Equatable {
  static let signature: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// The element type in NumPy's notation; nil for a structured type.
  let elementType: String?

  /// Whether the first axis is innermost.
  let isFortranOrder: Bool

  /// The extents, outermost first.
  let shape: [Int]

  /// NumPy itself reads no header of more than 10,000 bytes from an untrusted file.
  private static let longest = 10_000

  /// Reads the header at the beginning of a file and leaves `reader` behind it.
  init(_ reader: inout ByteReader) throws(GradCAMError) {
    let path = reader.file.path
    let signature = try reader.bytes(Self.signature.count, "the signature of an .npy file")
    guard signature == Self.signature else {
      throw GradCAMError(.badData, "\(path) does not begin with the signature of an .npy file")
    }
    let major = try reader.integer(UInt8.self, "the format version")
    let minor = try reader.integer(UInt8.self, "the format version")
    guard 1...3 ~= major, minor == 0 else {
      throw GradCAMError(
        .badData, "\(path) is of .npy version \(major).\(minor); expected 1.0, 2.0 or 3.0")
    }
    let length =
      major == 1
      ? Int(try reader.integer(UInt16.self, "the header's length"))
      : Int(try reader.integer(UInt32.self, "the header's length"))
    guard length <= Self.longest else {
      throw GradCAMError(
        .badData, "\(path) has a header of \(length) bytes; expected \(Self.longest) at most")
    }
    let start = reader.offset
    var literal = NPYHeaderLiteral(try reader.bytes(length, "the header"))
    guard let fields = literal.fields() else {
      throw GradCAMError(
        .badData,
        """
        \(path) has a header that cannot be read at byte \(start + literal.position); expected \
        {'descr': ..., 'fortran_order': ..., 'shape': (...)}
        """)
    }
    self = fields
  }

  init(elementType: String?, isFortranOrder: Bool, shape: [Int]) {
    self.elementType = elementType
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }
}
