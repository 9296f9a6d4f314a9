/// The element types of PyTorch that have a storage type.
enum TorchElementType: String, CaseIterable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64, uint8, bool
  case complex64, complex128
  case qint8, quint8, qint32, quint4x2, quint2x4

  /// The size in bytes; of types that share a byte, 1.
  var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool, .qint8, .quint8, .quint4x2, .quint2x4: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32, .qint32: 4
    case .float64, .int64, .complex64: 8
    case .complex128: 16
    }
  }

  /// The format of floating-point numbers; nil for others.
  var width: FloatFormat.Width? {
    switch self {
    case .float16: .half
    case .bfloat16: .bfloat16
    case .float32: .single
    case .float64: .double
    default: nil
    }
  }

  /// The class in the module `torch` that stands for the type in files.
  var storageName: String {
    switch self {
    case .float16: "HalfStorage"
    case .bfloat16: "BFloat16Storage"
    case .float32: "FloatStorage"
    case .float64: "DoubleStorage"
    case .int8: "CharStorage"
    case .int16: "ShortStorage"
    case .int32: "IntStorage"
    case .int64: "LongStorage"
    case .uint8: "ByteStorage"
    case .bool: "BoolStorage"
    case .complex64: "ComplexFloatStorage"
    case .complex128: "ComplexDoubleStorage"
    case .qint8: "QInt8Storage"
    case .quint8: "QUInt8Storage"
    case .qint32: "QInt32Storage"
    case .quint4x2: "QUInt4x2Storage"
    case .quint2x4: "QUInt2x4Storage"
    }
  }
}
