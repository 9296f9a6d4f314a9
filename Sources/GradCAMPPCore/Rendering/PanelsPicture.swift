import GradCAMPPKernels

/// Pictures of one height side by side, from left to right, without a gap.
public func panelsPicture(_ panels: [RGBImage]) throws(GradCAMError) -> RGBImage {
  let height = panels.first?.height ?? 0
  precondition(panels.allSatisfy { $0.height == height }, "panels differ in height")
  let width = panels.reduce(0) { $0 + $1.width }
  return try RGBImage(height: height, width: width) { (pixels) throws(GradCAMError) in
    var left = 0
    for panel in panels {
      let place = Placement(top: 0, left: left, height: height, width: panel.width)
      place.draw(panel, into: &pixels, pageWidth: width)
      left += panel.width
    }
  }
}
