import GradCAMPPKernelDispatch
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Kernels on shapes that nobody thought of: equal to their slow twins, and never outside the
/// memory they were given.
@Suite("Kernels on random shapes, between guarded pages")
struct RandomShapeTests {
  static let seeds = Array(UInt64(1)...6)
  private static let tiers = KernelDispatch.all.filter { $0.isSupported }
  private static let rounds = 60

  @Test("convolutions, forward and back", arguments: seeds)
  func convolutions(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    var drawn: Set<ConvolutionAlgorithm> = []
    for round in 0..<Self.rounds {
      let windows = RandomWindows(dilates: true, using: &random)
      let groups = [1, 1, 1, 1, 2, 3].randomElement(using: &random) ?? 1
      let channels = [1, 2, 3, 4, 5, 8, 9, 16, 16, 17, 32, 35]
      let inputs = groups * (channels.randomElement(using: &random) ?? 1)
      let outputs = groups * (channels.randomElement(using: &random) ?? 1)
      let geometry = try windows.geometry()
      let filter = FilterShape(
        kernel: geometry.kernel, inputs: inputs, outputs: outputs, groups: groups)
      let shape = Shape([windows.batch] + windows.spatial + [inputs])
      let output = windows.batch * geometry.output.count * outputs
      // The twin's time.
      guard filter.count * windows.batch * geometry.output.count < 400_000 else { continue }
      let weights = random.floats(filter.count), biases = random.floats(outputs)
      let input = random.floats(shape.count), outputGradient = random.floats(output)
      let addends = Bool.random(using: &random) ? random.floats(output) : nil
      let twin = SlowConvolution(
        kernel: windows.kernel, stride: windows.stride, dilation: windows.dilation,
        groups: groups, padding: windows.padding, weights: weights.map(Double.init),
        biases: biases.map(Double.init))
      var plain = twin(input.map(Double.init), shape)
      if let addends { plain = zip(plain, addends).map { $0 + Double($1) } }
      let gradient = twin.gradient(outputGradient.map(Double.init), shape)
      for kernels in Self.tiers {
        let edge: GuardedNumbers.Edge = round.isMultiple(of: 2) ? .first : .last
        let label = "\(kernels.name): \(windows), \(inputs) to \(outputs), groups \(groups)"
        let forward = ConvolutionStep(
          geometry: geometry, filter: filter, direction: .forward,
          epilogue: Epilogue(addsResidual: addends != nil, activation: .relu))
        let back = ConvolutionStep(
          geometry: geometry, filter: filter, direction: .gradient, epilogue: .none)
        drawn.formUnion([forward.algorithm, back.algorithm])
        let rounding = 2e-5 * (1 + ((plain + gradient).map(abs).max() ?? 0))
        expectClose(
          convolve(input, weights, biases, addends, forward, output, kernels, edge),
          plain.map { max($0, 0) }, absolute: rounding, "\(forward.algorithm), " + label)
        expectClose(
          convolve(outputGradient, weights, nil, nil, back, shape.count, kernels, edge), gradient,
          absolute: rounding, "gradient, \(back.algorithm), " + label)
      }
    }
    #expect(drawn.count >= 3)
  }

  private func convolve(
    _ source: [Float], _ weights: [Float], _ biases: [Float]?, _ addends: [Float]?,
    _ step: ConvolutionStep, _ count: Int, _ kernels: any KernelSet.Type,
    _ edge: GuardedNumbers.Edge
  ) -> [Float] {
    let layout = FilterLayout(step)
    let source = GuardedNumbers(source, edge), weights = GuardedNumbers(weights, edge)
    let packed = GuardedNumbers([Float](repeating: 0, count: layout.packedCount), edge)
    let scratch = GuardedNumbers(count: step.scratch, edge)
    let result = GuardedNumbers(count: count, edge)
    let biases = biases.map { GuardedNumbers($0, edge) }
    let addends = addends.map { GuardedNumbers($0, edge) }
    weights.read { weights in
      packed.write { kernels.packFilter(weights.bytes, layout, into: &$0) }
    }
    source.read { source in
      packed.read { packed in
        scratch.write { scratch in
          result.write { result in
            read(biases) { biases in
              read(addends) {
                kernels.convolve(
                  source, packed, step, bias: biases, residual: $0, scratch: &scratch,
                  into: &result)
              }
            }
          }
        }
      }
    }
    return result.values
  }

  private func read(_ numbers: GuardedNumbers?, _ body: (Span<Float>?) -> Void) {
    guard let numbers else { return body(nil) }
    numbers.read { body($0) }
  }

