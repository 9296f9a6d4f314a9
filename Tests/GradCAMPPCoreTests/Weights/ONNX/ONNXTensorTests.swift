import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Elements of tensors in every way that files write them.
@Suite struct ONNXTensorTests {
  private func model(_ tensor: [UInt8]) -> [UInt8] {
    ONNXWriter.model(
      graph: ONNXWriter.graph(
        [ONNXWriter.node("Add", ["x", "w"], ["y"])], initializers: [tensor]))
  }

  private func read(_ tensor: [UInt8]) throws -> ONNXTensor {
    try ONNXFolder.read(model(tensor)).graph.initializers[0]
  }

  /// The sentence about the tensor "w".
  private func refusal(_ tensor: [UInt8]) throws -> String {
    try ONNXFolder.refusal(model(tensor))
  }

  @Test func rawDataStaysInTheFile() throws {
    let bytes = model(ONNXWriter.tensor("w", [2, 2], [1.5, -2, 3, 4]))
    try WeightFiles.temporary(bytes) { path throws in
      let file = try MappedFile(path: path)
      let tensor = try ONNXDocument(file).graph.initializers[0]
      let array = try #require(try tensor.weightArray())
      #expect(array.isMapped)
      #expect(try array.floats() == [1.5, -2, 3, 4])
      let mapping = file.read { UInt(bitPattern: $0.withUnsafeBytes { $0.baseAddress }) }
      let place = array.read { UInt(bitPattern: $0.withUnsafeBytes { $0.baseAddress }) }
      #expect((mapping..<mapping + UInt(file.count) - 15).contains(place))
      let same = tensor.read { UInt(bitPattern: $0.withUnsafeBytes { $0.baseAddress }) }
      #expect(same == place)
    }
  }

  /// 1.5 and -2 in each format.
  private static let halves: [(type: Int64, bytes: [UInt8])] = [
    (1, ProtobufWriter.bytes([1.5, -2] as [Float])),
    (11, ProtobufWriter.bytes([1.5, -2] as [Double])),
    (10, ProtobufWriter.bytes([0x3e00, 0xc000] as [UInt16])),
    (16, ProtobufWriter.bytes([0x3fc0, 0xc000] as [UInt16])),
  ]

  @Test(arguments: halves)
  func fractionsOfEveryFormat(_ type: Int64, _ bytes: [UInt8]) throws {
    let tensor = try read(ONNXWriter.tensor("w", type: type, [2]) { $0.bytes(9, bytes) })
    #expect(tensor.isMapped)
    #expect(try tensor.weightArray()?.floats() == [1.5, -2])
    #expect(tensor.integers() == nil)
  }

  @Test func wholeNumbersOfEveryFormat() throws {
    for (type, bytes, expected) in [
      (2, [0, 200], [0, 200]), (3, [0, 200], [0, -56]), (9, [0, 1], [0, 1]),
      (4, ProtobufWriter.bytes([1, 65535] as [UInt16]), [1, 65535]),
      (5, ProtobufWriter.bytes([1, -2] as [Int16]), [1, -2]),
      (6, ProtobufWriter.bytes([1, -2] as [Int32]), [1, -2]),
      (12, ProtobufWriter.bytes([1, .max] as [UInt32]), [1, 4_294_967_295]),
      (7, ProtobufWriter.bytes([.min, .max] as [Int64]), [.min, .max]),
      (13, ProtobufWriter.bytes([1, 1 << 62] as [UInt64]), [1, 1 << 62]),
    ] as [(Int64, [UInt8], [Int64])] {
      let tensor = try read(ONNXWriter.tensor("w", type: type, [2]) { $0.bytes(9, bytes) })
      #expect(tensor.integers() == expected, "type \(type)")
      #expect(try tensor.weightArray() == nil)
    }
    let large = ONNXWriter.tensor("w", type: 13, [1]) {
      $0.bytes(9, ProtobufWriter.bytes([UInt64.max]))
    }
    #expect(try read(large).integers() == nil)
  }

