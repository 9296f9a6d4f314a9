import GradCAMPPKernels

// The operators once more, as slow and obvious as possible, in float64: what the fast ones are
// held against. Written from the definitions, for any number of axes, sharing nothing with them.

/// Windows over one axis, by the definition of SAME and explicit padding.
struct SlowAxis {
  let cells: Int
  let before: Int

  init(_ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: (Int, Int)?) {
    let size = (kernel - 1) * dilation + 1
    if let (before, behind) = padding {
      cells = (input + before + behind - size) / stride + 1
      self.before = before
    } else {
      cells = Int((Double(input) / Double(stride)).rounded(.up))
      before = max(0, (cells - 1) * stride + size - input) / 2
    }
  }
}

/// Every index of a box of extents, outermost first.
func everyIndex(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { indices, extent in
    indices.flatMap { index in (0..<extent).map { index + [$0] } }
  }
}

/// Row-major position of an index.
func position(_ index: [Int], in extents: [Int]) -> Int {
  zip(index, extents).reduce(0) { $0 * $1.1 + $1.0 }
}

/// The input cells under a window: for each tap inside the input, the tap and the cell.
func taps(
  _ output: [Int], input: [Int], kernel: [Int], stride: [Int], dilation: [Int], axes: [SlowAxis]
) -> [(tap: [Int], cell: [Int])] {
  everyIndex(kernel).compactMap { tap in
    let cell = tap.indices.map {
      output[$0] * stride[$0] + tap[$0] * dilation[$0] - axes[$0].before
    }
    return zip(cell, input).allSatisfy { $0 >= 0 && $0 < $1 } ? (tap, cell) : nil
  }
}

func axes(
  _ input: [Int], _ kernel: [Int], _ stride: [Int], _ dilation: [Int],
  _ padding: WindowGeometry.Padding
) -> [SlowAxis] {
  input.indices.map { axis in
    var pair: (Int, Int)?
    if case .explicit(let before, let behind) = padding { pair = (before[axis], behind[axis]) }
    return SlowAxis(input[axis], kernel[axis], stride[axis], dilation[axis], pair)
  }
}

struct SlowConvolution {
  let kernel: [Int], stride: [Int], dilation: [Int]
  let groups: Int
  let padding: WindowGeometry.Padding
  let weights: [Double], biases: [Double]

  func callAsFunction(_ values: [Double], _ shape: Shape) -> [Double] {
    let axes = axes(shape.spatial, kernel, stride, dilation, padding)
    let outputs = biases.count
    let inputsOfGroup = shape.channels / groups
    return everyIndex([shape[0]] + axes.map(\.cells) + [outputs]).map { index in
      let output = index[index.count - 1]
      let group = output / (outputs / groups)
      let cells = taps(
        Array(index.dropFirst().dropLast()), input: shape.spatial, kernel: kernel, stride: stride,
        dilation: dilation, axes: axes)
      return cells.reduce(biases[output]) { sum, place in
        (0..<inputsOfGroup).reduce(sum) { sum, input in
          let value = values[
            position(
              [index[0]] + place.cell + [group * inputsOfGroup + input], in: shape.extents)]
          let weight = weights[
            position(place.tap + [input, output], in: kernel + [inputsOfGroup, outputs])]
          return sum + value * weight
        }
      }
    }
  }
}

extension SlowConvolution {
  /// The gradient by the values, from the gradient by the results.
  func gradient(_ outputGradient: [Double], _ shape: Shape) -> [Double] {
    let axes = axes(shape.spatial, kernel, stride, dilation, padding)
    let outputs = biases.count
    let inputsOfGroup = shape.channels / groups
    var result = [Double](repeating: 0, count: shape.count)
    for (index, gradient) in zip(
      everyIndex([shape[0]] + axes.map(\.cells) + [outputs]), outputGradient)
    {
      let output = index[index.count - 1]
      let group = output / (outputs / groups)
      for place in taps(
        Array(index.dropFirst().dropLast()), input: shape.spatial, kernel: kernel, stride: stride,
        dilation: dilation, axes: axes)
      {
        for input in 0..<inputsOfGroup {
          let target = position(
            [index[0]] + place.cell + [group * inputsOfGroup + input], in: shape.extents)
          let weight = weights[
            position(place.tap + [input, output], in: kernel + [inputsOfGroup, outputs])]
          result[target] += gradient * weight
        }
      }
    }
    return result
  }
}

struct SlowMaxPooling {
  let kernel: [Int], stride: [Int]
  var dilation: [Int]?
  let padding: WindowGeometry.Padding

  func callAsFunction(_ values: [Double], _ shape: Shape) -> [Double] {
    let dilation = dilation ?? kernel.map { _ in 1 }
    let axes = axes(shape.spatial, kernel, stride, dilation, padding)
    return everyIndex([shape[0]] + axes.map(\.cells) + [shape.channels]).map { index in
      taps(
        Array(index.dropFirst().dropLast()), input: shape.spatial, kernel: kernel, stride: stride,
        dilation: dilation, axes: axes
      ).map { place in
        values[position([index[0]] + place.cell + [index[index.count - 1]], in: shape.extents)]
      }.max() ?? 0
    }
  }
}

extension SlowMaxPooling {
  /// The gradient by the values: each window's goes to the first of its largest cells.
  func gradient(_ outputGradient: [Double], _ values: [Double], _ shape: Shape) -> [Double] {
    let dilation = dilation ?? kernel.map { _ in 1 }
    let axes = axes(shape.spatial, kernel, stride, dilation, padding)
    var result = [Double](repeating: 0, count: shape.count)
    for (index, gradient) in zip(
      everyIndex([shape[0]] + axes.map(\.cells) + [shape.channels]), outputGradient)
    {
      let cells = taps(
        Array(index.dropFirst().dropLast()), input: shape.spatial, kernel: kernel, stride: stride,
        dilation: dilation, axes: axes
      ).map { position([index[0]] + $0.cell + [index[index.count - 1]], in: shape.extents) }
      guard let largest = cells.map({ values[$0] }).max(),
        let first = cells.first(where: { values[$0] == largest })
      else { continue }
      result[first] += gradient
    }
    return result
  }
}
