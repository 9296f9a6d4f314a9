import GradCAMPPKernels

/// The picture that a network saw: cropped, resized, RGB, 0 to 1, in double precision.
public struct SeenPicture: Sendable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int

  private let block: MemoryBlock<Double>

  /// A picture of height x width x 3 numbers, which `fill` writes.
  init(
    height: Int, width: Int, _ fill: (inout MutableSpan<Double>) -> Void
  ) throws(GradCAMError) {
    self.height = height
    self.width = width
    block = try MemoryBlock(count: height * width * 3)
    block.write(slot, fill)
  }

  /// A picture of numbers of unknown origin.
  ///
  /// Throws `invalidArgument` for an impossible size and for numbers outside 0 to 1.
  public init(
    height: Int, width: Int, checking elements: Span<Double>
  ) throws(GradCAMError) {
    try RGBImage.checkSize(height: height, width: width, orThrow: .invalidArgument)
    guard elements.count == height * width * 3,
      elements.indices.allSatisfy({ elements[$0] >= 0 && elements[$0] <= 1 })
    else {
      throw GradCAMError(
        .invalidArgument, "the picture seen holds numbers outside 0 to 1, where all are expected")
    }
    try self.init(height: height, width: width) { span in
      for index in elements.indices { span[index] = elements[index] }
    }
  }

  /// Lends the numbers for reading.
  public func read<Result, Failure: Error>(
    _ body: (Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try block.read(slot, body)
  }

  /// The address of the first number, valid while a copy of this picture lives.
  public var address: UnsafePointer<Double> { block.address(offset: 0) }

  private var slot: TensorSlot { TensorSlot(offset: 0, shape: Shape([height, width, 3])) }
}
