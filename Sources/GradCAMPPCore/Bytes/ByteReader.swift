import GradCAMPPKernels

/// Reads a mapped file from front to back and never past its end.
///
/// Each call says what it reads, so that the error of a file that ends too early can.
public struct ByteReader: Sendable {
  /// The file that is read.
  public let file: MappedFile

  /// The place of the next byte in the file.
  public private(set) var offset: Int

  private let end: Int

  /// A reader of the whole file, or of `range`, which lies inside it.
  public init(_ file: MappedFile, _ range: Range<Int>? = nil) {
    let range = range ?? 0..<file.count
    precondition(range.lowerBound >= 0 && range.upperBound <= file.count, "range outside file")
    self.file = file
    offset = range.lowerBound
    end = range.upperBound
  }

  /// How many bytes are left.
  public var remaining: Int { end - offset }

  /// Passes over `count` bytes and returns where they lie in the file.
  public mutating func skip(_ count: Int, _ what: String) throws(GradCAMError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw GradCAMError(
        .badData,
        "\(file.path) is cut short: \(what) at byte \(offset) takes \(count) bytes, \(remaining) are left"
      )
    }
    defer { offset += count }
    return offset..<offset + count
  }

  /// Reads a number.
  public mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ what: String, _ order: ByteOrder = .little
  ) throws(GradCAMError) -> Number {
    let range = try skip(MemoryLayout<Number>.size, what)
    return file.read(range) { $0.integer(type, at: 0, order) } ?? 0
  }

  /// Reads `count` bytes into an array.
  public mutating func bytes(_ count: Int, _ what: String) throws(GradCAMError) -> [UInt8] {
    file.bytes(try skip(count, what))
  }

  /// Passes over a line of at most `limit` bytes and its newline; returns where the line lies.
  public mutating func line(limit: Int, _ what: String) throws(GradCAMError) -> Range<Int> {
    let start = offset
    while try integer(UInt8.self, what) != UInt8(ascii: "\n") {
      guard offset - start <= limit else {
        throw GradCAMError(
          .badData, "\(file.path) has \(what) of more than \(limit) bytes at byte \(start)")
      }
    }
    return start..<offset - 1
  }
}
