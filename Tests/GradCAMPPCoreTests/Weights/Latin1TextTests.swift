import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct Latin1TextTests {
  private func decode(_ text: [UInt8]) throws -> [UInt8]? {
    // Bytes around the text that would complete it must not be read.
    try WeightFiles.temporary([0xc2] + text + [0x80]) { path in
      let file = try MappedFile(path: path)
      let decoded = try Latin1Text.bytes(file, 1..<1 + text.count, room: text.count)
      return decoded.map { decoded in
        let slot = TensorSlot(offset: 0, shape: Shape([decoded.count]))
        return decoded.bytes.read(slot) { span in span.indices.map { span[$0] } }
      }
    }
  }

  @Test func everyByteIsDecoded() throws {
    let all = [UInt8](0...255)
    let text = String(String.UnicodeScalarView(all.map { Unicode.Scalar($0) }))
    #expect(try decode(Array(text.utf8)) == all)
    #expect(try decode(Array(text.utf8.reversed())) == nil)
    #expect(try decode([]) == [])
    #expect(try decode([0x41]) == [0x41])
    #expect(try decode([0xc3, 0xbf]) == [0xff])
  }

  @Test(
    arguments: [
      [0xc2], [0xc3], [0x80], [0xbf], [0xff], [0x41, 0xc2], [0xc2, 0x41], [0xc2, 0xc2],
      [0xc4, 0x80], [0xc1, 0x80], [0xc0, 0x80], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80],
    ] as [[UInt8]])
  func otherTextIsRefused(_ text: [UInt8]) throws {
    #expect(try decode(text) == nil)
  }
}
