import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("VGG networks inferred from their arrays")
struct VGGTests {
  /// Arrays of the right shapes whose weights nobody reads: memory is reserved, not touched.
  private func untouchedStore(
    depths: [Int], widths: [Int], dense: [Int], side: Int, firstDense: Int = 6
  ) throws -> WeightStore {
    var entries: [(name: String, array: WeightArray)] = []
    func add(_ layer: String, _ shape: [Int]) throws {
      let slot = TensorSlot(offset: 0, shape: Shape(shape))
      let weights = Tensor(try MemoryBlock<Float>(count: slot.shape.count), slot)
      let biases = [Float](repeating: 0, count: shape[shape.count - 1])
      entries.append(("\(layer)/weights", WeightArray(weights)))
      entries.append(("\(layer)/biases", WeightArray(try Tensor(Shape([biases.count]), biases))))
    }
    var channels = 3
    for (block, depth) in depths.enumerated() {
      for index in 1...depth {
        try add("conv\(block + 1)_\(index)", [3, 3, channels, widths[block]])
        channels = widths[block]
      }
    }
    let cells = side >> depths.count
    var units = cells * cells * channels
    for (index, width) in dense.enumerated() {
      try add("fc\(firstDense + index)", [units, width])
      units = width
    }
    return try WeightStore(origin: "vgg.npy", entries)
  }

  @Test("VGG16, VGG19 and others")
  func architectures() throws {
    let widths = [64, 128, 256, 512, 512]
    let sixteen = try ModelBuilders.build(
      untouchedStore(
        depths: [2, 2, 3, 3, 3], widths: widths, dense: [4096, 4096, 1000], side: 224))
    #expect(sixteen.architecture == "VGG16")
    #expect(sixteen.network.inputShape == Shape([1, 224, 224, 3]))
    #expect(sixteen.network.outputDescription.classCount == 1000)
    #expect(sixteen.defaultLayer == "conv5_3")
    #expect(
      sixteen.layers.map(\.name) == [
        "conv1_1", "conv1_2", "pool1", "conv2_1", "conv2_2", "pool2", "conv3_1", "conv3_2",
        "conv3_3", "pool3", "conv4_1", "conv4_2", "conv4_3", "pool4", "conv5_1", "conv5_2",
        "conv5_3", "pool5", "fc6", "fc7", "fc8",
      ])
    #expect(sixteen.layers[16].shape == Shape([14, 14, 512]))
    let nineteen = try ModelBuilders.build(
      untouchedStore(
        depths: [2, 2, 4, 4, 4], widths: widths, dense: [4096, 4096, 20], side: 96))
    #expect(nineteen.architecture == "VGG19")
    #expect(nineteen.network.inputShape == Shape([1, 96, 96, 3]))
    #expect(nineteen.network.outputDescription.classCount == 20)
    #expect(nineteen.defaultLayer == "conv5_4")
    let slim = try ModelBuilders.build(
      untouchedStore(
        depths: [1, 3], widths: [4, 7], dense: [5], side: 20, firstDense: 3))
    #expect(slim.architecture == "VGG-like, 5 layers")
    #expect(slim.defaultLayer == "conv2_3")
    #expect(slim.layers.map(\.kind).last == "dense")
  }

  @Test("each fault is one error that names the layer")
  func faults() throws {
    let cases: [(SmallVGG, missing: String, words: [String])] = [
      (SmallVGG(), "conv1_1", ["layer conv1_1 is missing"]),
      (SmallVGG(), "conv2_1", ["conv2_1", "fc2", "fc3"]),
      (SmallVGG(), "fc3", ["conv3_1", "fc3 is missing", "fc4"]),
      (SmallVGG(blocks: [[4], [4], [4]]), "conv2_1", ["layer conv2_1 is missing"]),
      (
        SmallVGG(replacements: ["conv1_2/weights": ([3, 3, 4, 6], .init(repeating: 0, count: 216))]
        ),
        "", ["conv1_2", "3x3x4x6", "3x3x5"]
      ),
      (
        SmallVGG(replacements: ["conv2_1/weights": ([1, 1, 6, 9], .init(repeating: 0, count: 54))]),
        "", ["conv2_1", "1x1x6x9", "3x3x6"]
      ),
      (
        SmallVGG(replacements: ["fc3/weights": ([80, 11], .init(repeating: 0, count: 880))]),
        "", ["fc3", "80"]
      ),
      (
        SmallVGG(replacements: ["fc4/weights": ([10, 7], .init(repeating: 0, count: 70))]),
        "", ["fc4", "10x7", "11x"]
      ),
      (
        SmallVGG(replacements: ["conv1_1/biases": ([4], [0, 0, 0, 0])]), "",
        ["conv1_1", "biases", "4", "5"]
      ),
      (
        SmallVGG(replacements: ["fc4/biases": ([7], [0, 0, 0, .nan, 0, 0, 0])]), "",
        ["fc4", "NaN"]
      ),
    ]
    for (network, missing, words) in cases {
      let error = #expect(throws: GradCAMError.self) {
        _ = try ModelBuilders.build(network.store(without: missing))
      }
      #expect(error?.kind == .badData)
      for word in words {
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "") lacks \(word)")
      }
    }
  }

  @Test("a network that ends before fc8 is refused, a shorter one with the original's names is not")
  func denseLayers() throws {
    let widths = [4, 4, 4, 4, 4]
    let depths = [1, 1, 1, 1, 1]
    let error = #expect(throws: GradCAMError.self) {
      _ = try ModelBuilders.build(
        untouchedStore(depths: depths, widths: widths, dense: [6, 7], side: 32))
    }
    #expect(error?.message.hasPrefix("vgg.npy: layer fc8 is missing; found conv1_1, ") == true)
    let cut = #expect(throws: GradCAMError.self) {
      _ = try ModelBuilders.build(
        untouchedStore(depths: [1, 1, 1, 1], widths: widths, dense: [6, 7, 5], side: 32))
    }
    #expect(cut?.message.contains("conv5_1") == true)
    let short = try ModelBuilders.build(
      untouchedStore(depths: [1, 1], widths: widths, dense: [6, 7, 5], side: 32))
    #expect(short.network.outputDescription.classCount == 5)
  }

  @Test("an input that would not fit in memory is refused")
  func hugeInput() throws {
    let error = #expect(throws: GradCAMError.self) {
      _ = try ModelBuilders.build(
        untouchedStore(
          depths: Array(repeating: 1, count: 14), widths: Array(repeating: 1, count: 14),
          dense: [8], side: 1 << 14, firstDense: 15))
    }
    #expect(error?.message.contains("2048 x 2048") == true)
  }

  @Test("layers of another network are refused by name")
  func strangers() throws {
    let extra = WeightArray(try Tensor(Shape([1]), [0]))
    let store = try WeightStore(origin: "x.npy", [("block1_conv1/weights", extra)])
    let error = #expect(throws: GradCAMError.self) { _ = try ModelBuilders.build(store) }
    #expect(error?.message.contains("block1_conv1") == true)
  }
}
