import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct FigurePictureTests {
  private func crop(_ image: RGBImage, top: Int, left: Int) -> [UInt8] {
    let pixels = image.pixels
    var cut: [UInt8] = []
    for row in top..<top + 647 {
      let start = (row * image.width + left) * 3
      cut += pixels[start..<start + 647 * 3]
    }
    return cut
  }

  /// Decibels between our page from the recorded panels and the JPEG that the original saved.
  @Test func thePageEqualsTheSavedOne() throws {
    let panels = try ["input", "guided", "heatmap", "overlay"].map {
      try RecordedFiles.picture("s11_rocket_pred.panel_\($0)_rgb", height: 224, width: 224)
    }
    let page = try figurePicture(panels)
    let bytes = try RecordedFiles.bytes("figure/s11_rocket_pred_figure.jpg")
    let saved = try ImageFormats.decode(bytes.span)
    #expect(page.height == saved.height && page.width == saved.width)
    let limits = [39.0, 31, 35, 39]
    for (left, limit) in zip([480, 1256, 2033, 2809], limits) {
      let ours = crop(page, top: 1131, left: left)
      let theirs = crop(saved, top: 1131, left: left)
      let decibels = LevelDifference(ours, theirs).decibels
      #expect(decibels >= limit, "\(decibels) dB at column \(left)")
    }
    let whole = LevelDifference(page.pixels, saved.pixels).decibels
    #expect(whole > 40, "\(whole) dB over the whole page")
  }

  @Test func aPanelOfOtherProportionsIsCentred() throws {
    let wide = try RGBImage(height: 1, width: 2, pixels: [10, 10, 10, 20, 20, 20])
    let tall = try RGBImage(height: 8, width: 1, pixels: [UInt8](repeating: 30, count: 24))
    let page = try figurePicture([wide, tall]).pixels
    func box(_ levels: Set<UInt8>) -> [Int] {
      let found = stride(from: 0, to: page.count, by: 3).filter { levels.contains(page[$0]) }
      let rows = found.map { $0 / 3 / 3840 }
      let columns = found.map { $0 / 3 % 3840 }
      return [rows.min() ?? 0, rows.max() ?? 0, columns.min() ?? 0, columns.max() ?? 0]
    }
    #expect(box([10, 20]) == [1292, 1615, 480, 1126])
    #expect(box([20])[2] == 804 || box([20])[2] == 803)
    #expect(box([30]) == [346, 2562, 1441, 1717])
  }

  @Test func anEmptyPageIsWhite() throws {
    #expect(try figurePicture([]).pixels.allSatisfy { $0 == 255 })
  }

  @Test func panelsStandSideBySide() throws {
    let one = try RGBImage(height: 2, width: 1, pixels: [1, 2, 3, 4, 5, 6])
    let two = try RGBImage(height: 2, width: 2, pixels: (10..<22).map { UInt8($0) })
    let strip = try panelsPicture([one, two])
    #expect(strip.height == 2 && strip.width == 3)
    #expect(
      strip.pixels == [1, 2, 3, 10, 11, 12, 13, 14, 15, 4, 5, 6, 16, 17, 18, 19, 20, 21])
    #expect(throws: GradCAMError.self) { try panelsPicture([]) }
  }
}