  @Test func listedNumbers() throws {
    let floats = try read(
      ONNXWriter.tensor("w", [2]) { $0.bytes(4, ProtobufWriter.bytes([1.5, -2] as [Float])) })
    #expect(floats.isMapped)
    #expect(try floats.weightArray()?.floats() == [1.5, -2])
    let single = try read(
      ONNXWriter.tensor("w", [2]) {
        $0.float(4, 1.5)
        $0.float(4, -2)
      })
    #expect(!single.isMapped)
    #expect(try single.weightArray()?.floats() == [1.5, -2])
    let doubles = try read(
      ONNXWriter.tensor("w", type: 11, [2]) {
        $0.bytes(10, ProtobufWriter.bytes([1.5, -2] as [Double]))
      })
    #expect(try doubles.weightArray()?.floats() == [1.5, -2])
    let halves = try read(ONNXWriter.tensor("w", type: 10, [2]) { $0.packed(5, [0x3e00, 0xc000]) })
    #expect(try halves.weightArray()?.floats() == [1.5, -2])
    for (type, field, numbers) in [
      (2, 5, [0, 255]), (3, 5, [-128, 127]), (4, 5, [0, 65535]), (5, 5, [-32768, 32767]),
      (6, 5, [-2_147_483_648, 2_147_483_647]), (9, 5, [0, 1]), (7, 7, [.min, .max]),
      (12, 11, [0, 4_294_967_295]), (13, 11, [0, .max]),
    ] as [(Int64, Int, [Int64])] {
      let tensor = try read(
        ONNXWriter.tensor("w", type: type, [2]) { $0.packed(field, numbers) })
      #expect(tensor.integers() == numbers, "type \(type)")
    }
  }

  @Test func listedNumbersThatDoNotFit() throws {
    for (type, field, number) in [
      (2, 5, 256), (3, 5, 128), (3, 5, -129), (4, 5, -1), (5, 5, 32768), (6, 5, 2_147_483_648),
      (9, 5, 2), (10, 5, 65536), (12, 11, -1),
    ] as [(Int64, Int, Int64)] {
      let sentence = try refusal(
        ONNXWriter.tensor("w", type: type, [1]) { $0.packed(field, [number]) })
      #expect(sentence.contains("holds the number \(number), which does not fit"), "type \(type)")
    }
  }

  @Test func tensorsOfNothing() throws {
    let empty = try read(ONNXWriter.tensor("w", [0, 3]) { _ in })
    #expect(try empty.weightArray()?.floats() == [])
    #expect(empty.shape == Shape([0, 3]))
    let scalar = try read(ONNXWriter.tensor("w", [], [4]))
    #expect(try scalar.weightArray()?.floats() == [4])
  }

  @Test func elementsAreThereOnce() throws {
    let four = ProtobufWriter.bytes([1] as [Float])
    func message(_ fields: ONNXWriter.Fields) throws -> String {
      try refusal(ONNXWriter.tensor("w", [1], fields))
    }
    let expected = "of float32 and shape [1] has"
    #expect(try message { _ in }.contains("\(expected) none; expected 1 elements once, 4 bytes"))
    #expect(
      try message { $0.bytes(9, four + four) }.contains("\(expected) 8 bytes of raw_data; expected")
    )
    #expect(try message { $0.bytes(4, four + four) }.contains("\(expected) 2 in field 4; expected"))
    #expect(try message { $0.packed(7, [1]) }.contains("\(expected) 1 in field 7; expected"))
    #expect(
      try message {
        $0.bytes(9, four)
        $0.float(4, 1)
      }.contains("\(expected) 1 in field 4 and 4 bytes of raw_data; expected"))
    #expect(
      try refusal(ONNXWriter.tensor("w", [0]) { $0.bytes(9, four) })
        .contains("shape [0] has 4 bytes of raw_data; expected 0 elements"))
  }

  @Test func impossibleShapes() throws {
    for extents: [Int64] in [
      [1 << 40, 1 << 40], [-1], [2, -3], [1 << 62, 4, 0], [.max], [.min],
    ] {
      let sentence = try refusal(ONNXWriter.tensor("w", extents) { _ in })
      #expect(
        sentence.contains(": tensor \"w\" has shape \(extents); expected extents from 0 up"),
        "\(sentence)")
    }
    #expect(
      try refusal(ONNXWriter.tensor("w", [1 << 40]) { _ in }).contains(
        "of float32 and shape [1099511627776] has none; expected 1099511627776 elements once"))
    #expect(
      try refusal(ONNXWriter.tensor("w", [Int64](repeating: 1, count: 17)) { _ in }).contains(
        "expected at most 16 extents"))
    let manyExtents = [Int64](repeating: 1, count: 1_000_000)
    #expect(
      try refusal(ONNXWriter.tensor("w", manyExtents) { _ in }).contains("at most 16 extents"))
  }

  @Test func typesThatAreNotRead() throws {
    for (type, name) in [
      (8, "string"), (14, "complex64"), (17, "float8e4m3fn"), (22, "int4"), (0, "number 0"),
      (99, "number 99"), (-1, "number -1"),
    ] as [(Int64, String)] {
      let sentence = try refusal(ONNXWriter.tensor("w", type: type, [1]) { $0.bytes(9, [0]) })
      #expect(sentence.contains("tensor \"w\" is of type \(name); expected float16"))
    }
    #expect(
      try refusal(ONNXWriter.tensor("w", [1]) { $0.message(3) { $0.integer(1, 0) } }).contains(
        "expected a whole tensor, not a segment of one"))
  }
}
