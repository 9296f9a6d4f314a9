import GradCAMPPKernels

extension LoadedModel {
  /// Throws when the activation behind the logits, which the file or the caller says, makes no
  /// probabilities: `badData` or `invalidArgument` for the softmax of one number, `invalidArgument`
  /// for an activation that the caller gives an output which is no classes.
  static func checkActivation(
    _ graph: Graph, of network: Network, asked: OutputKind.Probabilities?
  ) throws(GradCAMError) {
    guard case .classes = network.outputKind else {
      guard asked == nil else {
        throw GradCAMError(
          .invalidArgument,
          "\(graph.origin): an activation is given, but the network's output of shape "
            + "\(network.outputShape) is not one score for each class")
      }
      return
    }
    guard network.outputShape.count == 1, graph.outputActivation == .softmax else { return }
    guard asked == nil else {
      throw GradCAMError(
        .invalidArgument,
        "\(graph.origin): the network has one output, whose softmax is always 1; expected the "
          + "activation sigmoid")
    }
    throw graph.error("the network ends with the softmax of one number, which is always 1")
  }
}
