import Glibc

/// Where a tensor lies inside a `MemoryBlock`.
public struct TensorSlot: Hashable, Sendable {
  /// Distance from the start of the block, in elements.
  public let offset: Int

  /// The tensor's extents.
  public let shape: Shape

  /// A slot at `offset` elements from the start of a block.
  public init(offset: Int, shape: Shape) {
    self.offset = offset
    self.shape = shape
  }

  /// No memory at all: what a step that needs no scratch is given.
  public static let empty = TensorSlot(offset: 0, shape: Shape([0]))
}

/// One allocation of numbers, aligned to a cache line, lent out slot by slot.
///
/// A workspace is one block whose slots a plan has laid out; a result is another, and so are the
/// pixels of a picture. This file is the only place where their memory is a pointer: everybody
/// else sees spans.
///
/// Writing is not synchronised. The holder of a block makes sure that slots which are in use at
/// the same time do not overlap (a plan's layout does).
public final class MemoryBlock<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// The number of elements.
  public let count: Int

  private static var largePage: Int { 2 << 20 }

  @usableFromInline let base: UnsafeMutablePointer<Element>

  /// Allocates `count` elements, with unspecified values unless `zeroed`.
  ///
  /// Throws `outOfMemory` when the system has no such block.
  public init(count: Int, zeroed: Bool = false) throws(GradCAMError) {
    let size = MemoryLayout<Element>.stride
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: size)
    var raw: UnsafeMutableRawPointer?
    // Large blocks lie on large pages: fewer page faults, and prefetching that does not stop every
    // 4096 bytes.
    let isLarge = !overflow && bytes >= 2 * Self.largePage
    let alignment = isLarge ? Self.largePage : 64
    guard count >= 0, !overflow, posix_memalign(&raw, alignment, bytes) == 0, let raw else {
      throw GradCAMError(.outOfMemory, "\(count) elements of \(size) bytes do not fit in memory")
    }
    if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
    self.count = count
    self.base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    if zeroed { raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }
  }

  deinit { free(base) }

  /// Lends the elements of `slot` for reading.
  @inlinable
  public func read<Result, Failure: Error>(
    _ slot: TensorSlot, _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    check(slot)
    let buffer = UnsafeBufferPointer(start: base + slot.offset, count: slot.shape.count)
    return try body(buffer.span)
  }

  /// Lends the elements of `slot` for writing.
  @inlinable
  public func write<Result, Failure: Error>(
    _ slot: TensorSlot, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    check(slot)
    let buffer = UnsafeMutableBufferPointer(start: base + slot.offset, count: slot.shape.count)
    var span = buffer.mutableSpan
    return try body(&span)
  }

  /// The elements of `slot`, for reading as long as this block is borrowed.
  @inlinable
  @_lifetime(borrow self)
  public func reading(_ slot: TensorSlot) -> Span<Element> {
    check(slot)
    let buffer = UnsafeBufferPointer(start: base + slot.offset, count: slot.shape.count)
    return _overrideLifetime(buffer.span, borrowing: self)
  }

  /// The elements of `slot`, for writing as long as this block is borrowed.
  @inlinable
  @_lifetime(borrow self)
  public func writing(_ slot: TensorSlot) -> MutableSpan<Element> {
    check(slot)
    let buffer = UnsafeMutableBufferPointer(start: base + slot.offset, count: slot.shape.count)
    return _overrideLifetime(buffer.mutableSpan, borrowing: self)
  }

  /// The address of the element at `offset`, for a C caller that keeps the block alive.
  public func address(offset: Int) -> UnsafePointer<Element> { UnsafePointer(base + offset) }

  @inlinable
  func check(_ slot: TensorSlot) {
    precondition(slot.offset >= 0 && slot.offset + slot.shape.count <= count, "slot outside block")
  }
}
