import GradCAMPPKernels

/// What a network wants done to a picture before it looks at it, and what that means for
/// gradients on the way back.
///
/// A picture is brought to the input's proportions, resized, and scaled to [0, 1]: the picture
/// seen. Element k of a pixel that goes into the network is then, in float32,
///
///     input[k] = seen[order[k]] * factor[k] - offset[k]
///
/// with `factor = 255 * scale / deviation` and `offset = mean / deviation` of the normalisation.
public struct Preprocessing: Equatable, Sendable {
  /// The rows of the input.
  public let inputHeight: Int

  /// The columns of the input.
  public let inputWidth: Int

  /// How much of a picture is seen, and how it is resized.
  public let framing: Framing

  /// What is done to the colours.
  public let normalization: Normalization

  private let factors: [Float]
  private let offsets: [Float]

  /// A preprocessing for an input size.
  public init(
    inputHeight: Int, inputWidth: Int, _ normalization: Normalization,
    framing: Framing = Framing()
  ) {
    precondition(inputHeight > 0 && inputWidth > 0)
    self.framing = framing
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.normalization = normalization
    factors = normalization.deviation.map { Float(255 * normalization.scale / $0) }
    offsets = zip(normalization.mean, normalization.deviation).map { Float($0 / $1) }
  }

  /// The number of elements of the input: height x width x 3.
  public var inputCount: Int { inputHeight * inputWidth * 3 }

  /// The colour in [0, 1], red first, that goes into the network as 0, or the nearest there is.
  public var neutralColor: [Double] {
    (0..<3).map { color in
      let mean = normalization.mean[colorIndex(color)]
      return min(max(mean / (255 * normalization.scale), 0), 1)
    }
  }

  /// Which part of a picture the network sees.
  public func area(of image: RGBImage) -> PictureArea {
    framing.view(of: image, height: inputHeight, width: inputWidth).seen
  }

  /// Writes the network's input, (input height, input width, 3), for a picture seen.
  ///
  /// In the input of a batch it begins at element `start`.
  public func networkInput(
    _ seen: Span<Double>, into input: inout MutableSpan<Float>, at start: Int = 0
  ) {
    precondition(seen.count == inputCount && input.count >= start + inputCount)
    for pixel in stride(from: 0, to: inputCount, by: 3) {
      for channel in 0..<3 {
        let color = Float(seen[pixel + colorIndex(channel)])
        input[start + pixel + channel] = color * factors[channel] - offsets[channel]
      }
    }
  }

  /// Turns the picture seen that begins at element `start`, RGB in [0, 1], into the network's input
  /// in its place.
  public func prepare(_ picture: inout MutableSpan<Float>, at start: Int) {
    precondition(picture.count >= start + inputCount)
    let (first, last) = (colorIndex(0), colorIndex(2))
    for pixel in stride(from: start, to: start + inputCount, by: 3) {
      let (color0, color2) = (picture[pixel + first], picture[pixel + last])
      picture[pixel] = color0 * factors[0] - offsets[0]
      picture[pixel + 1] = picture[pixel + 1] * factors[1] - offsets[1]
      picture[pixel + 2] = color2 * factors[2] - offsets[2]
    }
  }

  /// The picture seen with 8 bits a colour: floor(x * 255).
  ///
  /// A colour that is a whole number of levels up to rounding keeps it, so that a picture of the
  /// input's size is unchanged.
  public static func picture(
    of seen: Span<Double>, height: Int, width: Int
  ) throws(GradCAMError) -> RGBImage {
    precondition(seen.count == height * width * 3)
    let rounding = 1e-9
    return try RGBImage(height: height, width: width) { (pixels) throws(GradCAMError) in
      for index in seen.indices {
        pixels[index] = UInt8(clampedLevel: seen[index] * 255 + rounding)
      }
    }
  }

  /// Turns the gradient by the network's input into that by the picture seen, RGB in [0, 1].
  public func pixelGradient(
    _ networkGradient: Span<Float>, into gradient: inout MutableSpan<Float>
  ) {
    precondition(networkGradient.count == inputCount && gradient.count == inputCount)
    for pixel in stride(from: 0, to: inputCount, by: 3) {
      for channel in 0..<3 {
        gradient[pixel + colorIndex(channel)] = networkGradient[pixel + channel] * factors[channel]
      }
    }
  }

  /// The colour, counted from red, that channel `channel` of the input is.
  private func colorIndex(_ channel: Int) -> Int {
    normalization.channelOrder == .rgb ? channel : 2 - channel
  }
}
