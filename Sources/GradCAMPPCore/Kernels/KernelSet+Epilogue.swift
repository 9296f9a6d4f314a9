// What every kernel that adds up products does to its sums: a convolution's and a dense layer's end.
//
// Rectifiers, which cost two instructions, are applied in registers before the sums are stored.
// Other functions are applied to a finished tile while it lies in the first-level cache: one loop
// for each function, and kernels that know none of them.

/// An epilogue at work: what becomes of a kernel's sums, with the addresses that it reads.
@usableFromInline
struct Finish {
  /// One number for each channel, which the sums begin with; nil for none.
  @usableFromInline let bias: UnsafePointer<Float>?
  /// What is added to the sums, laid out as the result; nil for nothing.
  @usableFromInline let residual: UnsafePointer<Float>?
  /// Where the result begins.
  @usableFromInline let result: UnsafePointer<Float>
  /// What is done to the sums in registers.
  @usableFromInline let rectifier: Rectifier
  /// What is done to them once they are stored; nil for nothing.
  @usableFromInline let function: ElementFunction?

  @inlinable @inline(__always)
  init(
    bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, result: UnsafePointer<Float>,
    activation: Epilogue.Activation
  ) {
    self.bias = bias
    self.residual = residual
    self.result = result
    switch activation {
    case .identity:
      (rectifier, function) = (Rectifier(isUsed: false, upper: nil), nil)
    case .relu:
      (rectifier, function) = (Rectifier(isUsed: true, upper: nil), nil)
    case .function(.boundedRectifier(let upper)):
      (rectifier, function) = (Rectifier(isUsed: true, upper: upper), nil)
    case .function(let other):
      (rectifier, function) = (Rectifier(isUsed: false, upper: nil), other)
    }
  }

  /// What is added to the results from `address` on.
  @inlinable @inline(__always)
  func residual(at address: UnsafePointer<Float>) -> UnsafePointer<Float>? {
    guard let residual else { return nil }
    return residual + (address - result)
  }
}

/// A rectifier, or nothing, on a vector of sums.
@usableFromInline
struct Rectifier {
  /// Whether negative numbers become 0.
  @usableFromInline let isUsed: Bool
  /// What larger numbers become; nil for no bound.
  @usableFromInline let upper: Float?

  @inlinable @inline(__always)
  init(isUsed: Bool, upper: Float?) {
    self.isUsed = isUsed
    self.upper = upper
  }

  @inlinable @inline(__always)
  func callAsFunction<V: FloatVector>(_ sums: V) -> V {
    guard isUsed else { return sums }
    guard let upper else { return sums.rectified() }
    // As `perform` in KernelSet+ElementFunctions.swift: NaN for what is not finite.
    return BoundedRectifier(upper: upper).value(sums) + (sums - sums)
  }
}

extension KernelSet {
  /// Stores the first `count` of a vector of sums, which have their bias.
  @inlinable @inline(__always)
  static func finish(
    _ sums: Vector, _ finish: Finish, _ count: Int, to address: UnsafeMutablePointer<Float>
  ) {
    var sums = sums
    if let residual = finish.residual(at: address) { sums = sums + loaded(residual, count) }
    store(finish.rectifier(sums), count, to: address)
  }

  /// Applies what is left of an epilogue to finished results: `rows` stretches of `width` numbers.
  @inlinable @inline(__always)
  static func activate(
    _ results: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int, _ finish: Finish
  ) {
    if let function = finish.function {
      activate(results, rows: rows, width: width, stride: stride, function)
    }
  }

  @inlinable @inline(never)
  static func activate(
    _ results: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int,
    _ function: ElementFunction
  ) {
    guard stride != width else {
      let step = ElementStep(numbers: results, gradient: nil, result: results)
      return perform(function, 0..<rows * width, step)
    }
    for row in 0..<rows {
      let line = results + row * stride
      perform(function, 0..<width, ElementStep(numbers: line, gradient: nil, result: line))
    }
  }

  /// Adds a tile to the result; `bias` is that of its first column.
  ///
  /// The first block of terms replaces the result by tile + bias, the last one ends with the
  /// epilogue.
  @inlinable @inline(__always)
  static func finishTile(
    _ tile: UnsafePointer<Float>, rows: Int, width: Int, isFirst: Bool, isLast: Bool,
    bias: UnsafePointer<Float>?, _ finish: Finish, into result: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    let zero = Vector(repeating: 0)
    // What fills registers, and is whole, is the most by far.
    var whole = 0
    while isFirst && isLast && whole + Vector.width <= width {
      let start = bias.map { Vector.load($0 + whole) } ?? zero
      for row in 0..<rows {
        Self.finish(
          start + .load(tile + (row * panelWidth + whole)), finish, Vector.width,
          to: result + (row * stride + whole))
      }
      whole += Vector.width
    }
    for row in 0..<rows {
      let line = result + row * stride
      let sums = tile + row * panelWidth
      var lane = whole
      while lane < width {
        let count = min(Vector.width, width - lane)
        var earlier = zero
        if !isFirst {
          earlier = loaded(line + lane, count)
        } else if let bias {
          earlier = loaded(bias + lane, count)
        }
        let sum = earlier + loaded(sums + lane, count)
        if isLast {
          Self.finish(sum, finish, count, to: line + lane)
        } else {
          store(sum, count, to: line + lane)
        }
        lane += Vector.width
      }
    }
    if isLast { activate(result, rows: rows, width: width, stride: stride, finish) }
  }
}
