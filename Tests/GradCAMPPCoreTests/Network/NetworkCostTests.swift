import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// What networks cost, by hand and by known numbers.
@Suite struct NetworkCostTests {
  /// Float32 zeros that take no memory until they are read.
  private func network(blocks: [[Int]], dense: [Int], side: Int) throws -> LoadedModel {
    var entries: [(name: String, array: WeightArray)] = []
    func add(_ layer: String, _ extents: [Int]) throws {
      let shape = Shape(extents)
      let weights = try MemoryBlock<Float>(count: shape.count)
      entries.append(
        ("\(layer)/weights", WeightArray(Tensor(weights, TensorSlot(offset: 0, shape: shape)))))
      let outputs = shape.channels
      entries.append(
        (
          "\(layer)/biases",
          WeightArray(try Tensor(Shape([outputs]), [Float](repeating: 0, count: outputs)))
        ))
    }
    var channels = 3
    for (block, widths) in blocks.enumerated() {
      for (index, width) in widths.enumerated() {
        try add("conv\(block + 1)_\(index + 1)", [3, 3, channels, width])
        channels = width
      }
    }
    var units = (side >> blocks.count) * (side >> blocks.count) * channels
    for (index, width) in dense.enumerated() {
      try add("fc\(blocks.count + 1 + index)", [units, width])
      units = width
    }
    return try ModelBuilders.build(try WeightStore(origin: "the mapping", entries))
  }

  private static let vgg16 = [[64, 64], [128, 128], [256, 256, 256]] + vgg16End
  private static let vgg16End = [[512, 512, 512], [512, 512, 512]]
  private static let vgg19 = [
    [64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512],
  ]

  /// Convolutions and dense layers of VGG16 are 15 470 264 320 multiply-adds, as everybody counts them:
  /// 15 346 630 656 and 123 633 664.
  @Test func vgg16() throws {
    let model = try network(blocks: Self.vgg16, dense: [4096, 4096, 1000], side: 224)
    let cost = NetworkCost(model.network)
    // All other operators count once for each element that they write; a view writes nothing.
    let other = model.network.nodes.filter { !$0.operation.isView }.reduce(0) { sum, node in
      let shapes = node.inputs.map { model.network.shapes[$0] }
      return node.operation.multiplyAddsForElement(shapes) > 1
        ? sum : sum + node.outputs.reduce(0) { $0 + model.network.shapes[$1].count }
    }
    #expect(cost.multiplyAdds - other == 15_470_264_320)
    // 13 convolutions, 5 pools, 3 dense layers, 15 rectifiers.
    #expect(cost.layers == 36)
    // The second convolution reads and writes 224 x 224 x 64 numbers.
    #expect(cost.workspaceBytes == 2 * 224 * 224 * 64 * 4)
  }

  /// Nobody is refused who uses VGG19, also with a larger input.
  @Test(arguments: [224, 448])
  func vgg19IsLetThrough(side: Int) throws {
    let cost = NetworkCost(
      try network(blocks: Self.vgg19, dense: [4096, 4096, 1000], side: side).network)
    #expect((side == 224 ? 19e9...20e9 : 78e9...80e9).contains(Double(cost.multiplyAdds)))
    try cost.check(Limits(), origin: "vgg19")
  }

  /// 235 kB of weights that take half a minute for each picture: two convolutions and a pool, an input
  /// of 2048 x 2048.
  @Test func smallFilesOfLargeCost() throws {
    let blocks = [[64, 64], [16], [8], [4], [2], [1]]
    let loaded = try network(blocks: blocks, dense: [10], side: 2048)
    let weights = loaded.weights.names.reduce(0) { sum, name in
      sum + (loaded.weights[name]?.shape.count ?? 0)
    }
    #expect(weights * 4 < 300_000)
    let cost = NetworkCost(loaded.network)
    let error = #expect(throws: GradCAMError.self) {
      try cost.check(Limits(), origin: "small.safetensors")
    }
    #expect(error?.kind == .badData)
    #expect(
      error?.message
        == "small.safetensors: one picture takes \(cost.multiplyAdds) multiply-adds in this network, "
        + "above the limit of 100000000000; raise multiply_adds of the limits if you trust it")
    var limits = Limits()
    limits[.multiplyAdds] = cost.multiplyAdds
    try cost.check(limits, origin: "small.safetensors")
    let store = try loaded.weights.store()
    #expect(throws: GradCAMError.self) { try Model(store) }
  }

  @Test func limitsHaveDefaults() {
    var limits = Limits()
    for name in Limits.Name.allCases {
      #expect(limits[name] == name.standard && Limits.none[name] == .max)
      limits[name] = 7
      #expect(limits[name] == 7)
      limits[name] = -1
      #expect(limits[name] == 1)
    }
  }
}
