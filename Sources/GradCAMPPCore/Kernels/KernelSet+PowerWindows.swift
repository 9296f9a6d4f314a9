// Norms of windows: the p-th root of the sum of p-th powers of magnitudes. A task is one output cell
// forward and one input cell back, which asks the windows that cover it. Channels are innermost; the
// last ones that fill no register are computed in one as well.

extension KernelSet {
  /// Takes the norm of each window and channel, `(Σ |x|^p)^(1/p)`.
  @inlinable
  public static func powerWindows(
    _ input: Span<Float>, _ geometry: WindowGeometry, channels: Int, power: Int,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == geometry.batch * geometry.input.count * channels && power >= 1
        && output.count == geometry.batch * geometry.output.count * channels,
      "powerWindows: lengths do not fit the geometry")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        ThreadPool.shared.parallel(geometry.batch * geometry.output.count) { cell, _ in
          Self.powerWindow(cell, input, geometry, channels, power, into: output)
        }
      }
    }
  }

  /// The norm of one window.
  @inlinable
  static func powerWindow(
    _ window: Int, _ input: UnsafePointer<Float>, _ geometry: WindowGeometry, _ channels: Int,
    _ power: Int, into output: UnsafeMutablePointer<Float>
  ) {
    let (line, column) = window.quotientAndRemainder(dividingBy: geometry.output.width)
    var channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      var sum = Vector(repeating: 0)
      geometry.forEachTap(line: line, column: column) { cell in
        let size = loaded(input + cell * channels + channel, count).magnitude()
        sum = sum + raised(size, power)
      }
      let root: Vector
      switch power {
      case 1: root = sum
      case 2: root = sum.squareRoot()
      default: root = (sum.logarithm() * Vector(repeating: 1 / Float(power))).exponential()
      }
      store(root, count, to: output + window * channels + channel)
      channel += Vector.width
    }
  }

  /// Whole powers by repeated products; ones for the power 0.
  @inlinable @inline(__always)
  static func raised(_ numbers: Vector, _ power: Int) -> Vector {
    var result = Vector(repeating: 1)
    for _ in 0..<power { result = result * numbers }
    return result
  }

  /// Gives each cell `Σ dy sign(x) (|x| / y)^(p - 1)` over the windows that cover it, 0 where the
  /// norm is 0.
  @inlinable
  public static func powerWindowsGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, output: Span<Float>,
    _ geometry: WindowGeometry, channels: Int, power: Int,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == geometry.batch * geometry.input.count * channels && power >= 1
        && output.count == geometry.batch * geometry.output.count * channels
        && outputGradient.count == output.count && inputGradient.count == input.count,
      "powerWindowsGradient: lengths do not fit the geometry")
    outputGradient.withUnsafeBufferPointer { gradient in
      input.withUnsafeBufferPointer { input in
        output.withUnsafeBufferPointer { output in
          inputGradient.withUnsafeMutableBufferPointer { result in
            guard let gradient = gradient.baseAddress, let input = input.baseAddress,
              let output = output.baseAddress, let result = result.baseAddress
            else { return }
            ThreadPool.shared.parallel(geometry.batch * geometry.input.count) { cell, _ in
              Self.gatherPowers(
                cell, gradient, input, output, geometry, channels, power, into: result)
            }
          }
        }
      }
    }
  }

  /// The gradient by one input cell.
  @inlinable
  static func gatherPowers(
    _ cell: Int, _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>,
    _ output: UnsafePointer<Float>, _ geometry: WindowGeometry, _ channels: Int, _ power: Int,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    let zero = Vector(repeating: 0)
    var channel = 0
    while channel < channels {
      let count = min(Vector.width, channels - channel)
      let number = loaded(input + cell * channels + channel, count)
      let size = number.magnitude()
      let sign = zero.replaced(by: Vector(repeating: 1), where: zero, isLessThan: number)
        .replaced(by: Vector(repeating: -1), where: number, isLessThan: zero)
      var sum = zero
      geometry.forEachWindow(over: cell) { window in
        let norm = loaded(output + window * channels + channel, count)
          .larger(Vector(repeating: .leastNormalMagnitude))
        let share = raised(size / norm, power - 1)
        sum = sum.addingProduct(loaded(gradient + window * channels + channel, count), share)
      }
      store(sum * sign, count, to: inputGradient + cell * channels + channel)
      channel += Vector.width
    }
  }
}

extension WindowGeometry {
  /// Calls `body` with each window that covers an input cell (batch, depth, height and width in one
  /// number), as often as it does, in the order of the taps.
  @inlinable @inline(__always)
  func forEachWindow(over cell: Int, _ body: (_ window: Int) -> Void) {
    let item = cell / input.count
    let (planeCell, lineCell, columnCell) = (
      cell / (input.width * input.height) % input.depth, cell / input.width % input.height,
      cell % input.width
    )
    for tap in 0..<kernel.depth {
      guard
        let z = AverageWindows.window(
          planeCell, tap: tap, stride.depth, dilation.depth, padding.depth, output.depth)
      else { continue }
      for tap in 0..<kernel.height {
        guard
          let y = AverageWindows.window(
            lineCell, tap: tap, stride.height, dilation.height, padding.height, output.height)
        else { continue }
        for tap in 0..<kernel.width {
          guard
            let x = AverageWindows.window(
              columnCell, tap: tap, stride.width, dilation.width, padding.width, output.width)
          else { continue }
          body(((item * output.depth + z) * output.height + y) * output.width + x)
        }
      }
    }
  }
}
