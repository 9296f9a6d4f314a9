import Testing

@testable import GradCAMPPCore

@Suite struct CenterCropTests {
  @Test(arguments: 1...40)
  func aSquareIsCutAsTheOriginalDid(_ height: Int) {
    for width in 1...40 {
      let crop = CenterCrop(ofHeight: height, width: width, aspectHeight: 224, aspectWidth: 224)
      let short = min(height, width)
      #expect(crop.height == short && crop.width == short)
      #expect(crop.top == Int(Double(height - short) / 2))
      #expect(crop.left == Int(Double(width - short) / 2))
    }
  }

  @Test(arguments: [
    (100, 100, 1, 2, [25, 0, 50, 100]), (100, 300, 1, 2, [0, 50, 100, 200]),
    (7, 5, 3, 4, [2, 0, 3, 5]), (1, 1000, 5, 1, [0, 499, 1, 1]), (1000, 1, 1, 5, [499, 0, 1, 1]),
  ])
  func otherProportionsAreKept(
    height: Int, width: Int, aspectHeight: Int, aspectWidth: Int, expected: [Int]
  ) {
    let crop = CenterCrop(
      ofHeight: height, width: width, aspectHeight: aspectHeight, aspectWidth: aspectWidth)
    #expect([crop.top, crop.left, crop.height, crop.width] == expected)
  }
}
