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
        case .winograd: packWinograd(weights, layout, into: packed)
        case .depthwise:
          UnsafeMutableRawPointer(packed).copyMemory(
            from: weights, byteCount: layout.packedCount * 4)
        case .direct where layout.isCompact: packGroups(weights, layout, into: packed)
        case .interleaved, .tapwise, .direct: packPanels(weights, layout, into: packed)
        }
      }
    }
  }

  /// For each merged group, for each term, a row of all columns, those of other groups 0.
  @inlinable
  static func packGroups(
    _ weights: UnsafeRawPointer, _ layout: FilterLayout, into packed: UnsafeMutablePointer<Float>
  ) {
    let merged = layout.mergedGroups, columns = layout.columns
    let sources = layout.shape.sourceChannels(layout.direction)
    let results = layout.shape.resultChannels(layout.direction)
    ThreadPool.shared.parallel(layout.shape.groups) { group, _ in
      let matrix = packed + group / merged * layout.terms * columns
      let place = group % merged
      for term in 0..<layout.terms / merged {
        let (tap, source) = (term / sources, term % sources)
        let row = matrix + ((tap * merged + place) * sources + source) * columns
        row.update(repeating: 0, count: columns)
        Self.packRow(
          term: term, group: group, columns: 0..<results, weights, layout,
          into: row + place * results)
      }
    }
  }

  /// For each group, for each panel, for each term, a panel's row.
  @inlinable
  static func packPanels(
    _ weights: UnsafeRawPointer, _ layout: FilterLayout, into packed: UnsafeMutablePointer<Float>
  ) {
    let panels = layout.panels(width: panelWidth)
    ThreadPool.shared.parallel(layout.shape.groups * panels) { task, _ in
      Self.packPanel(task % panels, group: task / panels, weights, layout, into: packed)
    }
  }

  @inlinable
  static func packPanel(
    _ panel: Int, group: Int, _ weights: UnsafeRawPointer, _ layout: FilterLayout,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let first = panel * panelWidth
    let columns = first..<min(first + panelWidth, layout.columns)
    let rows =
      packed + (group * layout.panels(width: panelWidth) + panel) * layout.terms * panelWidth
    for term in 0..<layout.terms {
      packRow(
        term: term, group: group, columns: columns, weights, layout,
        into: rows + term * panelWidth)
    }
  }

  /// Some columns of one term.
  @inlinable @inline(__always)
  static func packRow(
    term: Int, group: Int, columns: Range<Int>, _ weights: UnsafeRawPointer,
    _ layout: FilterLayout, into row: UnsafeMutablePointer<Float>
  ) {
    let shape = layout.shape
    let inputsOfGroup = shape.inputs / shape.groups, outputsOfGroup = shape.outputs / shape.groups
    for column in columns {
      let (tap, source, result) = layout.element(term: term, column: column)
      let (input, output) = layout.direction == .forward ? (source, result) : (result, source)
      let index = (tap * inputsOfGroup + input) * shape.outputs + group * outputsOfGroup + output
      row[column - columns.lowerBound] = weights.loadUnaligned(
        fromByteOffset: index * 4, as: Float.self)
    }
  }
}