  @Test("max pooling, forward and back, with ties", arguments: seeds)
  func poolings(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    for round in 0..<Self.rounds {
      let windows = RandomWindows(dilates: false, using: &random)
      let channels = Int.random(in: 1...40, using: &random)
      let geometry = try windows.geometry()
      let shape = Shape([windows.batch] + windows.spatial + [channels])
      let values = (0..<shape.count).map { _ in Float(Int.random(in: -3...3, using: &random)) }
      let twin = SlowMaxPooling(
        kernel: windows.kernel, stride: windows.stride, padding: windows.padding)
      let expected = twin(values.map(Double.init), shape)
      let outputGradient = random.floats(expected.count)
      let expectedGradient = twin.gradient(
        outputGradient.map(Double.init), values.map(Double.init), shape)
      let edge: GuardedNumbers.Edge = round.isMultiple(of: 2) ? .first : .last
      for kernels in Self.tiers {
        let label = "\(kernels.name): \(windows), channels \(channels)"
        let input = GuardedNumbers(values, edge)
        let output = GuardedNumbers(count: expected.count, edge)
        input.read { input in
          output.write { kernels.maxPool(input, geometry, channels: channels, into: &$0) }
        }
        expectClose(output.values, expected, absolute: 0, label)
        let gradient = GuardedNumbers(outputGradient, edge)
        let result = GuardedNumbers(count: values.count, edge)
        gradient.read { gradient in
          input.read { input in
            output.read { output in
              result.write {
                kernels.maxPoolGradient(
                  gradient, input: input, output: output, geometry, channels: channels, into: &$0)
              }
            }
          }
        }
        expectClose(result.values, expectedGradient, absolute: 1e-5, "gradient, " + label)
      }
    }
  }

  @Test("dense layers, forward and back", arguments: seeds)
  func denses(seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    for round in 0..<Self.rounds {
      let shape = DenseShape(
        batch: Int.random(in: 1...4, using: &random),
        inputs: Int.random(in: 1...(round.isMultiple(of: 3) ? 600 : 40), using: &random),
        outputs: Int.random(in: 1...70, using: &random))
      let edge: GuardedNumbers.Edge = round.isMultiple(of: 2) ? .first : .last
      // Zeros, whose rows are not read.
      let input = random.floats(shape.batch * shape.inputs).map { max($0, 0) }
      let weights = random.floats(shape.inputs * shape.outputs)
      let biases = random.floats(shape.outputs)
      let gradient = random.floats(shape.batch * shape.outputs)
      func weight(_ row: Int, _ column: Int) -> Double {
        Double(weights[row * shape.outputs + column])
      }
      let expected = (0..<shape.batch * shape.outputs).map { index in
        let (item, output) = index.quotientAndRemainder(dividingBy: shape.outputs)
        return (0..<shape.inputs).reduce(Double(biases[output])) {
          $0 + Double(input[item * shape.inputs + $1]) * weight($1, output)
        }
      }
      let expectedGradient = (0..<shape.batch * shape.inputs).map { index in
        let (item, row) = index.quotientAndRemainder(dividingBy: shape.inputs)
        return (0..<shape.outputs).reduce(0.0) {
          $0 + Double(gradient[item * shape.outputs + $1]) * weight(row, $1)
        }
      }
      for kernels in Self.tiers {
        let inputs = GuardedNumbers(input, edge), matrix = GuardedNumbers(weights, edge)
        let offsets = GuardedNumbers(biases, edge)
        let scratch = GuardedNumbers(count: shape.scratch, edge)
        let output = GuardedNumbers(count: expected.count, edge)
        let gradients = GuardedNumbers(gradient, edge)
        let result = GuardedNumbers(count: expectedGradient.count, edge)
        matrix.read { matrix in
          inputs.read { inputs in
            offsets.read { offsets in
              scratch.write { scratch in
                output.write {
                  kernels.dense(
                    inputs, matrix.bytes, bias: offsets, shape: shape, epilogue: .none,
                    residual: nil, scratch: &scratch, into: &$0)
                }
              }
            }
          }
          gradients.read { gradients in
            result.write {
              kernels.denseGradient(gradients, matrix.bytes, shape: shape, into: &$0)
            }
          }
        }
        expectClose(output.values, expected, absolute: 1e-4, "\(kernels.name): \(shape)")
        expectClose(
          result.values, expectedGradient, absolute: 1e-4, "gradient, \(kernels.name): \(shape)")
      }
    }
  }
}
