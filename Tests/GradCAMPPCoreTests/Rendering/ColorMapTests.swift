import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct ColorMapTests {
  /// The recorded table has blue first and cold first; its mirror image is ours.
  @Test func jetIsTheRecordedTable() throws {
    let table: [UInt8] = try RecordedFiles.array("jet.bgr")
    let jet = try ColorMaps.named("jet")
    for place in 0..<256 {
      let colour = SIMD3(table[3 * place], table[3 * place + 1], table[3 * place + 2])
      #expect(jet.entries[255 - place] == colour)
    }
  }

  /// The original drew entry uint8(255 * (1 - v)), its bytes read as red, green, blue.
  @Test func jetIsDrawnAsTheOriginalDid() throws {
    let table: [UInt8] = try RecordedFiles.array("jet.bgr")
    let jet = try ColorMaps.named("jet")
    for step in 0...10000 {
      let value = Float(step) / 10000
      let place = 3 * Int(255 * (1 - Double(value)))
      #expect(jet.color(of: value) == SIMD3(table[place], table[place + 1], table[place + 2]))
    }
  }

  @Test(
    arguments: [
      ("viridis", [68, 1, 84], [33, 145, 140], [253, 231, 37]),
      ("hot", [0, 0, 0], [255, 86, 0], [255, 255, 255]),
      ("gray", [0, 0, 0], [128, 128, 128], [255, 255, 255]),
      ("jet", [0, 0, 128], [130, 255, 126], [128, 0, 0]),
    ] as [(String, [UInt8], [UInt8], [UInt8])])
  func endsAndMiddleAreRight(_ name: String, low: [UInt8], middle: [UInt8], high: [UInt8]) throws {
    let map = try ColorMaps.named(name)
    #expect(map.entries[0] == SIMD3(low) && map.entries[128] == SIMD3(middle))
    #expect(map.entries[255] == SIMD3(high))
    #expect(map.color(of: 0) == map.entries[0] && map.color(of: 1) == map.entries[255])
    #expect(map.color(of: -3) == map.entries[0] && map.color(of: 7) == map.entries[255])
    #expect(map.color(of: .nan) == map.entries[0] && map.color(of: .infinity) == map.entries[255])
  }

  @Test func unknownNamesAreRefusedWithTheKnownOnes() {
    #expect(
      throws: GradCAMError(
        .invalidArgument, "colour map \"Jet\" is unknown; there are: jet, viridis, hot, gray")
    ) { try ColorMaps.named("Jet") }
    #expect(Set(ColorMaps.all.map(\.name)).count == ColorMaps.all.count)
  }
}
