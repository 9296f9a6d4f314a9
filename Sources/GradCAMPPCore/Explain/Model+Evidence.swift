import GradCAMPPKernels

extension Model {
  /// Which of the values that a method looks at are recorded: all but the network's input, for
  /// which the picture seen stands.
  func recorded(_ values: [Int]) -> [Int] { values.filter { $0 != 0 } }

  /// Evidence of the values that a method looks at: layers, or 0 alone for the picture.
  ///
  /// The picture's activations are `picture`, (height, width, 3), RGB, 0 to 1, and its gradients
  /// those by such numbers.
  func layers(
    _ values: [Int], _ result: ForwardResult, gradients: [Tensor]?, picture: [Float]
  ) throws(GradCAMError) -> [LayerEvidence] {
    if values == [0] {
      let preprocessing = loaded.preprocessing
      let shape = Shape([preprocessing.inputHeight, preprocessing.inputWidth, 3])
      return [
        try LayerEvidence(
          activations: Tensor(shape, picture),
          gradients: try gradients.map { gradients throws(GradCAMError) in
            try pixelGradient(gradients[0])
          })
      ]
    }
    var layers: [LayerEvidence] = []
    for (place, activations) in result.activations.enumerated() {
      let gradients = gradients.map { $0[place] }
      guard let grid = grid(of: values[place]) else {
        layers.append(try LayerEvidence(activations: activations, gradients: gradients))
        continue
      }
      layers.append(
        try LayerEvidence(
          activations: grid.cells(of: activations),
          gradients: gradients.map { gradients throws(GradCAMError) in
            try grid.cells(of: gradients)
          }))
    }
    return layers
  }

  /// The gradient by the picture seen, RGB, 0 to 1, of one by the network's input.
  func pixelGradient(_ networkGradient: Tensor) throws(GradCAMError) -> Tensor {
    try Tensor(networkGradient.shape) { pixels in
      networkGradient.read { loaded.preprocessing.pixelGradient($0, into: &pixels) }
    }
  }
}
