import Glibc
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Attribution methods against their slow twins")
struct AttributionTests {
  private func evidence(
    _ shape: [Int], seed: UInt64, activations: ClosedRange<Float> = 0...2, scale: Float = 1
  ) throws -> LayerEvidence {
    var random = RepeatableRandom(seed: seed)
    let count = Shape(shape).count
    let a = (0..<count).map { _ in Float.random(in: activations, using: &random) }
    let g = random.floats(count).map { $0 * scale }
    return try LayerEvidence(
      activations: Tensor(Shape(shape), a), gradients: Tensor(Shape(shape), g))
  }

  /// Step 5 of the original's computation in float64, nothing simplified, divided by E at the end.
  private func unsimplifiedWeights(_ evidence: LayerEvidence, score: Double) -> [Double] {
    let (activations, gradients) = (evidence.activations.elements, evidence.gradients.elements)
    let channels = evidence.channels
    let e = exp(score)
    return (0..<channels).map { channel in
      let cells = stride(from: channel, to: activations.count, by: channels)
      let sum = cells.reduce(0.0) { $0 + Double(activations[$1]) }
      let alphas = cells.map { cell -> Double in
        let g = Double(gradients[cell])
        let numerator = e * g * g
        let denominator = 2 * e * g * g + e * g * g * g * sum
        return numerator / (denominator == 0 ? 1 : denominator)
      }
      let positive = zip(cells, alphas).filter { gradients[$0.0] > 0 }
      let total = positive.reduce(0.0) { $0 + $1.1 }
      let weight = zip(cells, alphas).reduce(0.0) { weight, pair in
        weight + max(e * Double(gradients[pair.0]), 0) * pair.1 / (total == 0 ? 1 : total)
      }
      return weight / e
    }
  }

  @Test(
    "Grad-CAM++ in closed form equals the unsimplified formula",
    arguments: [[14, 14, 12], [1, 1, 5], [7, 3, 9], [6, 4], [2, 3, 4, 5]],
    [-100, -75, 0, 9.7, 95, 130])
  func gradCAMPlusPlus(shape: [Int], score: Double) throws {
    for (seed, scale) in [(UInt64(1), Float(1)), (2, 1e-3), (3, 20)] {
      let evidence = try evidence(shape, seed: seed, scale: scale)
      let weights = GradCAMPlusPlus().channelWeights(evidence)
      #expect(weights.allSatisfy { $0.isFinite })
      expectClose(
        weights, unsimplifiedWeights(evidence, score: score), absolute: 0, relative: 1e-9)
    }
  }

  @Test("Grad-CAM++ of a tensor before its ReLU, where activations are negative too")
  func linearActivations() throws {
    let evidence = try evidence([5, 5, 20], seed: 4, activations: -1...1)
    expectClose(
      GradCAMPlusPlus().channelWeights(evidence), unsimplifiedWeights(evidence, score: 1),
      absolute: 0, relative: 1e-9)
  }

  @Test("Grad-CAM's weights are mean gradients")
  func gradCAM() throws {
    let evidence = try evidence([4, 5, 6], seed: 5)
    let gradients = evidence.gradients.elements
    let expected = (0..<6).map { channel in
      stride(from: channel, to: 120, by: 6).reduce(0.0) { $0 + Double(gradients[$1]) } / 20
    }
    expectClose(GradCAM().channelWeights(evidence), expected, absolute: 1e-12)
  }

  @Test("a map is the positive part of the weighted sum, divided by its maximum")
  func map() throws {
    // Channel 0 has gradient 1 everywhere, channel 1 has -1: Grad-CAM weights 1 and -1.
    let evidence = try LayerEvidence(
      activations: Tensor(Shape([2, 2, 2]), [4, 0, 1, 3, 3, 1, 0, 0]),
      gradients: Tensor(Shape([2, 2, 2]), [1, -1, 1, -1, 1, -1, 1, -1]))
    let map = ClassActivationMap(try GradCAM().map(Evidence([evidence])))
    #expect(map.values == [1, 0, 0.5, 0])
    #expect(map.shape == Shape([2, 2]))
    #expect(map.channelWeights == [1, -1])
  }

  @Test(
    "a map without positive evidence is zero everywhere",
    arguments: AttributionMethods.all.filter { $0.needs.worksOnTensors }.map { $0.name })
  func zero(name: String) throws {
    let shape = Shape([3, 3, 2])
    let ones = try Tensor(shape, [Float](repeating: 1, count: 18))
    let zeros = try Tensor(shape, [Float](repeating: 0, count: 18))
    let negative = try Tensor(shape, [Float](repeating: -1, count: 18))
    for (activations, gradients) in [(ones, zeros), (zeros, ones), (ones, negative)] {
      let evidence = Evidence([
        try LayerEvidence(activations: activations, gradients: gradients)
      ])
      let map = ClassActivationMap(
        try AttributionMethods.named(name, options: [:]).map(evidence))
      #expect(map.values == [Double](repeating: 0, count: 9))
      #expect(try map.enlarged(to: [20, 20]).elements.allSatisfy { $0 == 0 })
    }
  }

  @Test("evidence that makes no map is refused")
  func refused() throws {
    let tensor = try Tensor(Shape([2, 2, 1]), [1, 2, 3, 4])
    let other = try Tensor(Shape([2, 1, 2]), [1, 2, 3, 4])
    let broken = try Tensor(Shape([2, 2, 1]), [1, .nan, 3, 4])
    let flat = try Tensor(Shape([4]), [1, 2, 3, 4])
    for (activations, gradients, word) in [
      (tensor, other, "2x1x2"), (broken, tensor, "activations"), (tensor, broken, "gradients"),
      (flat, flat, "spatial"),
    ] {
      let error = #expect(throws: GradCAMError.self) {
        _ = try LayerEvidence(activations: activations, gradients: gradients)
      }
      #expect(error?.kind == .invalidArgument)
      #expect(error?.message.contains(word) == true)
    }
  }

  @Test("an unknown method is an error that names the known ones")
  func unknown() {
    let error = #expect(throws: GradCAMError.self) { try AttributionMethods.named("gradcam-") }
    #expect(
      error?.message.hasPrefix("method \"gradcam-\" is unknown; known methods: gradcam++, ") == true
    )
    for method in AttributionMethods.all { #expect(error?.message.contains(method.name) == true) }
  }
}
