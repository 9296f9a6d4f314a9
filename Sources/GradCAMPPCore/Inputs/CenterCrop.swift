/// The largest rectangle of a given aspect ratio in the middle of a picture.
///
/// For a square this is the original program's crop to the short edge: it begins at
/// `int((n - short) / 2)`.
public struct CenterCrop: Equatable, Sendable {
  /// The first row.
  public let top: Int

  /// The first column.
  public let left: Int

  /// The number of rows.
  public let height: Int

  /// The number of columns.
  public let width: Int

  /// The crop of a picture to the proportions `aspectHeight` to `aspectWidth`.
  ///
  /// The longer side is rounded down, but never to nothing.
  public init(ofHeight height: Int, width: Int, aspectHeight: Int, aspectWidth: Int) {
    precondition(height > 0 && width > 0 && aspectHeight > 0 && aspectWidth > 0)
    self.height = min(height, max(1, width * aspectHeight / aspectWidth))
    self.width = min(width, max(1, height * aspectWidth / aspectHeight))
    top = (height - self.height) / 2
    left = (width - self.width) / 2
  }
}
