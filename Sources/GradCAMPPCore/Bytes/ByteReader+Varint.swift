import GradCAMPPKernels

extension ByteReader {
  /// Reads a number of 1 to 10 bytes, each of which holds 7 bits, the lowest first, and in its
  /// highest bit whether another follows.
  ///
  /// Throws `badData` when it ends too early or does not fit in 64 bits.
  mutating func varint(_ what: String) throws(GradCAMError) -> UInt64 {
    let start = offset
    let window = start..<start + min(10, remaining)
    let (value, count) = file.read(window) { bytes -> (UInt64, Int?) in
      var value: UInt64 = 0
      for index in 0..<bytes.byteCount {
        let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        value |= UInt64(byte & 0x7f) << UInt64(7 * index)
        // Of the tenth byte one bit is left.
        if index == 9, byte > 1 { return (value, nil) }
        if byte < 0x80 { return (value, index + 1) }
      }
      return (value, bytes.byteCount + 1)
    }
    guard let count else {
      throw GradCAMError(
        .badData, "\(file.path) has \(what) at byte \(start) of more than 64 bits")
    }
    _ = try skip(count, what)
    return value
  }
}
