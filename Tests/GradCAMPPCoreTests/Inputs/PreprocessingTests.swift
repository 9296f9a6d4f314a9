import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct PreprocessingTests {
  private let vgg = Preprocessing(inputHeight: 224, inputWidth: 224, .caffe)

  /// Recorded are every fourth row of what the original saw, and its picture.
  ///
  /// Where a colour is a whole level, the original's rounding of positions pulls it just below in
  /// some places: one level, in at most 1.2 % of the values.
  @Test(arguments: [
    ("s11_rocket_pred", "rocket", 1739), ("s11_synth_land_png_pred", "synth_land", 23),
  ])
  func thePictureSeenEqualsTheRecordedOne(_ name: String, _ image: String, _ ties: Int) throws {
    let seen = vgg.seen(try RecordedFiles.picture("\(image).rgb", height: 427, width: 640))
    let rows = stride(from: 0, to: 224, by: 4).flatMap { seen[$0 * 672..<($0 + 1) * 672] }
    #expect(rows.largestDifference(to: try RecordedFiles.array("\(name).preprocessed")) < 2e-13)
    let picture = try Preprocessing.picture(of: seen.span, height: 224, width: 224)
    let panel: [UInt8] = try RecordedFiles.array("\(name).panel_input_rgb")
    let difference = LevelDifference(picture.pixels, panel)
    #expect(difference.count <= ties && difference.largest <= 1)
    for index in panel.indices where panel[index] != picture.pixels[index] {
      #expect(abs(seen[index] * 255 - (seen[index] * 255).rounded()) < 1e-10)
    }
  }

  @Test func aPictureOfTheInputsSizeIsUnchanged() throws {
    let bytes: [UInt8] = (0..<224 * 224 * 3).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 700) }
    let image = try RGBImage(height: 224, width: 224, pixels: bytes)
    let seen = vgg.seen(image)
    #expect(seen == bytes.map { Double($0) / 255 })
    #expect(try Preprocessing.picture(of: seen.span, height: 224, width: 224).pixels == bytes)
  }

  /// The clip's range is that of the crop, not of the whole picture.
  @Test func whatLiesOutsideTheCropDoesNotCount() throws {
    var bytes = [UInt8](repeating: 100, count: 2 * 6 * 3)
    for index in 0..<6 { bytes[index] = 0 }
    let image = try RGBImage(height: 2, width: 6, pixels: bytes)
    let seen = Preprocessing(inputHeight: 4, inputWidth: 4, .caffe).seen(image)
    #expect(seen == [Double](repeating: 100.0 / 255, count: 48))
  }

  @Test func inputsNeedNotBeSquare() throws {
    let bytes = (0..<4 * 8 * 3).map { UInt8($0) }
    let image = try RGBImage(height: 4, width: 8, pixels: bytes)
    let wide = Preprocessing(inputHeight: 2, inputWidth: 4, .caffe)
    let whole = wide.seen(image)
    // Target (0, 0) lies at (0.5, 0.5): the mean of pixels 0, 1, 8 and 9.
    #expect(abs(whole[0] * 255 - 13.5) < 1e-12)
    #expect(whole.count == 24)
    let tall = Preprocessing(inputHeight: 4, inputWidth: 2, .caffe).seen(image)
    #expect(
      tall.map { ($0 * 255).rounded() }
        == (0..<4).flatMap { row in
          (9..<15).map { Double(row * 24 + $0) }
        })
  }

  @Test func theNetworkGetsBlueFirstMinusTheMean() {
    let one = Preprocessing(inputHeight: 1, inputWidth: 1, .caffe)
    var input = [Float](repeating: 0, count: 3)
    var span = input.mutableSpan
    one.networkInput([0.1, 0.2, 0.3].span, into: &span)
    #expect(
      input == [
        Float(0.3) * 255 - 103.939, Float(0.2) * 255 - 116.779, Float(0.1) * 255 - 123.68,
      ])
    let plain = Preprocessing(
      inputHeight: 1, inputWidth: 1,
      Normalization(channelOrder: .rgb, scale: 2 / 255, mean: [1, 2, 3], deviation: [1, 1, 1]))
    var other = [Float](repeating: 0, count: 3)
    var otherSpan = other.mutableSpan
    plain.networkInput([0.5, 0.25, 1].span, into: &otherSpan)
    #expect(other == [0, -1.5, -1])
  }

  /// Any linear function of the network's input has the gradient that differences show.
  @Test(arguments: [Normalization.ChannelOrder.rgb, .bgr])
  func gradientsComeBackToThePicture(_ order: Normalization.ChannelOrder) {
    let some = Preprocessing(
      inputHeight: 2, inputWidth: 2,
      Normalization(
        channelOrder: order, scale: 4 / 255, mean: [1, 2, 3], deviation: [1, 0.5, 2]))
    let weights = (0..<12).map { Float($0 * $0) - 30 }
    var gradient = [Float](repeating: 0, count: 12)
    var span = gradient.mutableSpan
    some.pixelGradient(weights.span, into: &span)
    func value(_ seen: [Double]) -> Float {
      var input = [Float](repeating: 0, count: 12)
      var span = input.mutableSpan
      some.networkInput(seen.span, into: &span)
      return zip(input, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let zero = [Double](repeating: 0, count: 12)
    for index in 0..<12 {
      var moved = zero
      moved[index] = 1
      #expect(gradient[index] == value(moved) - value(zero))
    }
  }

  /// (colour - mean) / deviation, red first, worked out by hand.
  @Test func torchvisionStandardises() {
    let one = Preprocessing(inputHeight: 1, inputWidth: 1, .torchvision)
    var input = [Float](repeating: 0, count: 3)
    var span = input.mutableSpan
    one.networkInput([0.714, 0.008, 0.406].span, into: &span)
    expectClose(input, [1, -2, 0] as [Float], absolute: 3e-7)
  }

  @Test func namesAreLookedUp() throws {
    #expect(try NamedNormalizations.named("caffe") == .caffe)
    #expect(try NamedNormalizations.named("unit").scale == 1 / 255)
    let error = #expect(throws: GradCAMError.self) { try NamedNormalizations.named("tf") }
    #expect(
      error?.message
        == "preprocessing \"tf\" is unknown; expected one of caffe, torchvision, tensorflow, unit")
  }

  @Test(arguments: [
    ("GRB", 1.0, 0.0, 1.0, "channel order \"GRB\"; expected RGB or BGR"),
    ("RGB", 0, 0, 1, "scale 0.0"), ("RGB", .nan, 0, 1, "scale nan"),
    ("RGB", 1, .infinity, 1, "mean inf"), ("BGR", 1, 0, 0, "standard deviation 0.0"),
    ("BGR", 1, 0, -1, "standard deviation -1.0"),
  ])
  func valuesAreChecked(
    _ order: String, _ scale: Double, _ mean: Double, _ deviation: Double, _ words: String
  ) {
    let error = #expect(throws: GradCAMError.self) {
      try Normalization(
        checkingChannelOrder: order, scale: scale, mean: [0, mean, 0],
        deviation: [1, 1, deviation], origin: "it")
    }
    #expect(error?.message.contains(words) == true)
  }
}
