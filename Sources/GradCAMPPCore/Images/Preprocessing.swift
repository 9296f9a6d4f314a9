import GradCAMPPKernels

/// What a network wants done to a picture before it looks at it, and what that means for
/// gradients on the way back.
///
/// A picture is cropped to the input's aspect ratio, resized, and scaled to [0, 1]: the picture
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

  /// What is done to the colours.
  public let normalization: Normalization

  private let factors: [Float]
  private let offsets: [Float]

  /// A preprocessing for an input size.
  public init(inputHeight: Int, inputWidth: Int, _ normalization: Normalization) {
    precondition(inputHeight > 0 && inputWidth > 0)
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.normalization = normalization
    factors = normalization.deviation.map { Float(255 * normalization.scale / $0) }
    offsets = zip(normalization.mean, normalization.deviation).map { Float($0 / $1) }
  }

  /// The number of elements of the input: height x width x 3.
  public var inputCount: Int { inputHeight * inputWidth * 3 }

  /// Writes the picture as the network sees it: (input height, input width, 3) in [0, 1], RGB.
  public func see(_ image: RGBImage, into seen: inout MutableSpan<Double>) {
    precondition(seen.count == inputCount, "the picture seen has another size")
    let crop = crop(of: image)
    let resize = LinearResize(
      from: [crop.height, crop.width], to: [inputHeight, inputWidth])
    let fraction = (0...255).map { Double($0) / 255 }
    image.read { pixels in
      let range = pixels.range(of: crop, imageWidth: image.width)
      resize.resize(
        channels: 3, smallest: fraction[range.smallest], largest: fraction[range.largest],
        sample: { row, column, channel in
          let pixel = (crop.top + row) * image.width + crop.left + column
          return fraction[Int(pixels[pixel * 3 + channel])]
        },
        store: { seen[$0] = $1 })
    }
  }

  /// Which part of a picture the network sees.
  public func sourceArea(of image: RGBImage) -> SourceArea {
    SourceArea(imageHeight: image.height, imageWidth: image.width, crop(of: image))
  }

  private func crop(of image: RGBImage) -> CenterCrop {
    CenterCrop(
      ofHeight: image.height, width: image.width, aspectHeight: inputHeight,
      aspectWidth: inputWidth)
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

extension Span<UInt8> {
  /// The smallest and the largest byte inside a crop of RGB pixels.
  fileprivate func range(of crop: CenterCrop, imageWidth: Int) -> (smallest: Int, largest: Int) {
    var smallest = UInt8.max
    var largest = UInt8.min
    for row in crop.top..<crop.top + crop.height {
      let start = (row * imageWidth + crop.left) * 3
      let line = extracting(start..<start + crop.width * 3)
      for index in line.indices {
        smallest = Swift.min(smallest, line[index])
        largest = Swift.max(largest, line[index])
      }
      if smallest == .min, largest == .max { break }
    }
    return (Int(smallest), Int(largest))
  }
}
