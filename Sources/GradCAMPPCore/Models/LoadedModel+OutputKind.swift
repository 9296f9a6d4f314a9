import GradCAMPPKernels

extension LoadedModel {
  /// What the output is, when somebody says how its logits become probabilities.
  ///
  /// Throws `invalidArgument` when that cannot be so: for an output that is no classes, against
  /// what the file says, and for the softmax of one number, which is 1 whatever the number is. A
  /// file that says the last is `badData`.
  static func outputKind(
    of network: Network, _ graph: Graph, _ asked: OutputKind.Probabilities?
  ) throws(GradCAMError) -> OutputKind {
    let isSingle = network.outputShape.count == 1
    guard case .classes(let found) = network.outputKind else {
      guard asked == nil else {
        throw GradCAMError(
          .invalidArgument,
          "\(graph.origin): an activation is given, but the network's output of shape "
            + "\(network.outputShape) is not one score for each class")
      }
      return network.outputKind
    }
    if isSingle, found == .softmax {
      throw graph.error("the network ends with the softmax of one number, which is always 1")
    }
    guard let asked else { return network.outputKind }
    if graph.outputActivation != nil, asked != found {
      throw GradCAMError(
        .invalidArgument,
        "\(graph.origin): the activation is given as \(asked.rawValue), but the network ends with "
          + "\(found.rawValue)")
    }
    if isSingle, asked == .softmax {
      throw GradCAMError(
        .invalidArgument,
        "\(graph.origin): the network has one output, whose softmax is always 1; expected the "
          + "activation sigmoid")
    }
    return .classes(asked)
  }
}
