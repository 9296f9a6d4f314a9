import GradCAMPPKernels

/// How the rows and columns of stored pixels lie in the upright picture.
///
/// Raw values and meanings are those of the tag Orientation (274): TIFF 6.0, page 36, and
/// Exif 2.32, section 4.6.4.
public enum Orientation: Int, CaseIterable, Sendable {
  /// As stored.
  case upright = 1
  /// The left and the right change places.
  case mirroredHorizontally
  /// Half a turn.
  case rotatedHalfTurn
  /// The top and the bottom change places.
  case mirroredVertically
  /// Rows become columns.
  case transposed
  /// A quarter turn clockwise makes it upright.
  case rotatedClockwise
  /// Rows become columns, counted from the far corner.
  case transversed
  /// A quarter turn anticlockwise makes it upright.
  case rotatedAnticlockwise

  /// Whether height and width change places.
  private var swapsAxes: Bool { rawValue >= Orientation.transposed.rawValue }

  /// Whether stored rows are counted from the last.
  private var flipsRows: Bool {
    switch self {
    case .rotatedHalfTurn, .mirroredVertically, .rotatedClockwise, .transversed: true
    default: false
    }
  }

  /// Whether stored columns are counted from the last.
  private var flipsColumns: Bool {
    switch self {
    case .mirroredHorizontally, .rotatedHalfTurn, .transversed, .rotatedAnticlockwise: true
    default: false
    }
  }

  /// The upright picture of stored pixels.
  public func applied(to stored: RGBImage) throws(GradCAMError) -> RGBImage {
    guard self != .upright else { return stored }
    let height = swapsAxes ? stored.width : stored.height
    let width = swapsAxes ? stored.height : stored.width
    return try RGBImage(height: height, width: width, .none) { (output) throws(GradCAMError) in
      stored.read { input in
        permute(input, storedWidth: stored.width, into: &output, height: height, width: width)
      }
    }
  }

  /// Copies every pixel to its place.
  ///
  /// The stored pixel of output (row, column) lies at `origin + row * rowStep + column *
  /// columnStep`. Output is walked in squares, so that both sides stay in the cache.
  private func permute(
    _ input: Span<UInt8>, storedWidth: Int, into output: inout MutableSpan<UInt8>, height: Int,
    width: Int
  ) {
    let down = flipsRows ? -storedWidth : storedWidth
    let right = flipsColumns ? -1 : 1
    let rowStep = swapsAxes ? right : down
    let columnStep = swapsAxes ? down : right
    let storedHeight = height * width / storedWidth
    let origin =
      (flipsRows ? (storedHeight - 1) * storedWidth : 0) + (flipsColumns ? storedWidth - 1 : 0)
    let side = 64
    for top in stride(from: 0, to: height, by: side) {
      for left in stride(from: 0, to: width, by: side) {
        for row in top..<min(top + side, height) {
          for column in left..<min(left + side, width) {
            let from = (origin + row * rowStep + column * columnStep) * 3
            let to = (row * width + column) * 3
            output[to] = input[from]
            output[to + 1] = input[from + 1]
            output[to + 2] = input[from + 2]
          }
        }
      }
    }
  }
}
