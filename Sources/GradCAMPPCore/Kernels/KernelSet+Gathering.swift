// Places of an axis by their numbers, in any order and any number of times. Bound by memory. Going
// back, each task adds what arrives for one outer place and a part of the inner axes, in the order
// of the numbers.

extension KernelSet {
  /// `output[o, k, i] = input[o, indices[k], i]`, of indices of a machine word each, all of them
  /// places of the axis.
  @inlinable
  public static func gather(
    _ input: Span<Float>, _ stretch: AxisStretch, indices: RawSpan,
    into output: inout MutableSpan<Float>
  ) {
    let count = indices.byteCount / 8
    precondition(
      input.count == stretch.elements && output.count == stretch.cells * count,
      "gather: lengths do not fit")
    let inner = stretch.inner
    input.withUnsafeBufferPointer { input in
      indices.withUnsafeBytes { indices in
        output.withUnsafeMutableBufferPointer { output in
          guard let input = input.baseAddress, let output = output.baseAddress,
            let indices = indices.baseAddress
          else { return }
          ThreadPool.shared.parallelRuns(stretch.outer * count, length: max(1, 16384 / inner)) {
            run in
            for line in run {
              let (place, index) = line.quotientAndRemainder(dividingBy: count)
              let chosen = indices.loadUnaligned(fromByteOffset: index * 8, as: Int.self)
              Self.copyLine(
                input + (place * stretch.count + chosen) * inner, 1, output + line * inner, 1, inner
              )
            }
          }
        }
      }
    }
  }

  /// `inputGradient[o, j, i] = Σ outputGradient[o, k, i]` over the k with `indices[k] = j`.
  @inlinable
  public static func gatherGradient(
    _ outputGradient: Span<Float>, _ stretch: AxisStretch, indices: RawSpan,
    into inputGradient: inout MutableSpan<Float>
  ) {
    let count = indices.byteCount / 8
    precondition(
      inputGradient.count == stretch.elements && outputGradient.count == stretch.cells * count,
      "gatherGradient: lengths do not fit")
    let inner = stretch.inner
    let part = 1024
    let parts = (inner + part - 1) / part
    outputGradient.withUnsafeBufferPointer { gradient in
      indices.withUnsafeBytes { indices in
        inputGradient.withUnsafeMutableBufferPointer { result in
          guard let gradient = gradient.baseAddress, let result = result.baseAddress,
            let indices = indices.baseAddress
          else { return }
          ThreadPool.shared.parallel(stretch.outer * parts) { task, _ in
            let (place, first) = (task / parts, task % parts * part)
            let length = min(part, inner - first)
            let target = result + place * stretch.count * inner + first
            for index in 0..<stretch.count {
              (target + index * inner).update(repeating: 0, count: length)
            }
            for index in 0..<count {
              let chosen = indices.loadUnaligned(fromByteOffset: index * 8, as: Int.self)
              Self.addLine(
                gradient + (place * count + index) * inner + first, length,
                to: target + chosen * inner)
            }
          }
        }
      }
    }
  }

  /// `sum += values`.
  @inlinable @inline(__always)
  static func addLine(
    _ values: UnsafePointer<Float>, _ count: Int, to sum: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index + Vector.width <= count {
      (Vector.load(sum + index) + .load(values + index)).store(sum + index)
      index += Vector.width
    }
    while index < count {
      sum[index] += values[index]
      index += 1
    }
  }
}
