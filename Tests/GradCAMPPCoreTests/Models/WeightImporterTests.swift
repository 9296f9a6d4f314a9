import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Weights under other programs' names")
struct WeightImporterTests {
  private typealias Arrays = [(name: String, shape: [Int], values: [Float])]

  private func store(_ arrays: Arrays) throws -> WeightStore {
    try WeightStore(
      origin: "vgg.x",
      arrays.map { ($0.name, WeightArray(try Tensor(Shape($0.shape), $0.values))) })
  }

  private func ramp(
    _ name: String, _ shape: [Int], from first: Float = 0
  ) -> (
    name: String, shape: [Int], values: [Float]
  ) {
    (name, shape, (0..<Shape(shape).count).map { first + Float($0) })
  }

  /// Two blocks of one convolution; 2 x 2 cells of 2 channels; one dense layer.
  private func torch() -> Arrays {
    [
      ramp("features.0.weight", [17, 3, 3, 3]), ramp("features.0.bias", [17]),
      ramp("features.3.weight", [2, 17, 3, 3]), ramp("features.3.bias", [2]),
      ramp("classifier.0.weight", [3, 8]), ramp("classifier.0.bias", [3], from: 0.5),
    ]
  }

  /// 17 outputs are one more than a task of the rearrangement takes.
  @Test("torchvision's axes come in this library's order")
  func axes() throws {
    let imported = try ModelBuilders.build(store(torch())).weights
    #expect(
      imported.names == [
        "conv1_1/weights", "conv1_1/biases", "conv2_1/weights", "conv2_1/biases", "fc3/weights",
        "fc3/biases",
      ])
    #expect(imported.normalization == .torchvision)
    #expect(!imported.borrows)
    let filter = try #require(imported["conv1_1/weights"])
    #expect(filter.shape == Shape([3, 3, 3, 17]))
    let numbers = try filter.floats()
    for (output, input, row, column) in [(0, 0, 0, 0), (16, 2, 2, 2), (16, 1, 0, 2), (5, 2, 1, 0)] {
      #expect(
        numbers[((row * 3 + column) * 3 + input) * 17 + output]
          == Float(((output * 3 + input) * 3 + row) * 3 + column))
    }
    // Inputs (channel, row, column) of torch are 0…7; here (row, column, channel).
    let dense = try #require(imported["fc3/weights"])
    #expect(dense.shape == Shape([8, 3]))
    #expect(
      try dense.floats() == [0, 4, 1, 5, 2, 6, 3, 7].flatMap { [$0, $0 + 8, $0 + 16] as [Float] })
    #expect(try imported["fc3/biases"]?.floats() == [0.5, 1.5, 2.5])
    let model = try ModelBuilders.build(store(torch()))
    #expect(model.network.inputShape == Shape([1, 8, 8, 3]))
    #expect(model.preprocessing.normalization == .torchvision)
  }

  @Test("what the caller wants comes before what the file says, and that before the names")
  func normalizations() throws {
    let weights = try store(torch())
    let saying = try WeightStore(
      origin: "x", weights.names.compactMap { name in weights[name].map { (name, $0) } },
      remarks: WeightRemarks(normalization: .unit))
    #expect(try ModelBuilders.build(saying).preprocessing.normalization == .unit)
    var caffe = ModelOptions()
    caffe.normalization = .caffe
    #expect(
      try ModelBuilders.build(saying, caffe).preprocessing.normalization == .caffe)
    #expect(try SmallVGG().model().loaded.preprocessing.normalization == .caffe)
  }

  /// gamma / sqrt(variance + 1e-5) = 2 and -0.5; worked out by hand.
  @Test("a batch normalisation folds into the convolution before it")
  func batchNormalization() throws {
    var arrays: Arrays = [
      ("features.0.weight", [2, 3, 3, 3], .init(repeating: 1, count: 54)),
      ("features.0.bias", [2], [1, 2]),
      ("features.1.weight", [2], [4, -0.25]), ("features.1.bias", [2], [10, 20]),
      ("features.1.running_mean", [2], [3, 6]),
      ("features.1.running_var", [2], [4 - 1e-5, 0.25 - 1e-5]),
      ramp("classifier.weight", [5, 8]), ramp("classifier.bias", [5]),
    ]
    let folded = try ModelBuilders.build(store(arrays)).weights
    let weights = try #require(folded["conv1_1/weights"]).floats()
    expectClose(Array(weights[..<4]), [2, -0.5, 2, -0.5] as [Float], absolute: 1e-6)
    expectClose(
      try #require(folded["conv1_1/biases"]).floats(), [6, 22] as [Float], absolute: 1e-5)
    #expect(folded.names.last == "fc2/biases")
    let cases: [(index: Int, values: [Float], words: String)] = [
      (5, [4, -1], "negative variance"), (2, [.nan, 1], "NaN"),
      (4, [3, 6, 9], "2 weights, 2 biases, 3 means and 2 variances"),
    ]
    for (index, values, words) in cases {
      let kept = arrays[index]
      arrays[index] = (kept.name, [values.count], values)
      let error = #expect(throws: GradCAMError.self) {
        try ModelBuilders.build(store(arrays))
      }
      #expect(error?.message.contains("\"features.1\"") == true)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
      arrays[index] = kept
    }
    arrays.remove(at: 4)
    let error = #expect(throws: GradCAMError.self) { try ModelBuilders.build(store(arrays)) }
    #expect(error?.message == "vgg.x: \"features.1.running_mean\" is missing")
  }

  @Test("each fault of torchvision's names is one error that names the array")
  func torchFaults() throws {
    let cases: [(remove: Int?, add: [(String, [Int])], words: String)] = [
      (0, [("features.0.weight", [17, 4, 3, 3])], "17x4x3x3; expected outputs x3x3x3"),
      (0, [("features.0.weight", [17, 3, 5, 5])], "17x3x5x5; expected outputs x3x3x3"),
      (0, [("features.0.weight", [17, 27])], "17x27; expected outputs x3x3x3"),
      (0, [], "\"features.3.weight\"; expected the next convolution at 0"),
      (1, [], "\"features.0.bias\" is missing"),
      (2, [("features.6.weight", [2, 17, 3, 3])], "\"features.6.weight\"; expected"),
      (4, [("classifier.0.weight", [3, 9])], "9 inputs; expected side x side x 2"),
      (4, [("classifier.0.weight", [3, 2])], "global average pooling"),
      (4, [("classifier.0.weight", [24])], "24; expected outputs x inputs"),
      (4, [("classifier.0.weight", [3, 4, 2, 1])], "3x4x2x1; expected outputs x inputs, or"),
      (4, [("classifier.0.weight", [0, 8])], "0x8; expected outputs x inputs"),
      (4, [], "\"classifier.0.bias\" has no place in a VGG network of torchvision"),
      (nil, [("avgpool.weight", [1])], "\"avgpool.weight\" has no place"),
      (nil, [("classifier.x.weight", [1, 1])], "\"classifier.x.weight\" has no place"),
      (nil, [("features.00.weight", [1])], "\"features.00.weight\" has no place"),
    ]
    for (remove, add, words) in cases {
      var arrays = torch()
      if let remove { arrays.remove(at: remove) }
      arrays += add.map { ramp($0.0, $0.1) }
      let error = #expect(throws: GradCAMError.self) {
        try ModelBuilders.build(store(arrays))
      }
      #expect(error?.kind == .badData)
      #expect(error?.message.hasPrefix("vgg.x: ") == true)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "") lacks \(words)")
    }
  }

  private func keras(_ head: [String] = ["fc1", "fc2", "predictions"]) -> Arrays {
    var arrays = [
      ramp("block1_conv1/kernel:0", [3, 3, 3, 2]), ramp("block1_conv1/bias:0", [2]),
    ]
    for (name, shape) in zip(head, [[8, 4], [4, 4], [4, 3]]) {
      arrays += [ramp("\(name)/kernel:0", shape), ramp("\(name)/bias:0", [shape[1]])]
    }
    return arrays
  }

  @Test("Keras's layers are put in order, their arrays left as they are")
  func kerasOrder() throws {
    for head in [["fc1", "fc2", "predictions"], ["dense_9", "dense_10", "predictions"]] {
      let arrays = keras(head)
      let imported = try ModelBuilders.build(store(arrays.reversed())).weights
      #expect(imported.normalization == .caffe)
      #expect(
        imported.layers == ["conv1_1", "fc2", "fc3", "fc4"],
        "\(imported.names)")
      #expect(try imported["conv1_1/weights"]?.floats() == arrays[0].values)
      #expect(imported["fc3/weights"]?.shape == Shape([4, 4]))
      #expect(imported["fc4/weights"]?.shape == Shape([4, 3]))
    }
  }

  @Test("each fault of Keras's names is one error that names the layer")
  func kerasFaults() throws {
    let cases: [(Arrays, words: String)] = [
      (keras(["hidden", "dense", "predictions"]), "\"hidden\" may stand anywhere"),
      (keras() + [ramp("fc2/vars/0", [4, 4])], "are of the same layer"),
      (
        keras() + [ramp("block2_conv1/kernel:0", [3, 3, 2, 2])],
        "the bias of layer \"block2_conv1\""
      ),
      (keras() + [ramp("batch_normalization/gamma:0", [2])], "\"batch_normalization/gamma:0\" has"),
      (Array(keras()[..<2]) + [ramp("d/x", [1])], "\"d/x\" has no place in a VGG network of Keras"),
      (
        Array(keras()[..<2]) + [ramp("dense/kernel", [2, 3]), ramp("dense/bias", [3])],
        "\"dense/kernel\" has 2 inputs, one for each channel of the last convolution"
      ),
    ]
    for (arrays, words) in cases {
      let error = #expect(throws: GradCAMError.self) {
        try ModelBuilders.build(store(arrays))
      }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "") lacks \(words)")
    }
  }
}

