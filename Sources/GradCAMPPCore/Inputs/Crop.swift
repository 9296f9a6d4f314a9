import GradCAMPPKernels

/// How a picture of any proportions becomes an input of its network's.
public enum Crop: String, CaseIterable, Sendable {
  /// The largest rectangle of the input's proportions in the middle; what lies beside is not seen.
  case center
  /// The whole picture, out of proportion.
  case squash
  /// The whole picture in proportion, with bars of the network's mean colour beside it.
  case pad

  /// The crop of that name; throws `invalidArgument` with the known names.
  public static func named(_ name: String) throws(GradCAMError) -> Crop {
    guard let crop = Crop(rawValue: name) else {
      throw GradCAMError(
        .invalidArgument,
        "crop \(name.quoted) is unknown; expected one of "
          + allCases.map(\.rawValue).joined(separator: ", "))
    }
    return crop
  }

  /// What of a picture becomes the input, whose proportions are `aspectHeight` to `aspectWidth`.
  ///
  /// A padded area is as large as the picture along one axis, and as much larger as it must be
  /// along the other, rounded up; half of that, rounded down, lies before the picture.
  func area(of image: RGBImage, aspectHeight: Int, aspectWidth: Int) -> PictureArea {
    let (rows, columns) = (image.height, image.width)
    switch self {
    case .center:
      let crop = CenterCrop(
        ofHeight: rows, width: columns, aspectHeight: aspectHeight, aspectWidth: aspectWidth)
      return PictureArea(
        in: image, top: crop.top, left: crop.left, height: crop.height, width: crop.width)
    case .squash:
      return PictureArea(in: image, top: 0, left: 0, height: rows, width: columns)
    case .pad:
      let height = max(rows, (columns * aspectHeight + aspectWidth - 1) / aspectWidth)
      let width = max(columns, (rows * aspectWidth + aspectHeight - 1) / aspectHeight)
      return PictureArea(
        in: image, top: -((height - rows) / 2), left: -((width - columns) / 2), height: height,
        width: width)
    }
  }
}
