import GradCAMPPKernels

/// Bytes that Python 3 wrote in pickle protocol 2: as UTF-8 text whose characters U+0000 to U+00FF
/// are the bytes.
enum Latin1Text {
  /// The bytes behind the text at `range` of a file, of which the first `room` are kept, and how many
  /// there are; nil when it is not such text.
  static func bytes(
    _ file: MappedFile, _ range: Range<Int>, room: Int
  ) throws(GradCAMError) -> (bytes: MemoryBlock<UInt8>, count: Int)? {
    let block = try MemoryBlock<UInt8>(count: room)
    let slot = TensorSlot(offset: 0, shape: Shape([room]))
    let count: Int? = file.read(range) { text in
      block.write(slot) { bytes in
        var count = 0
        var index = 0
        var malformed: UInt8 = 0
        // Half of the bytes of weights take two units, in no order that a branch could predict.
        while index < text.byteCount {
          let unit = text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
          let last = text.byteCount - 1
          let next = text.unsafeLoad(fromByteOffset: min(index + 1, last), as: UInt8.self)
          // U+0080 to U+00FF are 1100001x 10xxxxxx; at the end, `next` is `unit` and fails the test.
          let pair: UInt8 = unit >> 7
          malformed |= ((unit & 0xfe ^ 0xc2) | (next & 0xc0 ^ 0x80)) & (0 &- pair)
          if count < room { bytes[count] = unit << (pair &* 6) | next & 0x3f & (0 &- pair) }
          count += 1
          index += 1 + Int(pair)
        }
        return malformed == 0 ? count : nil
      }
    }
    return count.map { (block, $0) }
  }
}
