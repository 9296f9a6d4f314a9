import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct ExifOrientationTests {
  /// Stored rows 1 2 3 and 4 5 6, upright.
  static let turned: [(Orientation, height: Int, [UInt8])] = [
    (.upright, 2, [1, 2, 3, 4, 5, 6]),
    (.mirroredHorizontally, 2, [3, 2, 1, 6, 5, 4]),
    (.rotatedHalfTurn, 2, [6, 5, 4, 3, 2, 1]),
    (.mirroredVertically, 2, [4, 5, 6, 1, 2, 3]),
    (.transposed, 3, [1, 4, 2, 5, 3, 6]),
    (.rotatedClockwise, 3, [4, 1, 5, 2, 6, 3]),
    (.transversed, 3, [6, 3, 5, 2, 4, 1]),
    (.rotatedAnticlockwise, 3, [3, 6, 2, 5, 1, 4]),
  ]

  @Test(arguments: turned)
  func everyOrientationIsApplied(_ orientation: Orientation, height: Int, pixels: [UInt8]) throws {
    func triples(_ values: [UInt8]) -> [UInt8] { values.flatMap { [$0, $0 + 100, $0 + 200] } }
    let stored = try RGBImage(height: 2, width: 3, pixels: triples([1, 2, 3, 4, 5, 6]))
    let upright = try orientation.applied(to: stored)
    #expect(upright.height == height && upright.width == 6 / height)
    #expect(upright.pixels == triples(pixels))
  }

  @Test func picturesLargerThanASquareOfTheWalkAreWhole() throws {
    var generator = RepeatableGenerator(seed: 4)
    let pixels = (0..<130 * 201 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let stored = try RGBImage(height: 130, width: 201, pixels: pixels)
    let inverses: [(Orientation, Orientation)] = [
      (.mirroredHorizontally, .mirroredHorizontally), (.rotatedHalfTurn, .rotatedHalfTurn),
      (.mirroredVertically, .mirroredVertically), (.transposed, .transposed),
      (.rotatedClockwise, .rotatedAnticlockwise), (.transversed, .transversed),
    ]
    for (there, back) in inverses {
      let turned = try there.applied(to: stored)
      #expect(turned.pixels != pixels)
      #expect(try back.applied(to: turned).pixels == pixels)
    }
  }

  @Test(arguments: [
    ("tiff:Orientation=\"6\"", 6), ("<tiff:Orientation>8</tiff:Orientation>", 8),
    ("tiff:Orientation='6'", nil), ("tiff:Orientation=\"x\" tiff:Orientation=\"3\"", 3),
    ("tiff:Orientation", nil), ("tiff:Orientation=\"", nil), ("", nil),
  ])
  func orientationIsFoundInText(_ text: String, _ value: Int?) {
    #expect(ExifOrientation.propertyValue(inXMP: Array(text.utf8)) == value)
  }

  /// Random directories, entry counts, types, counts and offsets.
  @Test func wildStructuresNeverTrap() {
    var generator = RepeatableGenerator(seed: 9)
    let bytesInUse: [UInt8] = [0, 0, 0, 0, 1, 3, 4, 6, 0x7F, 0xFF]
    var found = 0
    for round in 0..<20000 {
      let little = round % 2 == 0
      var bytes: [UInt8] = little ? [0x49, 0x49, 0x2A, 0] : [0x4D, 0x4D, 0, 0x2A]
      bytes += little ? [8, 0, 0, 0, 2, 0] : [0, 0, 0, 8, 0, 2]
      bytes += little ? [0x12, 1, 3, 0, 1, 0, 0, 0] : [1, 0x12, 0, 3, 0, 0, 0, 1]
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        bytes.append(bytesInUse[Int.random(in: 0..<10, using: &generator)])
      }
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 4..<bytes.count, using: &generator)
        bytes[place] = bytesInUse[Int.random(in: 0..<10, using: &generator)]
      }
      if ExifOrientation.tagValue(inTIFF: bytes) != nil { found += 1 }
    }
    #expect(found > 2000 && found < 20000)
  }
}
