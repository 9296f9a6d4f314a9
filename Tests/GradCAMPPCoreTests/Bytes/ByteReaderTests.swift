import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct ByteReaderTests {
  private func reading(
    _ bytes: [UInt8], _ body: (inout ByteReader) throws -> Void
  ) throws {
    try WeightFiles.temporary(bytes) { path in
      var reader = ByteReader(try MappedFile(path: path))
      try body(&reader)
    }
  }

  @Test func numbersAreReadInBothOrders() throws {
    try reading([1, 2, 0, 0, 0, 3, 0xff, 0xfe, 0xff, 0xff, 0xff]) { reader throws in
      #expect(try reader.integer(UInt16.self, "a") == 0x0201)
      #expect(try reader.integer(UInt32.self, "b", .big) == 3)
      #expect(try reader.integer(UInt8.self, "c") == 0xff)
      #expect(try reader.integer(Int32.self, "d") == -2)
      #expect(reader.remaining == 0)
    }
  }

  @Test func theEndIsAnError() throws {
    try reading([1, 2, 3]) { reader throws in
      #expect(try reader.skip(1, "a") == 0..<1)
      let path = reader.file.path
      let error = #expect(throws: GradCAMError.self) { try reader.integer(UInt32.self, "a size") }
      #expect(
        error
          == GradCAMError(
            .badData, "\(path) is cut short: a size at byte 1 takes 4 bytes, 2 are left"))
      #expect(throws: GradCAMError.self) { try reader.skip(-1, "a") }
      #expect(throws: GradCAMError.self) { try reader.skip(.max, "a") }
      #expect(throws: GradCAMError.self) { try reader.skip(3, "a") }
      #expect(reader.offset == 1)
      #expect(try reader.bytes(2, "a") == [2, 3])
    }
  }

  @Test func aRangeEndsEarlier() throws {
    try reading([1, 2, 3, 4]) { whole throws in
      var reader = ByteReader(whole.file, 1..<3)
      #expect(try reader.integer(UInt16.self, "a") == 0x0302)
      #expect(throws: GradCAMError.self) { try reader.integer(UInt8.self, "a") }
    }
  }

  @Test func linesHaveALimit() throws {
    try reading(Array("ab\n\nabcdef\nxy".utf8)) { reader throws in
      #expect(try reader.line(limit: 2, "a") == 0..<2)
      #expect(try reader.line(limit: 2, "a") == 3..<3)
      var short = reader
      #expect(throws: GradCAMError.self) { try short.line(limit: 5, "a") }
      #expect(try reader.line(limit: 6, "a") == 4..<10)
      #expect(throws: GradCAMError.self) { try reader.line(limit: 6, "a") }
    }
  }

  @Test func quotedTextIsShortAndPrintable() {
    #expect("conv1_1".quoted == "\"conv1_1\"")
    #expect("a\nb\u{202e}".quoted == "\"a\\nb\\u{202E}\"")
    let longest = String(repeating: "x", count: 60)
    #expect(longest.quoted == "\"\(longest)\"")
    #expect("\(longest)x".quoted == "\"\(longest)…\"")
  }
}
