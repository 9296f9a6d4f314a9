import GradCAMPPKernels

/// A picture: red, green and blue, 8 bits each, upright.
///
/// Pixels are (height, width, 3), rows contiguous. Copies share the pixels, which nobody changes
/// once the initialiser has returned.
public struct RGBImage: Sendable {
  /// The number of rows, 1 or more.
  public let height: Int

  /// The number of pixels in a row, 1 or more.
  public let width: Int

  private let block: MemoryBlock<UInt8>

  /// Allocates a picture and lets `fill` write all height x width x 3 bytes.
  ///
  /// Throws `invalidArgument` for a size outside 1...`limits[.pixels]` pixels.
  public init(
    height: Int, width: Int, _ limits: Limits = Limits(),
    _ fill: (inout MutableSpan<UInt8>) throws(GradCAMError) -> Void
  ) throws(GradCAMError) {
    try Self.checkSize(height: height, width: width, limits, orThrow: .invalidArgument)
    self.height = height
    self.width = width
    block = try MemoryBlock(count: height * width * 3)
    try block.write(slot, fill)
  }

  /// Copies height x width x 3 bytes.
  ///
  /// Throws `invalidArgument` for an impossible size, or another number of bytes.
  public init(height: Int, width: Int, pixels: [UInt8]) throws(GradCAMError) {
    try Self.checkSize(height: height, width: width, orThrow: .invalidArgument)
    guard pixels.count == height * width * 3 else {
      throw GradCAMError(
        .invalidArgument,
        "\(pixels.count) bytes do not make a picture of \(height) x \(width) pixels, "
          + "which takes \(height * width * 3)")
    }
    try self.init(height: height, width: width) { (span) throws(GradCAMError) in
      for index in pixels.indices { span[index] = pixels[index] }
    }
  }

  /// Refuses a size that no picture may have, before anything is allocated for it.
  public static func checkSize(
    height: Int, width: Int, _ limits: Limits = Limits(), orThrow kind: GradCAMError.Kind
  ) throws(GradCAMError) {
    let (count, overflow) = height.multipliedReportingOverflow(by: width)
    // Beyond 2^48, products with a pixel's bytes would not fit an Int.
    let most = min(limits[.pixels], 1 << 48)
    guard height > 0, width > 0, !overflow, count <= most else {
      throw GradCAMError(
        kind,
        "a picture of \(height) x \(width) pixels (height x width) cannot be used; "
          + "1 to \(most) pixels are expected, unless pixels of the limits is raised")
    }
  }

  /// Lends the height x width x 3 bytes for reading.
  public func read<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try block.read(slot, body)
  }

  /// The bytes as an array.
  public var pixels: [UInt8] {
    read { span in
      [UInt8](unsafeUninitializedCapacity: span.count) { buffer, count in
        for index in span.indices { buffer.initializeElement(at: index, to: span[index]) }
        count = span.count
      }
    }
  }

  /// The address of the first byte, valid while a copy of this picture lives.
  public var address: UnsafePointer<UInt8> { block.address(offset: 0) }

  private var slot: TensorSlot { TensorSlot(offset: 0, shape: Shape([height, width, 3])) }
}
