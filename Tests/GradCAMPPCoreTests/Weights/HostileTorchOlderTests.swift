import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files in PyTorch's older format that no PyTorch writes.
@Suite struct HostileTorchOlderTests {
  private static let six = ZipWriter.little(Int64(6)) + PickleWriter.floats([1, 2, 3, 4, 5, 6])

  /// A pickle of one tensor over a storage of six numbers, `view` the sixth item of its identifier.
  private static func content(
    _ view: ((inout PickleWriter) -> Void)? = { $0.put("N") }, shape: [Int] = [6]
  ) -> [UInt8] {
    TorchWriter.pickle { $0.tensor("w", shape: shape, strides: [1], count: 6, view: view) }
  }

  private func message(
    version: Int = 1001, isLittle: Bool = true, content: [UInt8] = content(),
    keys: [String] = ["0"], storages: [UInt8] = six
  ) throws -> String {
    let error = try WeightFiles.refusal(
      TorchWriter.older(
        version: version, isLittle: isLittle, content: content, keys: keys, storages: storages))
    #expect(error.kind == .badData)
    return error.message
  }

  private func view(_ first: Int, _ count: Int) -> (inout PickleWriter) -> Void {
    { writer in
      writer.put("(")
      writer.string("9")
      writer.wideInteger(first)
      writer.wideInteger(count)
      writer.put("t")
    }
  }

  @Test func theWriterWritesWhatIsRead() throws {
    func store(_ content: [UInt8]) throws -> WeightStore {
      try WeightFiles.open(TorchWriter.older(content: content, keys: ["0"], storages: Self.six))
    }
    #expect(try store(Self.content())["w"]?.floats() == [1, 2, 3, 4, 5, 6])
    #expect(try store(Self.content())["w"]?.isMapped == true)
    #expect(try store(Self.content(view(2, 3), shape: [3]))["w"]?.floats() == [3, 4, 5])
  }

  @Test func partsLieInTheirStorage() throws {
    for (first, count) in [(7, 0), (-1, 2), (1, 6), (0, -1), (.max, .max), (.min, 1)] {
      #expect(
        try message(content: Self.content(view(first, count))).contains(
          "refers to something that is no storage"))
    }
    #expect(
      try message(content: Self.content(view(2, 3), shape: [4])).contains(
        "reaches outside its storage of 3 elements"))
    #expect(
      try message(content: Self.content { $0.put("]") }).contains("is no storage"))
  }

  @Test func headsAreChecked() throws {
    #expect(try message(version: 1000).contains("says the integer 1000 for the format's version"))
    #expect(try message(isLittle: false).contains("by a machine that is not little-endian"))
    var magic: [UInt8] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    magic[11] = 0x18
    let bytes = TorchWriter.older(
      magic: magic, content: Self.content(), keys: ["0"], storages: Self.six)
    #expect(try WeightFiles.refusal(bytes).message.contains("a bare pickle"))
    let framed =
      [0x80, 4, 0x95, 13] + [UInt8](repeating: 0, count: 7) + magic + Array(".".utf8)
    #expect(
      try WeightFiles.refusal(framed).message.contains("does not begin with PyTorch's magic number")
    )
  }

  @Test func storagesAreWhatThePickleSays() throws {
    #expect(try message(keys: []).contains("a list of 0 stands for the keys of 1 storages"))
    #expect(try message(keys: ["1"]).contains("the text \"1\" is no storage's key"))
    #expect(try message(keys: ["0", "0"]).contains("a list of 2 stands for"))
    #expect(try message(storages: Self.six + [0]).contains("has 1 bytes behind its last storage"))
    #expect(try message(storages: Self.six.dropLast()).contains("takes 24 bytes, 23 are left"))
    for count in [5, -1, .max] as [Int64] {
      #expect(
        try message(storages: ZipWriter.little(count) + Self.six.dropFirst(8)).contains(
          "has \(count) elements; expected 6"))
    }
    let two = TorchWriter.pickle { writer in
      for (name, count) in [("w", 6), ("v", 5)] {
        writer.tensor(name, shape: [5], strides: [1], count: count) { $0.put("N") }
      }
    }
    #expect(try message(content: two).contains("says two sizes of the storage \"0\""))
    let huge = TorchWriter.pickle {
      $0.tensor("w", shape: [1], strides: [1], count: 1 << 62) { $0.put("N") }
    }
    #expect(
      try message(content: huge, storages: ZipWriter.little(Int64(1) << 62)).contains(
        "elements; expected 4611686018427387904"))
  }
}
