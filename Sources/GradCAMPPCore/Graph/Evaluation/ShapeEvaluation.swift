import GradCAMPPKernels

/// Shape: the extents of a tensor, from `start` to `end`, for one picture.
struct ShapeEvaluation: ConstantEvaluation {
  let operation = "Shape"
  let attributes: Set<String> = ["end", "start"]
  let needsNumbers = false

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    guard let shape = inputs.shapes.first ?? nil else { throw node.error("has no input 0") }
    func bound(_ attribute: String, _ value: Int) throws(GradCAMError) -> Int {
      let found = try node.integer(attribute, default: value)
      return min(max(found < 0 ? found + shape.rank : found, 0), shape.rank)
    }
    let (start, end) = (try bound("start", 0), try bound("end", shape.rank))
    return [KnownTensor(list: start < end ? Array(shape.extents[start..<end]) : [])]
  }
}

/// Size: the number of elements of a tensor, for one picture.
struct SizeEvaluation: ConstantEvaluation {
  let operation = "Size"
  let needsNumbers = false

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    guard let shape = inputs.shapes.first ?? nil else { throw node.error("has no input 0") }
    return [KnownTensor(Shape([]), .integers([shape.count]))]
  }
}
