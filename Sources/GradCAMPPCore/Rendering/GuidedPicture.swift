import GradCAMPPKernels

/// Guided gradients, dimmed where the heat map is low, as the original program drew them.
///
/// `gradients` is (height, width, 3) by the RGB picture, `heatmap` (height, width) in 0 to 1.
/// With the gradients' channels reversed (the program's habit, kept for equal pictures):
///
///     v = (gradient - smallest), then v / largest v
///     x = v * min(0.25, heatmap)
///     y = (x - mean(x)) / (std(x) + 1e-5) * 0.1 + 0.5
///
/// and the picture is floor(255 * y), y clamped to 0...1. Smallest, largest, mean and standard
/// deviation are over all values; v is float32, the rest double precision. Gradients that are
/// all equal, and a heat map of zeros, give an even grey.
public func guidedPicture(
  gradients: Span<Float>, heatmap: Span<Float>, height: Int, width: Int
) throws(GradCAMError) -> RGBImage {
  precondition(gradients.count == height * width * 3 && heatmap.count == height * width)
  let dimmed = dimmedGradients(gradients, heatmap)
  let count = Double(dimmed.count)
  let mean = dimmed.reduce(0, +) / count
  let variance = dimmed.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  let divisor = variance.squareRoot() + 1e-5
  return try RGBImage(height: height, width: width) { (pixels) throws(GradCAMError) in
    for index in dimmed.indices {
      let standardized = (dimmed[index] - mean) / divisor * 0.1 + 0.5
      pixels[index] = UInt8(clampedLevel: standardized * 255)
    }
  }
}

/// The gradients with channels reversed, scaled to 0...1 and multiplied by min(0.25, heatmap).
private func dimmedGradients(_ gradients: Span<Float>, _ heatmap: Span<Float>) -> [Double] {
  var smallest = Float.infinity
  var largest = -Float.infinity
  for index in gradients.indices {
    smallest = min(smallest, gradients[index])
    largest = max(largest, gradients[index])
  }
  let range = largest > smallest ? largest - smallest : 1
  var dimmed = [Double](repeating: 0, count: gradients.count)
  for pixel in heatmap.indices {
    let dim = Double(min(0.25, heatmap[pixel]))
    for channel in 0..<3 {
      let scaled = (gradients[3 * pixel + 2 - channel] - smallest) / range
      dimmed[3 * pixel + channel] = Double(scaled) * dim
    }
  }
  return dimmed
}
