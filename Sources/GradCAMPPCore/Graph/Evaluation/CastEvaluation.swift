import GradCAMPPKernels

/// Cast: the same numbers as another type, fractions cut off towards 0 where that has whole ones.
///
/// Types that would round a float32 are refused, as in networks.
struct CastEvaluation: ConstantEvaluation {
  let operation = "Cast"
  let attributes = CastNode.attributes

  /// ONNX's numbers of types.
  private static let (floats, halves): (Set<Int>, Set<Int>) = ([1, 11], [10, 16])
  private static let (integers, truth): (Set<Int>, Int) = ([2, 3, 4, 5, 6, 7, 12, 13], 9)

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let type = try node.integer("to", default: 0)
    let isExact = tensor.floats.allSatisfy { $0.rounded() == $0 && abs($0) <= 256 }
    if Self.floats.contains(type) || Self.halves.contains(type) && isExact {
      return [KnownTensor(tensor.shape, .floats(tensor.floats))]
    }
    if type == Self.truth {
      return [
        KnownTensor(tensor.shape, .integers(tensor.floats.map { $0 == 0 ? 0 : 1 }))
      ]
    }
    guard Self.integers.contains(type) else {
      throw node.wrong("to", .integer(type), "1, 11, 9, or a type of whole numbers")
    }
    guard case .floats(let values) = tensor.numbers else { return [tensor] }
    var numbers: [Int] = []
    for value in values {
      guard let number = Int(exactly: value.rounded(.towardZero)) else {
        throw node.error("casts \(value) to a whole number")
      }
      numbers.append(number)
    }
    return [KnownTensor(tensor.shape, .integers(numbers))]
  }
}
