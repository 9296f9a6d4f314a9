/// Why a request could not be served, as one sentence for a person.
///
/// The sentence names the thing, the value that was found, the value that was expected and,
/// where there is one, the remedy.
public struct GradCAMError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The few kinds of failure that callers tell apart.
  public enum Kind: Sendable, Equatable {
    /// An argument's value cannot be used.
    case invalidArgument
    /// No file lies at the path.
    case fileNotFound
    /// The system refused to open or read a file.
    case inputOutput
    /// The bytes of a file or picture are not what they should be.
    case badData
    /// A class index lies outside the model's classes.
    case classIndex
    /// The model has no layer of that name.
    case unknownLayer
    /// Memory could not be had.
    case outOfMemory
    /// The caller ended the call.
    case cancelled
  }

  /// The kind of failure.
  public let kind: Kind

  /// One sentence on one line.
  public let message: String

  /// Makes an error of a kind with its sentence.
  ///
  /// Names from outside may hold anything: control characters are shown as escapes, and a sentence
  /// ends after 1000 characters.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    var line = ""
    for scalar in message.unicodeScalars.prefix(1000) {
      let isControl = scalar.properties.generalCategory == .control
      line += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
    self.message = line
  }

  /// The sentence.
  public var description: String { message }
}
