import GradCAMPPKernels

/// A heat map laid over the picture that the network saw.
///
///     overlay = floor(255 * ((1 - alpha) * seen + alpha * heatmap / 255))
///
/// `seen` has the heat map's height x width x 3 colours in [0, 1]; `alpha` is 0 to 1.
///
/// Throws `invalidArgument` for another `alpha`.
public func overlayPicture(
  seen: Span<Double>, heatmap: RGBImage, alpha: Double = 0.3
) throws(GradCAMError) -> RGBImage {
  precondition(seen.count == heatmap.height * heatmap.width * 3)
  guard alpha >= 0, alpha <= 1 else {
    throw GradCAMError(.invalidArgument, "alpha is \(alpha); expected more than 0, at most 1")
  }
  return try RGBImage(height: heatmap.height, width: heatmap.width) {
    (pixels) throws(GradCAMError) in
    heatmap.read { heat in
      for index in seen.indices {
        let blend = (1 - alpha) * seen[index] + alpha * (Double(heat[index]) / 255)
        pixels[index] = UInt8(clampedLevel: blend * 255)
      }
    }
  }
}
