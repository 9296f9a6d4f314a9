import GradCAMPPKernels

/// A heat map of (height, width) numbers in 0 to 1, each drawn as a pixel in its colour.
///
/// A map of zeros is drawn in the colour of 0 throughout.
public func heatmapPicture(
  map: Span<Float>, height: Int, width: Int, colorMap: ColorMap
) throws(GradCAMError) -> RGBImage {
  precondition(map.count == height * width)
  return try RGBImage(height: height, width: width) { (pixels) throws(GradCAMError) in
    for index in map.indices {
      let color = colorMap.color(of: map[index])
      pixels[3 * index] = color.x
      pixels[3 * index + 1] = color.y
      pixels[3 * index + 2] = color.z
    }
  }
}
