import GradCAMPPKernels

/// Where in a picture lies what a network saw of it, in the picture's pixels.
///
/// Element (i, j) of the h x w elements seen has its centre at row `top + (i + 1/2) * height / h`
/// and column `left + (j + 1/2) * width / w`, where pixel k covers k to k + 1.
public struct PictureArea: Equatable, Sendable {
  /// The rows of the whole picture.
  public let imageHeight: Int

  /// The columns of the whole picture.
  public let imageWidth: Int

  /// The first row of the area; below 0 where it begins above the picture.
  public let top: Int

  /// The first column of the area; below 0 where it begins left of the picture.
  public let left: Int

  /// The number of rows of the area.
  public let height: Int

  /// The number of columns of the area.
  public let width: Int

  /// An area that shares pixels with its picture.
  init(in image: RGBImage, top: Int, left: Int, height: Int, width: Int) {
    imageHeight = image.height
    imageWidth = image.width
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }

  /// An area of numbers of unknown origin.
  ///
  /// Throws `invalidArgument` when the picture's size is impossible or the area lies beside it.
  public init(
    imageHeight: Int, imageWidth: Int, top: Int, left: Int, height: Int, width: Int
  ) throws(GradCAMError) {
    let most = 1 << 32
    try RGBImage.checkSize(
      height: imageHeight, width: imageWidth, .none, orThrow: .invalidArgument)
    guard (1...most).contains(height), (1...most).contains(width),
      (-height + 1..<imageHeight).contains(top), (-width + 1..<imageWidth).contains(left)
    else {
      throw GradCAMError(
        .invalidArgument,
        "an area of \(height) x \(width) pixels at row \(top) and column \(left) lies beside its "
          + "picture of \(imageHeight) x \(imageWidth)")
    }
    self.imageHeight = imageHeight
    self.imageWidth = imageWidth
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }
}
