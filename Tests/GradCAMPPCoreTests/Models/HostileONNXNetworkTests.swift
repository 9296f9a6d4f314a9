import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Networks that no exporter writes: an error with a sentence, never a trap.
@Suite struct HostileONNXNetworkTests {
  private static let networks = WeightFiles.samples.deletingLastPathComponent()
    .appendingPathComponent("onnx/networks")

  /// A file with one to four bytes changed where it says what is computed, not in its weights.
  @Test(arguments: ["old.onnx", "nhwc.onnx", "constants.onnx", "torchscript.onnx"])
  func changedBytesDoNoHarm(_ name: String) throws {
    let original = try WeightFiles.bytes(Self.networks, name)
    let places = try Self.placesOutsideTensors(original)
    #expect(places.count > 500)
    var random = RepeatableRandom(seed: 11)
    var refusals = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = try #require(places.randomElement(using: &random))
        bytes[place] =
          Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0...4, using: &random)
      }
      try WeightFiles.temporary(bytes) { path throws in
        do throws(GradCAMError) {
          let model = try Model(path: path)
          #expect(model.loaded.network.inputShape.rank == 4)
        } catch {
          refusals += 1
          #expect(!error.message.contains { $0.isNewline })
        }
      }
    }
    #expect(refusals > 300)
  }

  /// Places of all bytes but those of the tensors' numbers.
  private static func placesOutsideTensors(_ bytes: [UInt8]) throws -> [Int] {
    try WeightFiles.temporary(bytes) { path in
      let document = try ONNXDocument(path: path)
      var places = Set(bytes.indices)
      let constants = try document.graph.nodes.compactMap { try $0.constant(path) }
      for tensor in document.graph.initializers + constants {
        if case .mapped(_, let range) = tensor.storage { places.subtract(range) }
      }
      return places.sorted()
    }
  }
}
