import Testing

@testable import GradCAMPPCore

@Suite struct LinearResizeTests {
  private func resized(
    _ source: [Double], from: [Int], to: [Int], channels: Int = 1
  ) -> [Double] {
    LinearResize(from: from, to: to)
      .resized(source, columns: from.last ?? 1, channels: channels)
  }

  @Test(arguments: [("edge.enlarged", [11, 9]), ("edge.reduced", [2, 3])])
  func valuesAreThoseOfTheDefinition(_ name: String, _ size: [Int]) throws {
    let source: [Double] = try RecordedFiles.array("edge.source")
    let result = resized(source, from: [5, 7], to: size, channels: 2)
    #expect(result.largestDifference(to: try RecordedFiles.array(name)) < 1e-14)
  }

  /// A fade below the smallest source value is clipped.
  @Test func resultsStayInTheSourcesRange() throws {
    let source: [Double] = try RecordedFiles.array("edge.source").map { $0 + 2 }
    let result = resized(source, from: [5, 7], to: [11, 9], channels: 2)
    #expect(result.largestDifference(to: try RecordedFiles.array("edge.positive")) < 1e-14)
    #expect(result.min() == source.min())
  }

  @Test(arguments: ["s11_rocket_pred", "s12_tiny_l283"])
  func heatMapsEqualTheRecordedOnes(_ name: String) throws {
    let map: [Double] = try RecordedFiles.array("\(name).grad_CAM_map")
    let largest = try #require(map.max())
    let result = resized(map.map { $0 / largest }, from: [14, 14], to: [224, 224])
    #expect(result.largestDifference(to: try RecordedFiles.array("\(name).cam")) < 1e-13)
  }

  /// p = -0.46875 at the first of 14 to 224, so a corner keeps 0.53125 squared.
  @Test func enlargedGridsFadeTowardsTheBorder() {
    let source = [Double](repeating: 1, count: 196) + [0]
    let result = resized(source, from: [197], to: [197 * 16])
    #expect(result[0] == 0.53125)
    let map = resized([0, 1, 1, 1], from: [2, 2], to: [32, 32])
    #expect(map[32 * 32 - 1] == 0.53125 * 0.53125)
    #expect(map[31] == 0.53125 * 0.53125)
    #expect(map[0] == 0)
  }

  @Test func theSameSizeIsTheSamePicture() {
    let source = (0..<60).map { Double(($0 * 37) % 60) }
    #expect(resized(source, from: [4, 5], to: [4, 5], channels: 3) == source)
  }

  /// Three axes are two, line by line, when the third keeps its size.
  @Test func threeAxesAgreeWithTwo() {
    let source: [Double] = (0..<24).map { Double(($0 * 7) % 24) - 5 }
    let block = resized(source, from: [2, 3, 4], to: [2, 5, 7])
    var expected: [Double] = []
    for first in [0, 12] {
      LinearResize(from: [3, 4], to: [5, 7]).resize(
        channels: 1, smallest: -5, largest: 18,
        sample: { line, column, _ in source[first + line * 4 + column] },
        store: { _, value in expected.append(value) })
    }
    #expect(block == expected)
    let deep = resized([1, 3], from: [2, 1, 1], to: [4, 1, 1])
    #expect(deep == [1, 1.5, 2.5, 2.25])
  }

  @Test func numbersThatAreNoneDoNotTrap() {
    var count = 0
    let source: [Double] = [.nan, 1, 2, .infinity]
    LinearResize(from: [2, 2], to: [3, 3]).resize(source.span) { _, _ in count += 1 }
    #expect(count == 9)
  }
}
