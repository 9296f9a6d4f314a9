import GradCAMPPKernels

/// What an attribute of a node says.
public enum AttributeValue: Sendable {
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// Text.
  case text(String)
  /// Whole numbers.
  case integers([Int])
  /// Numbers.
  case numbers([Double])
  /// Several texts.
  case texts([String])
  /// A tensor.
  case constant(GraphConstant)

  /// For messages and listings.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value.quoted
    case .integers(let values): "\(values)"
    case .numbers(let values): "\(values)"
    case .texts(let values): "[\(values.map(\.quoted).joined(separator: ", "))]"
    case .constant(let constant): "a tensor of shape \(constant.shape)"
    }
  }
}
