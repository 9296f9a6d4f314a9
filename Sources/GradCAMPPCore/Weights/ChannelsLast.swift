import GradCAMPPKernels

extension WeightArray {
  /// The numbers of (outputs, channels, cells…) as (cells…, channels, outputs), in memory of their
  /// own, those of each output times its factor if there are factors.
  ///
  /// `channels` divides the elements of an output: a dense layer's inputs may be a flattened
  /// (channels, height, width). `shape` is the result's, of as many elements.
  public func channelsLast(
    channels: Int, factors: [Float] = [], shape result: Shape
  ) throws(GradCAMError) -> WeightArray {
    let outputs = shape[0]
    let slot = TensorSlot(offset: 0, shape: result)
    // Not zeroed: every element is written, and pages are first touched by the threads that do.
    let block = try MemoryBlock<Float>(count: result.count)
    read { bytes in
      block.write(slot) { span in
        ChannelsLastWeights.write(
          bytes, outputs: outputs, channels: channels,
          cells: shape.count / max(outputs * channels, 1), factors: factors, into: &span)
      }
    }
    return WeightArray(Tensor(block, slot))
  }
}
