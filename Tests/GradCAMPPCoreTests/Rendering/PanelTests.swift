import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// The three drawn panels, against those of the original.
@Suite struct PanelTests {
  private func heatmap(_ name: String) throws -> (map: [Float], picture: RGBImage) {
    let map = try RecordedFiles.array("\(name).cam", as: Double.self).map { Float($0) }
    let picture = try heatmapPicture(
      map: map.span, height: 224, width: 224, colorMap: ColorMaps.named("jet"))
    return (map, picture)
  }

  private func seen(_ name: String, height: Int, width: Int) throws -> [Double] {
    let image = try RecordedFiles.picture("\(name).rgb", height: height, width: width)
    return Preprocessing(inputHeight: 224, inputWidth: 224, .caffe).seen(image)
  }

  @Test func theHeatMapEqualsTheRecordedOne() throws {
    let panel: [UInt8] = try RecordedFiles.array("s11_rocket_pred.panel_heatmap_rgb")
    #expect(try heatmap("s11_rocket_pred").picture.pixels == panel)
  }

  /// The rest is ties of rounding in what was seen.
  @Test(arguments: [
    ("s11_rocket_pred", "rocket", 427, 640, 128), ("s12_tiny_l283", "tiny_60x50", 50, 60, 7),
  ])
  func theOverlayEqualsTheRecordedOne(
    _ name: String, image: String, height: Int, width: Int, ties: Int
  ) throws {
    let seen = try seen(image, height: height, width: width)
    let overlay = try overlayPicture(seen: seen.span, heatmap: heatmap(name).picture)
    let panel: [UInt8] = try RecordedFiles.array("\(name).panel_overlay_rgb")
    let difference = LevelDifference(overlay.pixels, panel)
    #expect(difference.count <= ties && difference.largest <= 1)
  }

  @Test func theGuidedPanelEqualsTheRecordedOne() throws {
    let gradients: [Float] = try RecordedFiles.array("s11_rocket_pred.gb_grad")
    let map = try heatmap("s11_rocket_pred").map
    let picture = try guidedPicture(
      gradients: gradients.span, heatmap: map.span, height: 224, width: 224)
    let panel: [UInt8] = try RecordedFiles.array("s11_rocket_pred.panel_guided_rgb")
    let difference = LevelDifference(picture.pixels, panel)
    #expect(difference.count <= 2 && difference.largest <= 1)
  }

  @Test func alphaGoesFromThePictureToTheHeatMap() throws {
    let heat = try RGBImage(height: 1, width: 2, pixels: [255, 0, 51, 102, 153, 204])
    let seen = [0.0, 1, 0.5, 0.25, 0.75, 1]
    let picture = try overlayPicture(seen: seen.span, heatmap: heat, alpha: 0)
    #expect(picture.pixels == [0, 255, 127, 63, 191, 255])
    #expect(try overlayPicture(seen: seen.span, heatmap: heat, alpha: 1).pixels == heat.pixels)
    let half = try overlayPicture(seen: seen.span, heatmap: heat, alpha: 0.5)
    #expect(half.pixels == [127, 127, 89, 82, 172, 229])
    for alpha in [-0.1, 1.1, .nan, .infinity] {
      #expect(
        throws: GradCAMError(.invalidArgument, "alpha is \(alpha); expected more than 0, at most 1")
      ) { try overlayPicture(seen: seen.span, heatmap: heat, alpha: alpha) }
    }
  }

  @Test func aMapWithoutEvidenceIsColdThroughout() throws {
    let zeros = [Float](repeating: 0, count: 6)
    let picture = try heatmapPicture(
      map: zeros.span, height: 2, width: 3, colorMap: ColorMaps.named("jet"))
    #expect(picture.pixels == (0..<6).flatMap { _ in [0, 0, 128] as [UInt8] })
  }

  @Test(arguments: [0, 3.5, -2] as [Float])
  func evenGradientsAreAnEvenGrey(_ value: Float) throws {
    let gradients = [Float](repeating: value, count: 18)
    let map = (0..<6).map { Float($0) / 5 }
    let picture = try guidedPicture(
      gradients: gradients.span, heatmap: map.span, height: 2, width: 3)
    #expect(picture.pixels == [UInt8](repeating: 127, count: 18))
    let cold = [Float](repeating: 0, count: 6)
    let varied = (0..<18).map { Float($0) }
    let dim = try guidedPicture(gradients: varied.span, heatmap: cold.span, height: 2, width: 3)
    #expect(dim.pixels == [UInt8](repeating: 127, count: 18))
  }

  @Test func gradientsThatAreNoNumbersDoNotTrap() throws {
    let map = [Float](repeating: 1, count: 2)
    for wild in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      let gradients = [1, wild, 2, 3, -wild, 4]
      let picture = try guidedPicture(
        gradients: gradients.span, heatmap: map.span, height: 1, width: 2)
      #expect(picture.pixels.count == 6)
    }
  }
}
