/// Immutable float32 numbers with a shape; several tensors may share one block.
public struct Tensor: Sendable {
  private let block: MemoryBlock<Float>
  private let slot: TensorSlot

  /// The tensor at `slot` of a block; nobody may write there while the tensor is in use.
  public init(_ block: MemoryBlock<Float>, _ slot: TensorSlot) {
    self.block = block
    self.slot = slot
  }

  /// Allocates a tensor of zeros and lets `fill` write it.
  public init(
    _ shape: Shape, _ fill: (inout MutableSpan<Float>) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    block = try MemoryBlock(count: shape.count, zeroed: true)
    slot = TensorSlot(offset: 0, shape: shape)
    try block.write(slot, fill)
  }

  /// Copies an array's numbers.
  public init(_ shape: Shape, _ elements: [Float]) throws(GradCAMError) {
    precondition(elements.count == shape.count, "element count does not fit the shape")
    try self.init(shape) { span throws(GradCAMError) in
      for index in elements.indices { span[index] = elements[index] }
    }
  }

  /// The same numbers in memory of their own.
  public func copied() throws(GradCAMError) -> Tensor {
    try Tensor(shape) { copy in
      read { span in
        for index in span.indices { copy[index] = span[index] }
      }
    }
  }

  /// The same memory with other extents of as many elements.
  public func viewed(as shape: Shape) -> Tensor {
    precondition(shape.count == self.shape.count, "another number of elements")
    return Tensor(block, TensorSlot(offset: slot.offset, shape: shape))
  }

  /// The extents.
  public var shape: Shape { slot.shape }

  /// The numbers as an array.
  public var elements: [Float] {
    read { span in
      [Float](unsafeUninitializedCapacity: span.count) { buffer, count in
        for index in 0..<span.count { buffer.initializeElement(at: index, to: span[index]) }
        count = span.count
      }
    }
  }

  /// Lends the numbers for reading.
  public func read<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try block.read(slot, body)
  }

  /// The address of the first number, valid while a copy of this tensor lives.
  public var address: UnsafePointer<Float> { block.address(offset: slot.offset) }
}
