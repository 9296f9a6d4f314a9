// Convolution weights as the matrix product reads them; `FilterLayout` says how they lie.
//
// Weights come as (taps…, channels of a group, outputs). For gradients the same taps are taken
// with inputs and outputs exchanged.

extension KernelSet {
  /// Writes a filter in the layout of its algorithm; elements that the tier does not use stay 0.
  @inlinable
  public static func packFilter(
    _ weights: RawSpan, _ layout: FilterLayout, into packed: inout MutableSpan<Float>
  ) {
    precondition(
      weights.byteCount == layout.shape.count * 4 && packed.count == layout.packedCount,
      "packFilter: lengths do not fit the layout")
    weights.withUnsafeBytes { weights in
      packed.withUnsafeMutableBufferPointer { packed in
        guard let packed = packed.baseAddress, let weights = weights.baseAddress else { return }
        switch layout.algorithm {
        case .direct: packDirectly(weights, layout, into: packed)
        case .winograd: packWinograd(weights, layout, into: packed)
        }
      }
    }
  }

  /// For each group, for each panel, for each term, a panel's row.
  @inlinable
  static func packDirectly(
    _ weights: UnsafeRawPointer, _ layout: FilterLayout, into packed: UnsafeMutablePointer<Float>
  ) {
    let shape = layout.shape
    let depth = shape.depth(layout.direction)
    let panels = layout.panels(width: panelWidth)
    let sourceChannels = shape.sourceChannels(layout.direction)
    let resultChannels = shape.resultChannels(layout.direction)
    let inputsOfGroup = shape.inputs / shape.groups, outputsOfGroup = shape.outputs / shape.groups
    let isForward = layout.direction == .forward
    ThreadPool.shared.parallel(shape.groups * panels) { task, _ in
      let group = task / panels, first = task % panels * panelWidth
      let panel = packed + task * depth * panelWidth
      for term in 0..<depth {
        let tap = term / sourceChannels, source = term % sourceChannels
        for lane in 0..<min(panelWidth, resultChannels - first) {
          let result = first + lane
          let input = isForward ? source : result
          let output = isForward ? result : source
          let index =
            (tap * inputsOfGroup + input) * shape.outputs + group * outputsOfGroup + output
          panel[term * panelWidth + lane] = weights.loadUnaligned(
            fromByteOffset: index * 4, as: Float.self)
        }
      }
    }
  }
}
