/// Weights of frameworks that have channels first, turned into those with channels last.
///
/// (outputs, channels, cells) becomes (cells, channels, outputs): of a convolution the cells are
/// the taps; of a dense layer behind a flattened (channels, height, width) they are its places, so
/// that the same step folds the order of the flattening into the rows.
public enum ChannelsLastWeights {
  /// Outputs that one task takes: whole cache lines of the result, read from as many rows at once.
  private static let width = 16

  /// Writes the rearranged float32 numbers, those of each output times its factor.
  ///
  /// `factors` is empty or has one number for each output.
  public static func write(
    _ weights: RawSpan, outputs: Int, channels: Int, cells: Int, factors: [Float],
    into result: inout MutableSpan<Float>
  ) {
    let row = channels * cells
    precondition(
      weights.byteCount == outputs * row * 4 && result.count == outputs * row
        && (factors.isEmpty || factors.count == outputs),
      "channels last: lengths do not fit")
    weights.withUnsafeBytes { weights in
      result.withUnsafeMutableBufferPointer { result in
        guard let weights = weights.baseAddress, let result = result.baseAddress else { return }
        ThreadPool.shared.parallel((outputs + width - 1) / width) { task, _ in
          let first = task * width
          let lanes = min(width, outputs - first)
          for channel in 0..<channels {
            for cell in 0..<cells {
              let source = weights + ((first * channels + channel) * cells + cell) * 4
              let target = result + (cell * channels + channel) * outputs + first
              for lane in 0..<lanes {
                target[lane] = source.loadUnaligned(
                  fromByteOffset: lane * row * 4, as: Float.self)
              }
              guard !factors.isEmpty else { continue }
              for lane in 0..<lanes { target[lane] *= factors[first + lane] }
            }
          }
        }
      }
    }
  }
}
