import GradCAMPPKernels

@testable import GradCAMPPCore

/// VGG-shaped weights of any widths, seeded.
struct SmallVGG {
  var blocks = [[5, 6], [9]]
  var dense = [11, 7]
  var side = 12
  var seed: UInt64 = 1
  /// Arrays to put in place of the seeded ones.
  var replacements: [String: (shape: [Int], values: [Float])] = [:]

  /// All arrays in order.
  func arrays() -> [(name: String, shape: [Int], values: [Float])] {
    var random = RepeatableRandom(seed: seed)
    var arrays: [(name: String, shape: [Int], values: [Float])] = []
    func add(_ layer: String, _ shape: [Int]) {
      let inputs = shape.dropLast().reduce(1, *)
      let scale = (6 / Float(inputs)).squareRoot()
      arrays.append(
        ("\(layer)/weights", shape, random.floats(Shape(shape).count).map { $0 * scale }))
      let outputs = shape[shape.count - 1]
      arrays.append(("\(layer)/biases", [outputs], random.floats(outputs).map { $0 * 0.1 }))
    }
    var channels = 3
    for (block, widths) in blocks.enumerated() {
      for (index, width) in widths.enumerated() {
        add("conv\(block + 1)_\(index + 1)", [3, 3, channels, width])
        channels = width
      }
    }
    let cells = side >> blocks.count
    var units = cells * cells * channels
    for (index, width) in dense.enumerated() {
      add("fc\(blocks.count + 1 + index)", [units, width])
      units = width
    }
    return arrays.map { array in
      replacements[array.name].map { (array.name, $0.shape, $0.values) } ?? array
    }
  }

  func store(without missing: String = "") throws -> WeightStore {
    let entries = try arrays().filter { !$0.name.hasPrefix("\(missing)/") }.map { array in
      (array.name, WeightArray(try Tensor(Shape(array.shape), array.values)))
    }
    return try WeightStore(origin: "the mapping", entries)
  }

  func model() throws -> Model { try Model(store()) }

  /// A picture of seeded noise.
  static func picture(height: Int, width: Int, seed: UInt64 = 5) throws -> RGBImage {
    var random = RepeatableRandom(seed: seed)
    return try RGBImage(
      height: height, width: width,
      pixels: (0..<height * width * 3).map { _ in UInt8.random(in: 0...255, using: &random) })
  }
}
