// Values of a network's other inputs, which a caller gives.

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

/// The arrays by name, copied: they need not stay.
func givenInputs(
  _ arrays: UnsafePointer<gcpp_array>?, _ count: Int
) throws(GradCAMError) -> [String: GraphConstant] {
  var inputs: [String: GraphConstant] = [:]
  for index in 0..<(try size(count, "options.input_count")) {
    let array = try required(arrays, "options.inputs")[index]
    let name = try text(array.name, "the name of an input")
    guard inputs.updateValue(try constant(array, name), forKey: name) == nil else {
      throw GradCAMError(.invalidArgument, "the input \(name.quoted) is given twice")
    }
  }
  return inputs
}

private func constant(_ array: gcpp_array, _ name: String) throws(GradCAMError) -> GraphConstant {
  guard array.dtype == GCPP_INT64 else {
    return GraphConstant(WeightArray(try entry(array).array.tensor()))
  }
  let data = try required(array.data, "the data of \(name.quoted)")
  let shape = try shape(
    array.shape, rank: array.rank, elementSize: 8, "the input \(name.quoted)")
  let integers = (0..<shape.count).map { index in
    Int(data.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
  }
  return GraphConstant(integers: integers, shape: shape)
}