@Suite("Networks that are not served, and what is assumed")
struct UnservedNetworkTests {
  private func store(_ names: [String]) throws -> WeightStore {
    try WeightStore(
      origin: "net.pth",
      names.map { ($0, WeightArray(try Tensor(Shape([1]), [1]))) })
  }

  @Test(
    "the family is named, with the ways that work",
    arguments: [
      (["conv_stem.weight", "blocks.0.0.conv.weight"], "an EfficientNetV2"),
      (["module.conv_stem.weight", "module.blocks.0.0.conv.weight"], "an EfficientNetV2"),
      (["stages.0.blocks.0.conv_dw.weight"], "a ConvNeXt"),
      (["blocks.0.attn.qkv.weight", "patch_embed.proj.weight"], "a vision transformer"),
    ])
  func family(names: [String], family: String) throws {
    let weights = try store(names)
    let error = #expect(throws: GradCAMError.self) { _ = try ModelBuilders.build(weights) }
    #expect(error?.message.contains("looks like the state dictionary of \(family)") == true)
    #expect(error?.message.contains("ONNX") == true && error?.message.contains("cam") == true)
  }

  @Test("other names are listed as they are")
  func unknown() throws {
    let weights = try store(["layer1.0.conv1.weight"])
    let error = #expect(throws: GradCAMError.self) { _ = try ModelBuilders.build(weights) }
    #expect(error?.message.contains("holds no network that is known") == true)
  }
}
