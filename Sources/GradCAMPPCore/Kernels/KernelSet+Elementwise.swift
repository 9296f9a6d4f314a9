// Loops over elements. They run at memory speed; a task is a run of 16384 elements (64 KiB), so
// that the split depends on the length alone.

extension KernelSet {
  /// `output = input > 0 ? input : 0`; a NaN becomes 0, as in a comparison.
  @inlinable
  public static func rectify(_ input: Span<Float>, into output: inout MutableSpan<Float>) {
    precondition(input.count == output.count, "rectify: lengths differ")
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        forEachRun(input.count) { run in
          for index in run { output[index] = input[index] > 0 ? input[index] : 0 }
        }
      }
    }
  }

  /// Passes `outputGradient` where `output > 0`.
  ///
  /// With `onlyPositive` only where it is itself positive: guided backpropagation (Springenberg
  /// et al. 2015, section 3.4).
  @inlinable
  public static func rectifyGradient(
    _ outputGradient: Span<Float>, output: Span<Float>, onlyPositive: Bool,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      outputGradient.count == output.count && output.count == inputGradient.count,
      "rectifyGradient: lengths differ")
    // Gradients at or below the floor are dropped: all below 0, or none.
    let floor: Float = onlyPositive ? 0 : -.infinity
    outputGradient.withUnsafeBufferPointer { gradient in
      output.withUnsafeBufferPointer { output in
        inputGradient.withUnsafeMutableBufferPointer { result in
          forEachRun(output.count) { run in
            for index in run {
              let value = gradient[index] > floor ? gradient[index] : 0
              result[index] = output[index] > 0 ? value : 0
            }
          }
        }
      }
    }
  }

  /// `sum += values`.
  @inlinable
  public static func add(_ values: Span<Float>, to sum: inout MutableSpan<Float>) {
    precondition(values.count == sum.count, "add: lengths differ")
    values.withUnsafeBufferPointer { values in
      sum.withUnsafeMutableBufferPointer { sum in
        forEachRun(values.count) { run in
          for index in run { sum[index] += values[index] }
        }
      }
    }
  }

  /// Whether no float32 of `numbers` is NaN or infinite: times 0 these give NaN, all others 0.
  @inlinable
  public static func isFinite(_ numbers: RawSpan) -> Bool {
    numbers.withUnsafeBytes { bytes in
      var products = SIMD8<Float>()
      let count = bytes.count / 4
      var index = 0
      while index + 8 <= count {
        products += bytes.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self) * 0
        index += 8
      }
      var product = products.sum()
      while index < count {
        product += bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self) * 0
        index += 1
      }
      return product == 0
    }
  }

  /// Calls `body` with consecutive runs that cover `0..<count`, on several threads.
  @inlinable @inline(__always)
  static func forEachRun(_ count: Int, _ body: (Range<Int>) -> Void) {
    let length = 16384
    ThreadPool.shared.parallel((count + length - 1) / length) { task, _ in
      body(task * length..<min(count, (task + 1) * length))
    }
  }
}
