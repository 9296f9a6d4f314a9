import GradCAMPPKernels

/// Something that can be chosen about a method: a number.
public struct MethodOption: Sendable, Equatable {
  /// The values that an option takes.
  public enum Kind: String, Sendable {
    /// Any number of the range.
    case number
    /// A whole number of the range.
    case integer
    /// 0 or 1.
    case flag
  }

  /// The name it is given by.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// What values it takes.
  public let kind: Kind
  /// The value when nothing is said.
  public let standard: Double
  /// The values that it may have.
  public let range: ClosedRange<Double>

  /// An option.
  public init(
    name: String, summary: String, kind: Kind, standard: Double, range: ClosedRange<Double>
  ) {
    precondition(range.contains(standard), "the default of \(name) lies outside its range")
    self.name = name
    self.summary = summary
    self.kind = kind
    self.standard = standard
    self.range = range
  }
}

/// Values for all options of a method.
public struct MethodOptions: Sendable {
  private let values: [String: Double]

  /// No values, for methods without options.
  public static let none = MethodOptions(values: [:])

  private init(values: [String: Double]) { self.values = values }

  /// The values `given`, and the defaults of the other options.
  ///
  /// Throws `invalidArgument` for an option that the method does not have, and for a value that it
  /// cannot have.
  public init(
    _ given: [String: Double], for method: any AttributionMethod.Type
  ) throws(GradCAMError) {
    let options = method.options
    for name in given.keys.sorted() where !options.contains(where: { $0.name == name }) {
      let known =
        options.isEmpty ? "it has none" : "it has \(options.map(\.name).joined(separator: ", "))"
      throw GradCAMError(
        .invalidArgument, "method \(method.name.quoted) has no option \(name.quoted); \(known)")
    }
    var values: [String: Double] = [:]
    for option in options {
      let value = given[option.name] ?? option.standard
      let isWhole = option.kind == .number || value == value.rounded()
      guard option.range.contains(value), isWhole else {
        throw GradCAMError(
          .invalidArgument,
          "option \(option.name.quoted) of method \(method.name.quoted) is \(value); expected "
            + "\(option.kind == .number ? "a number" : "a whole number") from "
            + "\(option.range.lowerBound) to \(option.range.upperBound)")
      }
      values[option.name] = value
    }
    self.values = values
  }

  /// The value of an option that the method lists.
  public subscript(name: String) -> Double {
    precondition(values[name] != nil, "a method reads the option \(name), which it does not list")
    return values[name] ?? 0
  }
}
