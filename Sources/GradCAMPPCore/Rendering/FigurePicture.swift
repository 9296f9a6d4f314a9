import GradCAMPPKernels

/// The original program's page: up to four panels in a row, in the middle of 2880 x 3840 white
/// pixels (height x width).
///
/// In fractions of the page, a panel's axes begin at x = 0.125, 0.32717, 0.52935 or 0.73152, are
/// 0.16848 wide, and 0.77 high from y = 0.11 above the lower edge. A panel is enlarged to fit,
/// keeping its proportions, and centred.
public func figurePicture(_ panels: [RGBImage]) throws(GradCAMError) -> RGBImage {
  precondition(panels.count <= FigurePage.lefts.count, "the page has room for four panels")
  return try RGBImage(height: FigurePage.height, width: FigurePage.width) {
    (pixels) throws(GradCAMError) in
    for index in pixels.indices { pixels[index] = 255 }
    for (left, panel) in zip(FigurePage.lefts, panels) {
      let place = FigurePage.placement(of: panel, left: left)
      place.draw(panel, into: &pixels, pageWidth: FigurePage.width)
    }
  }
}

/// The measures of the page, in pixels.
private enum FigurePage {
  static let height = 2880
  static let width = 3840
  static let lefts = [480, 1256, 2033, 2809]
  static let panelWidth = 647
  static let panelHeight = 2217
  /// The middle of the axes, from the upper edge: (1 - 0.11 - 0.77 / 2) * 2880.
  static let middle = 1454.4

  static func placement(of panel: RGBImage, left: Int) -> Placement {
    let scale = min(
      Double(panelWidth) / Double(panel.width), Double(panelHeight) / Double(panel.height))
    let width = max(1, Int((Double(panel.width) * scale).rounded()))
    let height = max(1, Int((Double(panel.height) * scale).rounded()))
    return Placement(
      top: Int((middle - Double(height) / 2).rounded()), left: left + (panelWidth - width) / 2,
      height: height, width: width)
  }
}
