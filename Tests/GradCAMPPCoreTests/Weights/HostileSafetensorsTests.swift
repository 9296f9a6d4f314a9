import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files that no program writes: an error with a sentence, never a trap, never much memory.
@Suite struct HostileSafetensorsTests {
  private func message(_ file: [UInt8]) throws -> String {
    let error = try WeightFiles.refusal(file)
    #expect(error.kind == .badData)
    return error.message
  }

  /// The message about a file of one tensor "a" with these members and 8 bytes of data.
  private func message(ofTensor members: String) throws -> String {
    try message(
      SafetensorsWriter.file(header: "{\"a\":{\(members)}}", [UInt8](repeating: 0, count: 8)))
  }

  @Test func everyPrefixIsRefused() throws {
    let bytes = SafetensorsWriter.sample().file()
    for count in 0..<bytes.count {
      #expect(try WeightFiles.refusal(Array(bytes[..<count])).kind == .badData, "\(count) bytes")
    }
    #expect(try message(bytes + [0]).contains("is too long: its tensors take 36 bytes, 37 follow"))
  }

  @Test func changedBytesDoNoHarm() throws {
    let original = SafetensorsWriter.sample().file()
    let headerEnd = original.count - 36
    var random = RepeatableRandom(seed: 2018)
    var refusals = 0
    for _ in 0..<6000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<headerEnd, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let store = try WeightFiles.open(bytes)
        for name in store.names {
          let array = try #require(store[name])
          #expect(try array.floats().count == array.shape.count)
        }
      } catch let error as GradCAMError {
        #expect(error.kind == .badData)
        refusals += 1
      }
    }
    // Names and metadata may be almost anything.
    #expect(refusals > 4000)
  }

  @Test func headersOfImpossibleLength() throws {
    let sample = SafetensorsWriter.sample()
    for length: UInt64 in [100_000_001, 1 << 32, .max, 1 << 63] {
      #expect(
        try message(sample.file(claiming: length)).contains(
          "has a header of \(length) bytes; expected 100000000 at most"))
    }
    #expect(try message(sample.file(claiming: 99_999_999)).contains("is cut short: the header"))
    #expect(try message(sample.file(claiming: 1)).contains("cannot be read at byte 9"))
    #expect(try message(sample.file(claiming: 0)).contains("at byte 8: expected an object"))
  }

  @Test(arguments: [
    ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]", "expected 8 bytes"),
    ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]", "[8, 0]; expected 8 bytes"),
    ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]", "begins at byte 4"),
    ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]", "too long"),
    ("\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]", "cut short: its tensors take 12"),
    ("\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,8]", "does not fit"),
    (
      "\"dtype\":\"F32\",\"shape\":[9223372036854775807,2,0],\"data_offsets\":[0,0]",
      "has shape [9223372036854775807, 2, 0], which does not fit in memory"
    ),
    (
      "\"dtype\":\"F32\",\"shape\":[2305843009213693951],"
        + "\"data_offsets\":[0,9223372036854775804]", "cut short"
    ),
    (
      "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9223372036854775807,9223372036854775807]",
      "expected 8 bytes"
    ),
    ("\"dtype\":\"F32\",\"shape\":[18446744073709551616],\"data_offsets\":[0,8]", "2^63 - 1"),
    ("\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]", "whole number from 0"),
    ("\"dtype\":\"F32\",\"shape\":[-0],\"data_offsets\":[0,0]", "whole number from 0"),
    ("\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]", "whole number from 0"),
    ("\"dtype\":\"F32\",\"shape\":[02],\"data_offsets\":[0,8]", "the end of the array"),
    ("\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]", "expected an array"),
    ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]", "at most 2 numbers"),
    ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]", "two data_offsets of \"a\""),
    ("\"dtype\":\"F32\",\"shape\":[2]", "dtype, shape and two data_offsets of \"a\""),
    ("\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,8]", "dtype \"F4\", which is unknown"),
    ("\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]", "expected a string"),
    ("\"dtype\":\"F32\",\"dtype\":\"F32\"", "no second member named \"dtype\""),
    ("\"x\":[1,]", "expected a value"), ("\"x\":{,}", "expected a string"),
    ("\"x\":tru", "expected true"), ("\"x\":1.", "expected a digit"),
    ("\"x\":1e", "expected a digit"), ("\"x\":+1", "expected a value"),
    ("\"x\":NaN", "expected a value"), ("\"x\":'a'", "expected a value"),
    ("\"x\":\"\\q\"", "an escape of JSON"), ("\"x\":\"\\u12g4\"", "four hexadecimal digits"),
    ("\"x\":\"\\ud800\"", "second half of a pair"), ("\"x\":\"\\udc00\"", "second half of a pair"),
    ("\"x\":\"\\ud800\\u0041\"", "second half of a pair"), ("\"x\":\"\n\"", "no control character"),
    ("\"x\":\"", "expected no control character"),
  ])
  func faultsOfAHeader(_ members: String, _ words: String) throws {
    // The last case leaves the string open: what follows it is bytes 0.
    let isOpen = members == "\"x\":\""
    let found =
      isOpen
      ? try message(
        SafetensorsWriter.file(header: "{\"a\":{\(members)" + String(repeating: "\0", count: 4)))
      : try message(ofTensor: members)
    #expect(found.contains(words), "\(found)")
  }

  @Test func tensorsMustNotOverlapOrLeaveHoles() throws {
    func tensors(_ first: [Int], _ second: [Int]) throws -> String {
      func entry(_ name: String, _ offsets: [Int]) -> String {
        let count = (offsets[1] - offsets[0]) / 4
        return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(count)],\"data_offsets\":\(offsets)}"
      }
      return try message(
        SafetensorsWriter.file(
          header: "{\(entry("a", first)),\(entry("b", second))}", [UInt8](repeating: 0, count: 12)))
    }
    #expect(
      try tensors([0, 8], [4, 12]).contains("\"b\" begins at byte 4 of the data; expected 8"))
    #expect(
      try tensors([8, 12], [0, 4]).contains("\"a\" begins at byte 8 of the data; expected 4"))
    #expect(try tensors([0, 12], [0, 12]).contains("\"b\" begins at byte 0"))
  }

  @Test func namesOccurOnce() throws {
    let entry = "{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"
    #expect(
      try message(SafetensorsWriter.file(header: "{\"a\":\(entry),\"\\u0061\":\(entry)}"))
        .contains("no second member named \"a\""))
    #expect(
      try message(SafetensorsWriter.file(header: "{\"__metadata__\":{},\"__metadata__\":{}}"))
        .contains("no second member named \"__metadata__\""))
    #expect(
      try message(SafetensorsWriter.file(header: "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}"))
        .contains("no second member named \"a\""))
    #expect(
      try message(SafetensorsWriter.file(header: "{\"__metadata__\":{\"a\":1}}"))
        .contains("expected a string"))
  }

  @Test func deepNestingDoesNotFillTheStack() throws {
    for bracket in ["[", "{\"a\":"] {
      let deep = String(repeating: bracket, count: 1_000_000)
      #expect(
        try message(SafetensorsWriter.file(header: "{\"a\":{\"x\":\(deep)"))
          .contains("at most 64 levels"))
    }
  }

  @Test func namesAreUTF8() throws {
    let valid = SafetensorsWriter.file(
      header: "{\"~~\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")
    let place = try #require(valid.firstIndex(of: UInt8(ascii: "~")))
    // Cut short, overlong, a surrogate half, beyond U+10FFFF, a lone continuation.
    for bytes: [UInt8] in [
      [0xc3, 0x7e], [0xc0, 0x80], [0xed, 0xa0], [0xf5, 0x80], [0x80, 0x7e],
    ] {
      var file = valid
      file.replaceSubrange(place..<place + 2, with: bytes)
      #expect(try message(file).contains("expected UTF-8 text"))
    }
    var composed = valid
    composed.replaceSubrange(place..<place + 2, with: [0xc3, 0xa9])
    #expect(try WeightFiles.open(composed).names == ["é"])
  }

  @Test func manyNamesAreRefused() throws {
    let entry = ":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"
    let members = (0...100_000).map { "\"\($0)\"\(entry)" }.joined(separator: ",")
    #expect(
      try message(SafetensorsWriter.file(header: "{\(members)}"))
        .contains("at most 100000 tensors"))
  }

  @Test func nothingMayFollowTheHeader() throws {
    #expect(try message(SafetensorsWriter.file(header: "{}{}")).contains("expected nothing more"))
    #expect(try WeightFiles.open(SafetensorsWriter.file(header: "{}  \n")).names.isEmpty)
    #expect(try message(SafetensorsWriter.file(header: " {}")).contains("is no weight file"))
  }
}
