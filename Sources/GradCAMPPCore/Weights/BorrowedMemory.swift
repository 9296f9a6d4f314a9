/// Memory of the host program, which keeps it alive and unchanged while it is in use.
///
/// This file is the only place where weights that came as arrays are a pointer.
public struct BorrowedMemory: @unchecked Sendable {
  /// The size in bytes.
  public let count: Int

  private let base: UnsafeRawPointer

  /// The `count` bytes from `base`, at any alignment.
  public init(base: UnsafeRawPointer, count: Int) {
    precondition(count >= 0, "negative byte count")
    self.base = base
    self.count = count
  }

  /// Lends the bytes.
  public func read<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count).bytes)
  }
}
