import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct WeightArrayTests {
  @Test func mappedNumbersNeedNoAlignment() throws {
    let bytes = [UInt8](repeating: 0, count: 3) + PickleWriter.floats([1.5, -2, 3.25, 4])
    try WeightFiles.temporary(bytes) { path throws in
      let array = WeightArray(try MappedFile(path: path), offset: 3, shape: Shape([2, 2]))
      #expect(try array.floats() == [1.5, -2, 3.25, 4])
      #expect(array.read { $0.byteCount } == 16)
      #expect(array.isMapped)
    }
  }

  @Test func tensorsAreLent() throws {
    let array = WeightArray(try Tensor(Shape([3]), [1, 2, 3]))
    #expect(try array.floats() == [1, 2, 3])
    #expect(!array.isMapped)
  }

  @Test func borrowedSinglesAreNotCopied() throws {
    var values: [Float] = [1, 2, 3, 4, 5, 6]
    try values.withUnsafeMutableBytes { buffer in
      let base = try #require(UnsafeRawPointer(buffer.baseAddress))
      let memory = BorrowedMemory(base: base, count: 24)
      let array = try WeightArray(memory, shape: Shape([2, 3]))
      #expect(try array.floats() == [1, 2, 3, 4, 5, 6])
      buffer.storeBytes(of: 9, toByteOffset: 4, as: Float.self)
      #expect(try array.floats() == [1, 9, 3, 4, 5, 6])
    }
  }

  @Test func borrowedHalvesAreConverted() throws {
    let values: [UInt16] = [0x3c00, 0xc000]
    try values.withUnsafeBytes { buffer in
      let memory = BorrowedMemory(base: try #require(buffer.baseAddress), count: 4)
      let array = try WeightArray(memory, FloatFormat(.half), shape: Shape([2]))
      #expect(try array.floats() == [1, -2])
    }
  }

  @Test func aNameOccursOnce() throws {
    let array = WeightArray(try Tensor(Shape([1]), [1]))
    let store = try WeightStore(origin: "the mapping", [("b", array), ("a", array)])
    #expect(store.names == ["b", "a"])
    #expect(try store["a"]?.floats() == [1])
    #expect(store["c"] == nil)
    #expect(throws: GradCAMError(.badData, "the mapping holds two arrays named \"a\"")) {
      try WeightStore(origin: "the mapping", [("a", array), ("b", array), ("a", array)])
    }
  }
}
