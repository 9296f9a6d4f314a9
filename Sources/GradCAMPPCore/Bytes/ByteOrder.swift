/// The order of a number's bytes in memory.
public enum ByteOrder: Sendable, Equatable {
  /// The least significant byte first.
  case little
  /// The most significant byte first.
  case big

  /// The order of this machine.
  public static var native: ByteOrder { UInt16(littleEndian: 1) == 1 ? .little : .big }
}

extension RawSpan {
  /// The number at `offset`, at any alignment; nil when it does not lie wholly inside.
  public func integer<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, at offset: Int, _ order: ByteOrder
  ) -> Number? {
    guard offset >= 0, offset <= byteCount - MemoryLayout<Number>.size else { return nil }
    let number = unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    return order == .little ? Number(littleEndian: number) : Number(bigEndian: number)
  }
}
