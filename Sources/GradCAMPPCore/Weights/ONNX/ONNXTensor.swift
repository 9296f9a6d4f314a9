import GradCAMPPKernels

/// A constant of an ONNX file: an initialiser or the value of an attribute.
///
/// Numbers written as bytes (`raw_data`, packed `float_data` and `double_data`, external data) stay
/// in the mapped file; those written as whole numbers of variable length are copied.
public struct ONNXTensor: Sendable {
  /// The name; empty in an attribute.
  public let name: String

  /// What the elements are.
  public let type: ONNXElementType

  /// The extents, outermost first; none for a scalar.
  public let shape: Shape

  /// The elements, each of `type.byteCount` bytes, little-endian, the last axis innermost.
  enum Storage {
    case mapped(MappedFile, Range<Int>)
    case copied([UInt8])
  }

  let storage: Storage

  init(name: String, type: ONNXElementType, shape: Shape, storage: Storage) {
    self.name = name
    self.type = type
    self.shape = shape
    self.storage = storage
  }

  /// Whether the numbers lie in a mapped file.
  public var isMapped: Bool {
    if case .mapped = storage { true } else { false }
  }

  /// The same numbers under another name.
  func named(_ name: String) -> ONNXTensor {
    ONNXTensor(name: name, type: type, shape: shape, storage: storage)
  }

  /// Lends the bytes of the elements, little-endian, at any alignment.
  public func read<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file, let range): try file.read(range, body)
    case .copied(let bytes): try body(bytes.span.bytes)
    }
  }

  /// The floating-point elements as float32, where they lie if they are that; nil for a tensor of
  /// whole numbers or truth values.
  ///
  /// float64 is rounded to nearest. Throws `outOfMemory`.
  public func weightArray() throws(GradCAMError) -> WeightArray? {
    guard let format = type.floatFormat else { return nil }
    if case .mapped(let file, let range) = storage, format.isNativeSingle {
      return WeightArray(file, offset: range.lowerBound, shape: shape)
    }
    return try read { bytes throws(GradCAMError) in
      WeightArray(try format.tensor(bytes, shape: shape))
    }
  }

  /// The whole numbers, or the truth values as 0 and 1; nil for a tensor of floating-point numbers
  /// and for a uint64 beyond 2^63 - 1.
  public func integers() -> [Int64]? {
    switch type {
    case .int8: integers(Int8.self)
    case .uint8: integers(UInt8.self)
    case .bool: integers(UInt8.self)?.map { $0 == 0 ? 0 : 1 }
    case .int16: integers(Int16.self)
    case .uint16: integers(UInt16.self)
    case .int32: integers(Int32.self)
    case .uint32: integers(UInt32.self)
    case .int64: integers(Int64.self)
    case .uint64: integers(UInt64.self)
    case .float16, .bfloat16, .float32, .float64: nil
    }
  }

  /// The floating-point elements, converted when they are read if they lie in a file; nil for a tensor
  /// of whole numbers or truth values.
  public func weights() throws(GradCAMError) -> ArrangedWeights? {
    if case .mapped(let file, let range) = storage, let format = type.floatFormat,
      !format.isNativeSingle
    {
      return ArrangedWeights(file, range, format, shape: shape)
    }
    return try weightArray().map { ArrangedWeights($0) }
  }

  private func integers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) -> [Int64]? {
    let size = MemoryLayout<Number>.size
    return read { bytes in
      var numbers: [Int64] = []
      numbers.reserveCapacity(shape.count)
      for index in 0..<shape.count {
        guard let stored = bytes.integer(type, at: index * size, .little),
          let number = Int64(exactly: stored)
        else { return nil }
        numbers.append(number)
      }
      return numbers
    }
  }
}
