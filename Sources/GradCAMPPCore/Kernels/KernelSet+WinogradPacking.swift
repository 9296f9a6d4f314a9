// The filter transform of `KernelSet+Winograd.swift`: `G g Gᵀ` of every pair of channels, written
// for each position as panels of (source channels x panel width).
//
// Weights have their outputs innermost, so a vector of outputs is transformed at once. Forward,
// outputs are a panel's columns, and the 36 results are stored as they are. For gradients outputs
// are the terms: a vector's numbers go to as many rows. Then inputs run innermost, so that the
// rows they share stay in the first-level cache.

extension KernelSet {
  /// Packs a filter whose channels are multiples of 16.
  @inlinable
  static func packWinograd(
    _ weights: UnsafeRawPointer, _ layout: FilterLayout, into packed: UnsafeMutablePointer<Float>
  ) {
    if layout.direction == .forward {
      ThreadPool.shared.parallel(layout.shape.inputs) { input, _ in
        Self.packWinogradInput(input, weights, layout, into: packed)
      }
    } else {
      ThreadPool.shared.parallel(layout.panels(width: panelWidth)) { panel, _ in
        Self.packWinogradPanel(panel, weights, layout, into: packed)
      }
    }
  }

  /// All that is made of one input channel, forward.
  @inlinable
  static func packWinogradInput(
    _ input: Int, _ weights: UnsafeRawPointer, _ layout: FilterLayout,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (layout.shape.inputs, layout.shape.outputs)
    let stride = inputs * layout.panels(width: panelWidth) * panelWidth
    var output = 0
    while output < outputs {
      let row = (output / panelWidth * inputs + input) * panelWidth + output % panelWidth
      transformTaps(
        weights + (input * outputs + output) * 4, tapStride: inputs * outputs * 4
      ) { position, values in
        values.store(packed + position * stride + row)
      }
      output += Vector.width
    }
  }

  /// One panel of input channels, for gradients.
  @inlinable
  static func packWinogradPanel(
    _ panel: Int, _ weights: UnsafeRawPointer, _ layout: FilterLayout,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (layout.shape.inputs, layout.shape.outputs)
    let stride = outputs * layout.panels(width: panelWidth) * panelWidth
    let tapStride = inputs * outputs * 4
    var output = 0
    while output < outputs {
      for lane in 0..<min(panelWidth, inputs - panel * panelWidth) {
        let input = panel * panelWidth + lane
        let column = packed + (panel * outputs + output) * panelWidth + lane
        // The taps turned round: from the last to the first.
        transformTaps(
          weights + (input * outputs + output) * 4 + 8 * tapStride, tapStride: -tapStride
        ) { position, values in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: Vector.width) { numbers in
            guard let numbers = numbers.baseAddress else { return }
            values.store(numbers)
            for term in 0..<Vector.width {
              column[position * stride + term * panelWidth] = numbers[term]
            }
          }
        }
      }
      output += Vector.width
    }
  }

  /// `G g Gᵀ` of a vector of 3x3 filters whose taps lie `tapStride` bytes apart.
  @inlinable @inline(__always)
  static func transformTaps(
    _ taps: UnsafeRawPointer, tapStride: Int, _ body: (_ position: Int, _ values: Vector) -> Void
  ) {
    let c0 = tapTransform(
      .load(taps), .load(taps + 3 &* tapStride), .load(taps + 6 &* tapStride))
    let c1 = tapTransform(
      .load(taps + tapStride), .load(taps + 4 &* tapStride), .load(taps + 7 &* tapStride))
    let c2 = tapTransform(
      .load(taps + 2 &* tapStride), .load(taps + 5 &* tapStride), .load(taps + 8 &* tapStride))
    func row(_ index: Int, _ x0: Vector, _ x1: Vector, _ x2: Vector) {
      let r = tapTransform(x0, x1, x2)
      body(6 &* index, r.0)
      body(6 &* index &+ 1, r.1)
      body(6 &* index &+ 2, r.2)
      body(6 &* index &+ 3, r.3)
      body(6 &* index &+ 4, r.4)
      body(6 &* index &+ 5, r.5)
    }
    row(0, c0.0, c1.0, c2.0)
    row(1, c0.1, c1.1, c2.1)
    row(2, c0.2, c1.2, c2.2)
    row(3, c0.3, c1.3, c2.3)
    row(4, c0.4, c1.4, c2.4)
    row(5, c0.5, c1.5, c2.5)
  }

  /// `G x`.
  @inlinable @inline(__always)
  static func tapTransform(
    _ x0: Vector, _ x1: Vector, _ x2: Vector
  ) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
    let quarter = Vector(repeating: 1 / 4), minusSixth = Vector(repeating: -1 / 6)
    let two = Vector(repeating: 2), four = Vector(repeating: 4)
    let part = Vector(repeating: 1 / 24)
    let ends = x0 + x2, weighted = x0.addingProduct(four, x2), twice = two * x1
    return (
      x0 * quarter, (ends + x1) * minusSixth, (ends - x1) * minusSixth,
      (weighted + twice) * part, (weighted - twice) * part, x2
    )
  }
}
