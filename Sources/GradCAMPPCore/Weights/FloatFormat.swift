import GradCAMPPKernels

/// How the numbers of an array are stored: a binary format and a byte order.
public struct FloatFormat: Equatable, Sendable {
  /// The binary formats that weights come in.
  public enum Width: Sendable {
    /// IEEE 754 binary16.
    case half
    /// The upper half of a binary32, as Google's processors use it.
    case bfloat16
    /// IEEE 754 binary32.
    case single
    /// IEEE 754 binary64.
    case double

    /// The size in bytes.
    public var byteCount: Int {
      switch self {
      case .half, .bfloat16: 2
      case .single: 4
      case .double: 8
      }
    }
  }

  /// The width of a number.
  public let width: Width

  /// The order of a number's bytes.
  public let order: ByteOrder

  /// A width in a byte order, by default this machine's.
  public init(_ width: Width, _ order: ByteOrder = .native) {
    self.width = width
    self.order = order
  }

  /// Whether the numbers can be used where they are.
  public var isNativeSingle: Bool { self == FloatFormat(.single) }

  /// The value of a binary16 number, which float32 always holds exactly.
  static func single(fromHalf bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      // Zero and subnormals: fraction x 2^-24.
      return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 0x1f:
      // Infinity and not-a-number.
      return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default:
      // The exponent's bias changes from 15 to 127.
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
