import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// The sample files of every NumPy and pickle generation; see Goldens/npy_samples/README.md.
@Suite struct NPYSampleTests {
  static let names = WeightFiles.names(in: WeightFiles.samples)

  private static func expected(_ name: String) throws -> (shape: [Int], values: [Float]) {
    try WeightFiles.plainFloats(
      WeightFiles.samples.appendingPathComponent("expected/\(name).npy"))
  }

  private func store(_ name: String) throws -> WeightStore {
    try WeightFormats.open(path: WeightFiles.samples.appendingPathComponent(name).path)
  }

  @Test func everyVariantIsThere() {
    #expect(Self.names.count == 60)
  }

  @Test(arguments: names.filter { !$0.contains("noncontig") && !$0.contains("bigframe") })
  func valuesAreThoseThatNumPyReads(_ name: String) throws {
    let store = try store(name)
    var layers = ["conv1_1": "conv1_1", "fc6": "fc6"]
    if name.contains("shared") { layers["again"] = "conv1_1" }
    #expect(Set(store.names) == Set(layers.keys.flatMap { ["\($0)/weights", "\($0)/biases"] }))
    #expect(store.names.count == 2 * layers.count)
    for (layer, original) in layers {
      for (kind, key) in [("weights", "W"), ("biases", "b")] {
        var (shape, values) = try Self.expected("\(original)_\(key)")
        if name.contains("float16") { values = values.map { Float(Float16($0)) } }
        let array = try #require(store["\(layer)/\(kind)"])
        #expect(array.shape.extents == shape)
        #expect(try array.floats() == values)
      }
    }
  }

  @Test(arguments: names.filter { $0.contains("noncontig") })
  func stridedArraysHoldTheStridedValues(_ name: String) throws {
    let store = try store(name)
    let (_, filters) = try Self.expected("conv1_1_W")
    let (_, filterBiases) = try Self.expected("conv1_1_b")
    let (_, dense) = try Self.expected("fc6_W")
    let (_, denseBiases) = try Self.expected("fc6_b")
    let conv = try #require(store["conv1_1/weights"])
    #expect(conv.shape == Shape([3, 3, 3, 2]))
    let everySecond: [Float] = stride(from: 0, to: filters.count, by: 2).map { filters[$0] }
    #expect(try conv.floats() == everySecond)
    #expect(try #require(store["conv1_1/biases"]).floats() == [filterBiases[0], filterBiases[2]])
    let fc6 = try #require(store["fc6/weights"])
    #expect(fc6.shape == Shape([5, 8]))
    let transposed: [Float] = (0..<5).flatMap { column in
      (0..<8).map { row in dense[row * 5 + column] }
    }
    #expect(try fc6.floats() == transposed)
    #expect(try #require(store["fc6/biases"]).floats() == denseBiases.reversed())
  }

  @Test func bytesOutsideFramesAreFound() throws {
    let store = try store("py311_np24_bigframe.npy")
    let fc6 = try #require(store["fc6/weights"])
    #expect(fc6.shape == Shape([130, 130]))
    #expect(try fc6.floats() == (0..<16_900).map(Float.init))
    #expect(try #require(store["fc6/biases"]).floats() == [Float](repeating: 0, count: 130))
    let ones = [Float](repeating: 1, count: 108)
    #expect(try #require(store["conv1_1/weights"]).floats() == ones)
    #expect(store.names == ["fc6/weights", "fc6/biases", "conv1_1/weights", "conv1_1/biases"])
  }

  @Test(arguments: names)
  func nativeNumbersStayInTheFile(_ name: String) throws {
    let store = try store(name)
    let converts = ["bigendian", "float16", "float64", "py36_np113"].contains { name.contains($0) }
    let transposes = name.contains("fortran") || name.contains("noncontig")
    let biases = try #require(store["conv1_1/biases"])
    let weights = try #require(store["fc6/weights"])
    #expect(biases.isMapped == !converts)
    #expect(weights.isMapped == !(converts || transposes))
  }

  @Test func namesKeepTheOrderOfTheFile() throws {
    #expect(
      try store("py311_np126_shared.npy").names == [
        "conv1_1/weights", "conv1_1/biases", "fc6/weights", "fc6/biases", "again/weights",
        "again/biases",
      ])
  }
}
