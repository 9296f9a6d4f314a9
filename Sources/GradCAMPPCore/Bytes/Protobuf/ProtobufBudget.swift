import GradCAMPPKernels

/// What reading a protobuf file may still cost.
///
/// A message of two bytes makes a value of a hundred, so a file's size alone is no bound. Whatever
/// is kept of a file is paid for here before it is made.
final class ProtobufBudget {
  /// The most messages and texts that are kept; a network of 10,000 nodes has some 200,000.
  static let mostParts = 4_000_000

  /// The most numbers that are kept as an array of their own.
  static let mostNumbers = 1 << 25

  private var parts: Int
  private var numbers: Int

  init(parts: Int = mostParts, numbers: Int = mostNumbers) {
    self.parts = parts
    self.numbers = numbers
  }

  /// Pays for a message or a text.
  func takePart(_ path: String) throws(GradCAMError) {
    guard parts > 0 else {
      throw GradCAMError(
        .badData, "\(path) has more than \(Self.mostParts) messages and texts; no network has")
    }
    parts -= 1
  }

  /// Pays for numbers that are copied out of the file.
  func takeNumbers(_ count: Int, _ path: String) throws(GradCAMError) {
    guard count <= numbers else {
      throw GradCAMError(
        .badData,
        "\(path) lists more than \(Self.mostNumbers) numbers one by one; expected raw_data for "
          + "tensors that large")
    }
    numbers -= count
  }
}
