// Loops over elements of any count, bound by memory; they move 1.9 to 3 times what memory alone
// gives, since part of their operands is still in the caches. A task is a run of 16384 elements
// (64 KiB), so that the split depends on the length alone.
//
// Each loop's body is a static method of the tier. A closure that does not mention the tier would
// be one symbol for all of them, and the linker would keep any one's.

extension KernelSet {
  /// `output = input < 0 ? 0 : input`; what is not finite stays so, see `FloatVector.rectified`.
  @inlinable
  public static func rectify(_ input: Span<Float>, into output: inout MutableSpan<Float>) {
    precondition(input.count == output.count, "rectify: lengths differ")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        ThreadPool.shared.parallelRuns(input.count) { Self.rectify($0, input, output) }
      }
    }
  }

  @inlinable
  static func rectify(
    _ run: Range<Int>, _ input: UnsafeBufferPointer<Float>,
    _ output: UnsafeMutableBufferPointer<Float>
  ) {
    for index in run {
      let number = input[index]
      output[index] = number < 0 ? number - number : number
    }
  }

  /// Passes `outputGradient` where `output > 0`.
  ///
  /// With `onlyPositive` only where it is itself positive: guided backpropagation (Springenberg
  /// et al. 2015, section 3.4). Gradients that are not finite stay so.
  @inlinable
  public static func rectifyGradient(
    _ outputGradient: Span<Float>, output: Span<Float>, onlyPositive: Bool,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      outputGradient.count == output.count && output.count == inputGradient.count,
      "rectifyGradient: lengths differ")
    outputGradient.withUnsafeBufferPointer { gradient in
      output.withUnsafeBufferPointer { output in
        inputGradient.withUnsafeMutableBufferPointer { result in
          ThreadPool.shared.parallelRuns(output.count) {
            onlyPositive
              ? Self.passPositive($0, gradient, output, result)
              : Self.pass($0, gradient, output, result)
          }
        }
      }
    }
  }

  @inlinable
  static func pass(
    _ run: Range<Int>, _ gradient: UnsafeBufferPointer<Float>,
    _ output: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    for index in run { result[index] = output[index] > 0 ? gradient[index] : 0 }
  }

  @inlinable
  static func passPositive(
    _ run: Range<Int>, _ gradient: UnsafeBufferPointer<Float>,
    _ output: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    for index in run {
      let number = gradient[index]
      let positive = number < 0 ? number - number : number
      result[index] = output[index] > 0 ? positive : 0
    }
  }

  /// `sum += values`.
  @inlinable
  public static func add(_ values: Span<Float>, to sum: inout MutableSpan<Float>) {
    precondition(values.count == sum.count, "add: lengths differ")
    values.withUnsafeBufferPointer { values in
      sum.withUnsafeMutableBufferPointer { sum in
        ThreadPool.shared.parallelRuns(values.count) { Self.add($0, values, sum) }
      }
    }
  }

  @inlinable
  static func add(
    _ run: Range<Int>, _ values: UnsafeBufferPointer<Float>,
    _ sum: UnsafeMutableBufferPointer<Float>
  ) {
    for index in run { sum[index] += values[index] }
  }

  /// Whether no float32 of `numbers` is NaN or infinite: times 0 these give NaN, all others 0.
  @inlinable
  public static func isFinite(_ numbers: RawSpan) -> Bool {
    numbers.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return true }
      return ThreadPool.shared.allRuns(bytes.count / 4, length: 1 << 18) {
        Self.isFinite(base + $0.lowerBound * 4, count: $0.count)
      }
    }
  }

  @inlinable
  static func isFinite(_ numbers: UnsafeRawPointer, count: Int) -> Bool {
    let zero = Vector(repeating: 0)
    let width = Vector.width
    var sum0 = zero, sum1 = zero
    var index = 0
    while index + 2 * width <= count {
      let address = numbers + index * 4
      sum0 = sum0.addingProduct(.load(address), zero)
      sum1 = sum1.addingProduct(.load(address + width * 4), zero)
      index += 2 * width
    }
    var sum = (sum0 + sum1).sum()
    while index < count {
      sum += numbers.loadUnaligned(fromByteOffset: index * 4, as: Float.self) * 0
      index += 1
    }
    return sum == 0
  }
}
