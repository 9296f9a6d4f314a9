import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct ProtobufMessageTests {
  private static let kind = ProtobufKind("a thing", singular: [1, 2])

  private func reading<Result>(
    _ bytes: [UInt8], _ budget: ProtobufBudget = ProtobufBudget(),
    _ body: (inout ProtobufMessage) throws -> Result
  ) throws -> Result {
    try WeightFiles.temporary(bytes) { path in
      var message = ProtobufMessage(try MappedFile(path: path), Self.kind, budget)
      return try body(&message)
    }
  }

  private func fields(_ message: inout ProtobufMessage) throws -> [ProtobufField] {
    var fields: [ProtobufField] = []
    while let field = try message.next() { fields.append(field) }
    return fields
  }

  /// The sentence that reading all fields ends in.
  private func refusal(_ bytes: [UInt8]) throws -> String {
    try reading(bytes) { message throws in
      let error = try #require(throws: GradCAMError.self) { try fields(&message) }
      #expect(error.kind == .badData)
      return error.message
    }
  }

  @Test func everyWireTypeIsRead() throws {
    let bytes = ProtobufWriter {
      $0.integer(1, -1)
      $0.float(3, 1.5)
      $0.tag(4, wire: 1)
      $0.raw([1, 2, 3, 4, 5, 6, 7, 8])
      $0.text(5, "naïve")
      $0.integer(536_870_911, 300)
    }.bytes
    try reading(bytes) { message throws in
      let fields = try fields(&message)
      #expect(fields.map(\.number) == [1, 3, 4, 5, 536_870_911])
      #expect(try fields[0].integer() == -1)
      #expect(try fields[1].float() == 1.5)
      #expect(try fields[2].fixedWidthBytes(8).count == 8)
      #expect(try fields[3].text() == "naïve")
      #expect(try fields[4].integer() == 300)
      for (index, field) in fields.enumerated() {
        #expect((index == 0 || index == 4) == ((try? field.integer()) != nil))
        #expect((index == 1) == ((try? field.float()) != nil))
        #expect((index == 3) == ((try? field.text()) != nil))
        #expect((index == 3) == ((try? field.message(Self.kind)) != nil))
      }
    }
  }

  @Test func repeatedNumbersArePackedOrNot() throws {
    let bytes = ProtobufWriter {
      $0.integer(3, 1)
      $0.packed(3, [2, -3, 1 << 40])
      $0.packed(3, [7])
      $0.float(4, 1)
      $0.bytes(4, ProtobufWriter.bytes([2, 3] as [Float]))
    }.bytes
    try reading(bytes) { message throws in
      var integers: [Int64] = []
      var floats: [Float] = []
      var count = 0
      for field in try fields(&message) {
        if field.number == 3 {
          try field.append(to: &integers)
          count += try field.integerCount()
          #expect(throws: GradCAMError.self) { try field.fixedWidthBytes(4) }
        } else {
          try field.append(to: &floats)
        }
      }
      #expect(integers == [1, 2, -3, 1 << 40, 7])
      #expect(count == 5)
      #expect(floats == [1, 2, 3])
    }
  }

  @Test func packedNumbersThatEndWithinANumber() throws {
    try reading(ProtobufWriter { $0.bytes(3, [1, 0x80]) }.bytes) { message throws in
      var integers: [Int64] = []
      let field = try #require(try message.next())
      #expect(throws: GradCAMError.self) { try field.append(to: &integers) }
      #expect(throws: GradCAMError.self) { try field.append(to: &integers) }
    }
    try reading(ProtobufWriter { $0.bytes(3, [1, 2, 3]) }.bytes) { message throws in
      var floats: [Float] = []
      let field = try #require(try message.next())
      #expect(throws: GradCAMError.self) { try field.append(to: &floats) }
    }
  }

  @Test func numbersOfMoreThan64Bits() throws {
    let largest = [UInt8](repeating: 0xff, count: 9) + [1]
    try reading([8] + largest) { message throws in
      #expect(try message.next()?.integer() == -1)
    }
    let overlong = [UInt8](repeating: 0x80, count: 10) + [0]
    for number in [[UInt8](repeating: 0xff, count: 9) + [2], overlong] {
      #expect(try refusal([8] + number).contains("at byte 1 of more than 64 bits"))
    }
    #expect(try refusal([8, 0x80]).contains("is cut short"))
    #expect(try refusal([0x80]).contains("is cut short"))
  }

  @Test func tagsOfNoField() throws {
    #expect(try refusal([0, 1]).contains("a field tagged 0; expected a field number from 1"))
    #expect(try refusal([7, 1]).contains("a field tagged 7"))
    #expect(try refusal([0x80, 0x80, 0x80, 0x80, 0x10, 0]).contains("tagged 4294967296"))
    for wire in [3, 4, 6, 7] {
      let sentence = try refusal([UInt8(5 << 3 | wire), 0])
      #expect(
        sentence.hasSuffix(
          "has in a thing, at byte 0, a field 5 of wire type \(wire), of which no field of such a "
            + "file is"))
    }
  }

  @Test func lengthsPastTheEnd() throws {
    #expect(
      try refusal([0x2a, 4, 1, 2, 3]).hasSuffix(
        "has in a thing, at byte 0, a field 5 of 4 bytes; 3 are left for it"))
    let length = ProtobufWriter {
      $0.tag(5, wire: 2)
      $0.varint(.max)
    }.bytes
    #expect(try refusal(length).contains("a field 5 of 18446744073709551615 bytes; 0 are left"))
    #expect(try refusal([0x2d, 1, 2, 3]).contains("is cut short"))
    #expect(try refusal([0x29, 1, 2, 3, 4, 5, 6, 7]).contains("is cut short"))
  }

  @Test func aMessageEndsWhereItsLengthSays() throws {
    // The inner field claims bytes of the outer message.
    let bytes = ProtobufWriter {
      $0.bytes(3, [0x2a, 3, 1])
      $0.integer(4, 0)
    }.bytes
    try reading(bytes) { message throws in
      var inner = try #require(try message.next()).message(Self.kind)
      #expect(throws: GradCAMError.self) { try inner.next() }
    }
  }

  @Test func singularFieldsOccurOnce() throws {
    let twice = { (number: Int) in
      ProtobufWriter {
        $0.integer(number, 1)
        $0.integer(number, 2)
      }.bytes
    }
    #expect(try refusal(twice(2)).hasSuffix("at byte 2, a second field 2; expected one"))
    #expect(try reading(twice(3)) { try fields(&$0).count } == 2)
    #expect(try reading(twice(100)) { try fields(&$0).count } == 2)
  }

  @Test func nestingIsBounded() throws {
    var bytes: [UInt8] = []
    for _ in 0..<ProtobufMessage.deepest { bytes = ProtobufWriter { $0.bytes(3, bytes) }.bytes }
    try reading(bytes) { message throws in
      var inner = message
      for _ in 1..<ProtobufMessage.deepest {
        inner = try #require(try inner.next()).message(Self.kind)
      }
      let field = try #require(try inner.next())
      let error = try #require(throws: GradCAMError.self) { try field.message(Self.kind) }
      #expect(error.message.contains("more than \(ProtobufMessage.deepest) deep"))
    }
  }

  @Test func whatIsKeptIsPaidFor() throws {
    let bytes = ProtobufWriter {
      for _ in 0..<3 { $0.text(3, "x") }
      for _ in 0..<3 { $0.packed(4, [1, 2]) }
    }.bytes
    try reading(bytes, ProtobufBudget(parts: 2, numbers: 5)) { message throws in
      let fields = try fields(&message)
      #expect(try fields[0].text() == "x")
      #expect(try fields[1].message(Self.kind).place == 5)
      #expect(throws: GradCAMError.self) { try fields[2].text() }
      var numbers: [Int64] = []
      try fields[3].append(to: &numbers)
      try fields[4].append(to: &numbers)
      #expect(throws: GradCAMError.self) { try fields[5].append(to: &numbers) }
      #expect(numbers == [1, 2, 1, 2])
    }
  }

  @Test func textIsUTF8AndNamesArePrintable() throws {
    let bytes = ProtobufWriter {
      $0.bytes(3, [0xff])
      $0.text(3, "a\nb")
      $0.text(3, String(repeating: "é", count: 2048))
      $0.text(3, String(repeating: "x", count: 4097))
    }.bytes
    try reading(bytes) { message throws in
      let fields = try fields(&message)
      #expect(throws: GradCAMError.self) { try fields[0].text() }
      #expect(try fields[1].text() == "a\nb")
      #expect(throws: GradCAMError.self) { try fields[1].name() }
      #expect(try fields[2].name().count == 2048)
      #expect(throws: GradCAMError.self) { try fields[3].name() }
    }
  }
}
