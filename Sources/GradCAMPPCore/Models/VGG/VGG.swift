import GradCAMPPKernels

// Networks of the VGG family (Simonyan and Zisserman 2015), inferred from their arrays.
//
// Blocks of 3x3 convolutions conv1_1, conv1_2, …, each with ReLU, SAME padding and stride 1; a 2x2
// max-pool with stride 2 after each block; dense layers fc6, fc7, … with ReLU but for the last,
// whose outputs are the logits. Number of blocks, convolutions in a block, channels, dense layers,
// classes and the side of the input all follow from names and shapes: the first dense layer has
// (side / 2^blocks)² x channels rows.

/// VGG16, VGG19 and their like with other widths, depths, classes and input sides.
public enum VGG: ModelBuilder {
  /// "VGG".
  public static let name = "VGG"

  /// Whether a first convolution or a first dense layer has a name of the family.
  public static func recognizes(_ weights: WeightStore) -> Bool {
    weights.names.contains { VGGLayout.convolution($0) != nil || VGGLayout.dense($0) != nil }
  }

  /// The network of these weights.
  public static func build(_ weights: WeightStore) throws(GradCAMError) -> LoadedModel {
    let layout = try VGGLayout(weights)
    let side = try layout.inputSide()
    var builder = NetworkBuilder(inputShape: Shape([1, side, side, 3]))
    var layers: [LoadedModel.Layer] = []
    var value = builder.input

    func add(_ operation: any Operator, named name: String, rectifies: Bool) throws(GradCAMError) {
      do throws(GradCAMError) {
        value = try builder.add(operation, value)
      } catch {
        throw GradCAMError(error.kind, "\(weights.origin): layer \(name): \(error.message)")
      }
      builder.name(value, "\(name)/linear")
      if rectifies { value = try builder.add(ReLU(), value) }
      builder.name(value, name)
      layers.append(
        LoadedModel.Layer(
          name: name, kind: operation.kind, shape: builder.shape(of: value).withoutBatch))
    }

    for (index, block) in layout.blocks.enumerated() {
      for layer in block {
        let operation = Convolution(
          layer: layer.name, weights: layer.weights, biases: layer.biases, stride: [1, 1],
          dilation: [1, 1])
        try add(operation, named: layer.name, rectifies: true)
      }
      value = try builder.add(MaxPooling(kernel: [2, 2], stride: [2, 2]), value)
      builder.name(value, "pool\(index + 1)")
      layers.append(
        LoadedModel.Layer(
          name: "pool\(index + 1)", kind: "max pooling",
          shape: builder.shape(of: value).withoutBatch))
    }
    for (index, layer) in layout.dense.enumerated() {
      let operation = Dense(layer: layer.name, weights: layer.weights, biases: layer.biases)
      try add(operation, named: layer.name, rectifies: index + 1 < layout.dense.count)
    }
    return LoadedModel(
      architecture: layout.architecture,
      network: builder.build(output: value),
      preprocessing: Preprocessing(
        inputHeight: side, inputWidth: side, weights.normalization ?? .caffe),
      layers: layers,
      defaultLayer: layout.blocks.last?.last?.name ?? "",
      weights: weights)
  }
}
