/// What a residual network is called, by what its shapes say.
enum ResNetName {
  /// Its name, such as "ResNet50", and whether it is one that was published; `depths` are the
  /// blocks of each stage.
  static func of(_ state: StateGraph, _ depths: [Int]) -> (name: String, isPublished: Bool) {
    let isBottleneck = state.names.has("layer1.0.conv3")
    let layers = 2 + depths.reduce(0, +) * (isBottleneck ? 3 : 2)
    let known: [[Int]: Int] =
      isBottleneck
      ? [[2, 2, 2, 2]: 26, [3, 4, 6, 3]: 50, [3, 4, 23, 3]: 101, [3, 8, 36, 3]: 152]
      : [[2, 2, 2, 2]: 18, [3, 4, 6, 3]: 34]
    let outputs = (1...4).map { state.channels(of: "layer\($0).0/relu") }
    let isOfWidth =
      state.channels(of: "conv1") == 64
      && outputs == [64, 128, 256, 512].map { isBottleneck ? 4 * $0 : $0 }
    let other = ("ResNet-like, \(layers) layers", false)
    guard known[depths] == layers, isOfWidth else { return other }
    guard isBottleneck else { return ("ResNet\(layers)", true) }
    let width = state.channels(of: "layer1.0.conv2")
    let groups = width / max(state.names.filter("layer1.0.conv2")[1], 1)
    // The width of a group is that of 64 channels in one; the sum over all groups is `width`.
    switch (groups, width) {
    case (1, 64): return ("ResNet\(layers)", true)
    case (1, 128): return ("Wide ResNet\(layers)-2", true)
    case (2..., _): return ("ResNeXt\(layers) \(groups)x\(width / groups)d", true)
    default: return other
    }
  }
}
