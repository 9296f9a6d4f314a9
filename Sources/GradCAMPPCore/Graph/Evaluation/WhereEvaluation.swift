import GradCAMPPKernels

/// Where: elements of the second input where the first says yes, else of the third.
struct WhereEvaluation: ConstantEvaluation {
  let operation = "Where"

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let (yes, no) = (try inputs.tensor(1, of: node), try inputs.tensor(2, of: node))
    let condition = try inputs.tensor(0, of: node)
    guard let both = BroadcastAxes.extents(yes.shape, no.shape),
      let extents = BroadcastAxes.extents(condition.shape, Shape(both))
    else {
      throw node.error(
        "chooses from tensors of shapes \(yes.shape) and \(no.shape) by one of \(condition.shape)")
    }
    let shape = try node.knownShape(extents)
    func spread(_ tensor: KnownTensor) -> KnownTensor {
      tensor.picked(KnownTensor.spreadPlaces(tensor.shape, over: shape), shape)
    }
    let choices = spread(condition).floats.map { $0 != 0 }
    func chosen<Number>(_ yes: [Number], _ no: [Number]) -> [Number] {
      choices.indices.map { choices[$0] ? yes[$0] : no[$0] }
    }
    if let yes = spread(yes).integers, let no = spread(no).integers {
      return [KnownTensor(shape, .integers(chosen(yes, no)))]
    }
    return [KnownTensor(shape, .floats(chosen(spread(yes).floats, spread(no).floats)))]
  }
}
