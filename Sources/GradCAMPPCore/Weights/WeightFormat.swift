import GradCAMPPKernels

/// A kind of file that holds weights.
public protocol WeightFormat: Sendable {
  /// What messages call the format.
  static var name: String { get }

  /// Whether a file that begins with `leadingBytes` (16, or fewer if it is smaller) is of this
  /// format.
  static func recognizes(_ leadingBytes: [UInt8]) -> Bool

  /// Reads the names and places of the file's arrays.
  static func read(_ file: MappedFile) throws(GradCAMError) -> WeightStore
}
