import GradCAMPPKernels

/// How much of a picture its network sees, and how that is resized.
public struct Framing: Equatable, Sendable {
  /// What is done about a picture of other proportions than the input's.
  public let crop: Crop
  /// How much of the height and width that `crop` leaves is seen, above 0 and up to 1.
  public let fraction: Double
  /// Whether the picture is resized before it is cut, as torchvision and timm do it.
  ///
  /// Then the filter takes in pixels beside the part that is seen, and that part may begin and end
  /// between two of them.
  public let resizesFirst: Bool
  /// What the colours of the resized picture are made of.
  public let filter: ResampleFilter

  /// What the 2018 program does: the middle, by the filter of scikit-image.
  public init() {
    (crop, fraction, resizesFirst, filter) = (.center, 1, false, .skimage)
  }

  /// A framing of values of unknown origin.
  ///
  /// Throws `invalidArgument` naming the first that cannot be used.
  public init(
    crop: Crop, fraction: Double = 1, resizesFirst: Bool = false,
    filter: ResampleFilter = .skimage
  ) throws(GradCAMError) {
    guard fraction > 0, fraction <= 1 else {
      throw GradCAMError(
        .invalidArgument, "crop_fraction is \(fraction); expected a number above 0 and up to 1")
    }
    guard crop != .pad || (fraction == 1 && !resizesFirst) else {
      throw GradCAMError(
        .invalidArgument,
        "crop is \"pad\", which shows the whole picture, "
          + (fraction == 1
            ? "and resize_first is set" : "and crop_fraction is \(fraction)")
          + "; expected crop \"center\" or \"squash\"")
    }
    self.crop = crop
    self.fraction = fraction
    self.resizesFirst = resizesFirst
    self.filter = filter
  }

  /// How a picture becomes an input of (`height`, `width`).
  func view(of image: RGBImage, height: Int, width: Int) -> PictureView {
    resizesFirst
      ? resizedView(of: image, [height, width])
      : PictureView(
        cutting: cutArea(of: image, height: height, width: width), height: height, width: width)
  }

  /// The part that is cut out before it is resized.
  ///
  /// A fraction of the crop is rounded down, and what is left beside it, halved, up: so do
  /// EfficientNet's evaluation (Tan and Le, 2019; `int(fraction * short)`, `(n - side + 1) // 2`)
  /// and Keras's.
  private func cutArea(of image: RGBImage, height: Int, width: Int) -> PictureArea {
    let area = crop.area(of: image, aspectHeight: height, aspectWidth: width)
    guard fraction < 1 else { return area }
    let rows = max(1, Self.wholePixels(Double(area.height) * fraction))
    let columns = max(1, Self.wholePixels(Double(area.width) * fraction))
    return PictureArea(
      in: image, top: (image.height - rows + 1) / 2, left: (image.width - columns + 1) / 2,
      height: rows, width: columns)
  }

  /// The whole picture resized so that `input` is `fraction` of it, or of its shorter side, and the
  /// middle of that.
  ///
  /// Source: `Resize` and `CenterCrop` of torchvision, whose argument is `input / fraction`, rounded
  /// down, as timm has it; the longer side is rounded down, half of what lies beside to the nearest
  /// even number.
  private func resizedView(of image: RGBImage, _ input: [Int]) -> PictureView {
    let source = [image.height, image.width]
    var target = input.map { max($0, Self.wholePixels(Double($0) / fraction)) }
    if crop == .center {
      // The axis along which the picture is the smaller, compared with what is wanted.
      let short = source[0] * target[1] <= source[1] * target[0] ? 0 : 1
      let long = 1 - short
      let extent = Double(target[short]) * Double(source[long]) / Double(source[short])
      target[long] = max(target[long], Int(extent))
    }
    let windows = (0..<2).map { axis in
      let before = Int((Double(target[axis] - input[axis]) / 2).rounded(.toNearestOrEven))
      return before..<before + input[axis]
    }
    return PictureView(of: image, target: target, windows: windows)
  }

  /// A number of pixels rounded down, where 231.9999999999 means 232.
  private static func wholePixels(_ extent: Double) -> Int { Int(extent + 1e-9) }
}

/// A resizing of a part of a picture, and which part of the result is wanted.
struct PictureView {
  /// What is resized.
  let source: PictureArea
  /// The rows and columns that it is resized to.
  let target: [Int]
  /// The rows and columns of these that become the input.
  let windows: [Range<Int>]
  /// What of the picture the windows show, to the nearest whole pixel.
  let seen: PictureArea

  /// An area that becomes an input as a whole.
  init(cutting area: PictureArea, height: Int, width: Int) {
    source = area
    seen = area
    target = [height, width]
    windows = [0..<height, 0..<width]
  }

  /// A whole picture, of which the windows become an input.
  init(of image: RGBImage, target: [Int], windows: [Range<Int>]) {
    let extents = [image.height, image.width]
    source = PictureArea(
      in: image, top: 0, left: 0, height: extents[0], width: extents[1])
    self.target = target
    self.windows = windows
    let ends = (0..<2).map { axis in
      let scale = Double(extents[axis]) / Double(target[axis])
      let start = min(
        Int((Double(windows[axis].lowerBound) * scale).rounded()), extents[axis] - 1)
      let end = Int((Double(windows[axis].upperBound) * scale).rounded())
      return start..<max(start + 1, min(end, extents[axis]))
    }
    seen = PictureArea(
      in: image, top: ends[0].lowerBound, left: ends[1].lowerBound, height: ends[0].count,
      width: ends[1].count)
  }
}
