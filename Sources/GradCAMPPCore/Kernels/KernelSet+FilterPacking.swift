// Convolution weights as the microkernel reads them.
//
// Weights come as (taps…, channels of a group, outputs). A panel holds 16 result channels: for
// each term of the sum, 16 consecutive numbers; missing channels of the last panel are 0. Terms
// run over taps, then over the source channels of the group. For gradients the same taps are
// taken with inputs and outputs exchanged.

extension KernelSet {
  /// Writes `packed`: for each group, for each panel, for each term, 16 numbers.
  @inlinable
  public static func packFilter(
    _ weights: RawSpan, shape: FilterShape, direction: ConvolutionDirection,
    into packed: inout MutableSpan<Float>
  ) {
    precondition(
      weights.byteCount == shape.count * 4 && packed.count == shape.packedCount(direction),
      "packFilter: lengths do not fit the shape")
    let depth = shape.depth(direction), panels = shape.panels(direction)
    let sourceChannels = shape.sourceChannels(direction)
    let resultChannels = shape.resultChannels(direction)
    let inputsOfGroup = shape.inputs / shape.groups, outputsOfGroup = shape.outputs / shape.groups
    weights.withUnsafeBytes { weights in
      packed.withUnsafeMutableBufferPointer { packed in
        guard let packed = packed.baseAddress, let weights = weights.baseAddress else { return }
        ThreadPool.shared.parallel(shape.groups * panels) { task, _ in
          let group = task / panels, first = task % panels * 16
          let panel = packed + task * depth * 16
          for term in 0..<depth {
            let tap = term / sourceChannels, source = term % sourceChannels
            for lane in 0..<16 {
              let result = first + lane
              guard result < resultChannels else {
                panel[term * 16 + lane] = 0
                continue
              }
              let input = direction == .forward ? source : result
              let output = direction == .forward ? result : source
              let index =
                (tap * inputsOfGroup + input) * shape.outputs + group * outputsOfGroup + output
              panel[term * 16 + lane] = weights.loadUnaligned(
                fromByteOffset: index * 4, as: Float.self)
            }
          }
        }
      }
    }
  }
}
