/// What the elements of an ONNX tensor are; raw values are those of `TensorProto.DataType`.
public enum ONNXElementType: Int64, Sendable, CustomStringConvertible {
  /// IEEE 754 binary32.
  case float32 = 1
  /// From 0 to 255.
  case uint8 = 2
  /// From -128 to 127.
  case int8 = 3
  /// From 0 to 65535.
  case uint16 = 4
  /// From -32768 to 32767.
  case int16 = 5
  /// Whole numbers of 32 bits.
  case int32 = 6
  /// Whole numbers of 64 bits.
  case int64 = 7
  /// One byte, 0 or 1.
  case bool = 9
  /// IEEE 754 binary16.
  case float16 = 10
  /// IEEE 754 binary64.
  case float64 = 11
  /// Whole numbers from 0 of 32 bits.
  case uint32 = 12
  /// Whole numbers from 0 of 64 bits.
  case uint64 = 13
  /// The upper half of a binary32.
  case bfloat16 = 16

  /// The size of an element in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// How floating-point elements are stored; nil for whole numbers and truth values.
  public var floatFormat: FloatFormat? {
    switch self {
    case .float16: FloatFormat(.half, .little)
    case .bfloat16: FloatFormat(.bfloat16, .little)
    case .float32: FloatFormat(.single, .little)
    case .float64: FloatFormat(.double, .little)
    default: nil
    }
  }

  /// The name, as NumPy spells it.
  public var description: String { Self.name(code: rawValue) }

  /// The name of any code of ONNX, for a message.
  static func name(code: Int64) -> String {
    let name = names.indices.contains(Int(clamping: code)) ? names[Int(code)] : nil
    return name ?? "number \(code)"
  }

  private static let names: [String?] = [
    nil, "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool",
    "float16", "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn",
    "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0",
    "uint2", "int2",
  ]
}
