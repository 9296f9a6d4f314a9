/// What a file may cost, in memory and work; checked before the work begins.
///
/// A small file can ask for much: a picture of 2^27 pixels in 500 bytes, a network that takes a
/// minute for each picture in 200 kB. The defaults let through what people have, with room to spare;
/// who knows a file raises the limit that its message names.
public struct Limits: Equatable, Sendable {
  /// The name of a limit, as in the C interface and in Python.
  public enum Name: String, CaseIterable, Sendable {
    /// Pixels of a picture.
    case pixels
    /// Bytes of memory that decoding a picture takes, or all arrays of a weight file as float32.
    case decodedBytes = "decoded_bytes"
    /// Passes over a JPEG's picture.
    case scans
    /// Operators of a network.
    case layers
    /// Products that are added to a sum in one forward pass of one picture; a FLOP is half of one.
    case multiplyAdds = "multiply_adds"
    /// Bytes of memory that one call of a network works in.
    case workspaceBytes = "workspace_bytes"

    /// The most that is let through when nobody says otherwise.
    ///
    /// Libraries write progressive JPEGs of 6 to 18 scans. VGG19 with an input of 448 x 448 takes
    /// 78e9 multiply-adds; 100e9 are 200 GFLOP.
    public var standard: Int {
      switch self {
      case .pixels: 1 << 27
      case .decodedBytes: 1 << 32
      case .scans: 100
      case .layers: 10_000
      case .multiplyAdds: 100_000_000_000
      case .workspaceBytes: 1 << 33
      }
    }
  }

  private var given: [Name: Int] = [:]

  /// The defaults.
  public init() {}

  /// For what was let through before.
  public static let none = Limits(
    Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0, .max) }))

  private init(_ given: [Name: Int]) { self.given = given }

  /// The most that is let through, 1 or more.
  public subscript(name: Name) -> Int {
    get { given[name] ?? name.standard }
    set { given[name] = max(newValue, 1) }
  }

  /// Throws an error of `kind` when `cost` is above a limit; `what` says what takes it, up to the verb,
  /// and `unit` is what follows the number: "PATH: a picture takes", "multiply-adds".
  public func check(
    _ cost: Int, _ name: Name, _ what: @autoclosure () -> String, _ unit: String,
    orThrow kind: GradCAMError.Kind = .badData
  ) throws(GradCAMError) {
    guard cost > self[name] else { return }
    throw GradCAMError(
      kind,
      "\(what()) \(cost) \(unit), above the limit of \(self[name]); raise \(name.rawValue) of the "
        + "limits if you trust it")
  }
}
