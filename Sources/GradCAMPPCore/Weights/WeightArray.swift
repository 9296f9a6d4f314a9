import GradCAMPPKernels

/// One array of weights: float32 in this machine's byte order, the last axis innermost.
///
/// The numbers stay where they are whenever that is possible, in the mapped file or in the host
/// program's memory, and need not be aligned there.
public struct WeightArray: Sendable {
  /// The extents, outermost first.
  public let shape: Shape

  private enum Storage {
    case mapped(MappedFile, offset: Int)
    case owned(Tensor)
    case borrowed(BorrowedMemory)
  }

  private let storage: Storage

  /// The numbers that begin at byte `offset` of a file and lie wholly inside it.
  public init(_ file: MappedFile, offset: Int, shape: Shape) {
    precondition(offset >= 0 && offset <= file.count - shape.count * 4, "array outside file")
    self.shape = shape
    storage = .mapped(file, offset: offset)
  }

  /// The numbers of a tensor.
  public init(_ tensor: Tensor) {
    shape = tensor.shape
    storage = .owned(tensor)
  }

  /// The numbers of an array with other extents of as many elements.
  init(_ array: WeightArray, _ shape: Shape) {
    self.shape = shape
    switch array.storage {
    case .owned(let tensor): storage = .owned(tensor.viewed(as: shape))
    case .mapped, .borrowed: storage = array.storage
    }
  }

  /// Numbers in the host program's memory; they stay there, unless `format` makes it necessary to
  /// convert them.
  public init(
    _ memory: BorrowedMemory, _ format: FloatFormat = FloatFormat(.single), shape: Shape
  ) throws(GradCAMError) {
    precondition(memory.count == shape.count * format.width.byteCount, "byte count does not fit")
    self.shape = shape
    storage =
      format.isNativeSingle
      ? .borrowed(memory)
      : .owned(
        try memory.read { bytes throws(GradCAMError) in try format.tensor(bytes, shape: shape) })
  }

  /// Whether the numbers lie in a mapped file.
  public var isMapped: Bool {
    if case .mapped = storage { true } else { false }
  }

  /// Whether the numbers lie in the host program's memory.
  public var isBorrowed: Bool {
    if case .borrowed = storage { true } else { false }
  }

  /// The numbers as a tensor, copied unless they are one already.
  public func tensor() throws(GradCAMError) -> Tensor {
    if case .owned(let tensor) = storage { return tensor }
    return try read { bytes throws(GradCAMError) in
      try FloatFormat(.single).tensor(bytes, shape: shape)
    }
  }

  /// Lends the bytes of the numbers, `shape.count` times 4, at any alignment.
  public func read<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file, let offset):
      try file.read(offset..<offset + shape.count * 4, body)
    case .owned(let tensor):
      try tensor.read { span throws(Failure) in try body(span.bytes) }
    case .borrowed(let memory):
      try memory.read(body)
    }
  }

  /// The most numbers that `floats` copies: biases of 16 million channels.
  public static let longestList = 1 << 24

  /// The few numbers of a vector, such as biases, as an array.
  ///
  /// Throws `badData` for more than `longestList`, since a file of holes may hold any number of zeros;
  /// `name` is what the message calls the array.
  public func floats(
    _ name: @autoclosure () -> String = "an array"
  ) throws(GradCAMError) -> [Float] {
    guard shape.count <= Self.longestList else {
      throw GradCAMError(
        .badData,
        "\(name()) of shape \(shape) stands where biases or the like belong, up to "
          + "\(Self.longestList) numbers")
    }
    return read { bytes in
      (0..<shape.count).map { bytes.unsafeLoadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }
}
