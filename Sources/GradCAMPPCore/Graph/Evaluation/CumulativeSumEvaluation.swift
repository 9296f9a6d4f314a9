import GradCAMPPKernels

/// CumSum: sums of all elements up to each place of an axis.
struct CumulativeSumEvaluation: ConstantEvaluation {
  let operation = "CumSum"
  let attributes: Set<String> = ["exclusive", "reverse"]

  func results(_ node: GraphNode, _ inputs: KnownInputs) throws(GradCAMError) -> [KnownTensor] {
    let tensor = try inputs.tensor(0, of: node)
    let axes = try inputs.integers(1, of: node)
    guard axes.count == 1, tensor.shape.rank > 0 else {
      throw node.error("sums along axes \(axes); expected one")
    }
    let axis = try node.place(axes[0], of: tensor.shape.rank)
    let isExclusive = try node.flag("exclusive", default: false)
    let isReversed = try node.flag("reverse", default: false)
    let stride = KnownTensor.strides(tensor.shape)[axis]
    let extent = tensor.shape[axis]
    func sums<Number: AdditiveArithmetic>(
      _ values: [Number], _ add: (Number, Number) -> Number
    ) -> [Number] {
      var result = values
      for start in values.indices where start / stride % max(extent, 1) == 0 {
        var sum = Number.zero
        for index in 0..<extent {
          let place = start + (isReversed ? extent - 1 - index : index) * stride
          let next = add(sum, values[place])
          result[place] = isExclusive ? sum : next
          sum = next
        }
      }
      return result
    }
    switch tensor.numbers {
    case .integers(let values): return [KnownTensor(tensor.shape, .integers(sums(values, &+)))]
    case .floats(let values): return [KnownTensor(tensor.shape, .floats(sums(values, +)))]
    }
  }
}
