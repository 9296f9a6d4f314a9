import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct CropTests {
  private func area(
    _ crop: Crop, of size: (Int, Int), for aspect: (Int, Int)
  ) throws -> [Int] {
    let bytes = [UInt8](repeating: 9, count: size.0 * size.1 * 3)
    let image = try RGBImage(height: size.0, width: size.1, pixels: bytes)
    let area = crop.area(of: image, aspectHeight: aspect.0, aspectWidth: aspect.1)
    #expect(area.imageHeight == size.0 && area.imageWidth == size.1)
    return [area.top, area.left, area.height, area.width]
  }

  @Test func areasForInputsThatAreNotSquare() throws {
    #expect(try area(.center, of: (100, 100), for: (2, 4)) == [25, 0, 50, 100])
    #expect(try area(.squash, of: (100, 100), for: (2, 4)) == [0, 0, 100, 100])
    #expect(try area(.pad, of: (100, 100), for: (2, 4)) == [0, -50, 100, 200])
    #expect(try area(.pad, of: (100, 100), for: (4, 2)) == [-50, 0, 200, 100])
    // 10 rows for 3 x 2 want 6.67 columns, and 7 columns want 10.5 rows.
    #expect(try area(.pad, of: (10, 7), for: (3, 2)) == [0, 0, 11, 7])
    #expect(try area(.pad, of: (10, 6), for: (3, 2)) == [0, 0, 10, 7])
    #expect(try area(.pad, of: (1, 3), for: (2, 2)) == [-1, 0, 3, 3])
  }

  /// A picture of 1 x 4 above a bar: nothing lies before it, since half of 1 is rounded down.
  @Test func barsOfAnInputThatIsNotSquare() throws {
    let image = try RGBImage(height: 1, width: 4, pixels: [UInt8](repeating: 51, count: 12))
    let half = Normalization(
      channelOrder: .bgr, scale: 1.0 / 255, mean: [0.1, 0.5, 2], deviation: [1, 1, 1])
    let padding = Preprocessing(
      inputHeight: 2, inputWidth: 4, half, framing: try Framing(crop: .pad))
    let seen = padding.seen(image)
    #expect(Array(seen[0..<12]) == [Double](repeating: 51.0 / 255, count: 12))
    #expect(Array(seen[12..<15]) == [1, 0.5, 0.1])
    #expect(Array(seen[21..<24]) == [1, 0.5, 0.1])
  }

  @Test func names() throws {
    #expect(try Crop.allCases.map { try Crop.named($0.rawValue) } == Crop.allCases)
    let error = #expect(throws: GradCAMError.self) { try Crop.named("stretch") }
    #expect(error?.message.contains("center, squash, pad") == true)
  }

  @Test(arguments: [
    (0, 0, 0, 5), (9, 0, 5, 5), (0, 9, 5, 5), (-5, 0, 5, 5), (0, -5, 5, 5), (.min, 0, 5, 5),
    (0, .max, 5, 5), (0, 0, .max, 5), (0, 0, 5, .min),
  ])
  func areasBesideThePictureAreRefused(_ top: Int, _ left: Int, _ height: Int, _ width: Int) {
    #expect(throws: GradCAMError.self) {
      try PictureArea(
        imageHeight: 9, imageWidth: 9, top: top, left: left, height: height, width: width)
    }
  }
}
