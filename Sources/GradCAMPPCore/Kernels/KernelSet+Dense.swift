// Dense layers, y = x W + b, with W (inputs, outputs) read straight from the mapped file.
//
// Serves any extents and batch. Both directions read W once, row by row, and are bound by memory,
// which they read at 97-114 % of the speed measured by itself: 411 MB for VGG16's fc6. Weights
// may lie at any address, since a pickle does not align its strings.
//
// Forward: a task is a segment of 256 rows, which it adds up into a partial sum of its own; rows
// whose inputs are all zero are not read (after ReLU and pooling most are), the others are taken
// four at a time, so that the partial sum is loaded and stored once for four rows. The partial
// sums are then added in order. Backward: a task is 64 rows, each a dot product, four at a time.

/// The extents of a dense layer's product.
public struct DenseShape: Hashable, Sendable {
  /// Number of inputs in the batch.
  public let batch: Int
  /// Rows of the matrix.
  public let inputs: Int
  /// Columns of the matrix.
  public let outputs: Int

  /// Extents of a product of `batch` inputs.
  public init(batch: Int, inputs: Int, outputs: Int) {
    self.batch = batch
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Rows of one task.
  @inlinable public static var rowsPerTask: Int { 256 }

  /// Number of tasks.
  @inlinable public var segments: Int {
    (inputs + Self.rowsPerTask - 1) / Self.rowsPerTask
  }

  /// Elements of scratch that the forward product needs: a partial sum for each task.
  public var scratch: Int { segments * batch * outputs }
}

extension KernelSet {
  /// `output = input W + bias`, then the epilogue, whose addends are `residual`.
  @inlinable
  public static func dense(
    _ input: Span<Float>, _ weights: RawSpan, bias: Span<Float>, shape: DenseShape,
    epilogue: Epilogue, residual: Span<Float>?, scratch: inout MutableSpan<Float>,
    into output: inout MutableSpan<Float>
  ) {
    precondition(
      input.count == shape.batch * shape.inputs && output.count == shape.batch * shape.outputs
        && weights.byteCount == shape.inputs * shape.outputs * 4 && bias.count == shape.outputs
        && epilogue.addsResidual == (residual != nil) && scratch.count >= shape.scratch,
      "dense: lengths do not fit the shape")
    let size = shape.batch * shape.outputs
    input.withUnsafeBufferPointer { input in
      weights.withUnsafeBytes { weights in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let input = input.baseAddress, let weights = weights.baseAddress,
            let scratch = scratch.baseAddress
          else { return }
          ThreadPool.shared.parallel(shape.segments) { segment, _ in
            let rows =
              segment
              * DenseShape.rowsPerTask..<min(shape.inputs, (segment + 1) * DenseShape.rowsPerTask)
            Self.addRows(rows, input, weights, shape, to: scratch + segment * size)
          }
        }
      }
    }
    withAddresses(bias, shape.outputs, residual, output.count) { bias, residual in
      scratch.withUnsafeMutableBufferPointer { scratch in
        output.withUnsafeMutableBufferPointer { output in
          guard let scratch = scratch.baseAddress, let output = output.baseAddress else { return }
          let finish = Finish(
            bias: bias, residual: residual, result: output, activation: epilogue.activation)
          let length = 512
          ThreadPool.shared.parallelRuns(size, length: length) { run in
            Self.addSegments(run, scratch, shape, finish, into: output)
          }
        }
      }
    }
  }

  /// Adds up bias and partial sums, in order, then ends with the epilogue.
  @inlinable
  static func addSegments(
    _ run: Range<Int>, _ scratch: UnsafePointer<Float>, _ shape: DenseShape, _ finish: Finish,
    into output: UnsafeMutablePointer<Float>
  ) {
    let size = shape.batch * shape.outputs
    var index = run.lowerBound
    while index < run.upperBound {
      let column = index % shape.outputs
      let count = min(Vector.width, run.upperBound - index, shape.outputs - column)
      var sum = finish.bias.map { loaded($0 + column, count) } ?? Vector(repeating: 0)
      for segment in 0..<shape.segments {
        sum = sum + loaded(scratch + segment * size + index, count)
      }
      Self.finish(sum, finish, count, to: output + index)
      index += count
    }
    activate(
      output + run.lowerBound, rows: 1, width: run.count, stride: run.count, finish)
  }

  /// `partial = input[rows] W[rows]`, skipping rows that no input of the batch needs.
  @inlinable
  static func addRows(
    _ rows: Range<Int>, _ input: UnsafePointer<Float>, _ weights: UnsafeRawPointer,
    _ shape: DenseShape, to partial: UnsafeMutablePointer<Float>
  ) {
    partial.update(repeating: 0, count: shape.batch * shape.outputs)
    // Four rows that are needed; missing ones repeat the last with a factor of 0.
    var pending = SIMD4<Int>(repeating: 0)
    var count = 0
    var row = rows.lowerBound
    while row < rows.upperBound || count > 0 {
      while row < rows.upperBound, count < 4 {
        var isNeeded = false
        for item in 0..<shape.batch where input[item * shape.inputs + row] != 0 { isNeeded = true }
        if isNeeded {
          pending[count] = row
          count += 1
        }
        row += 1
      }
      guard count > 0 else { return }
      for missing in count..<4 { pending[missing] = pending[count - 1] }
      let stride = shape.outputs * 4
      for item in 0..<shape.batch {
        var factors = SIMD4<Float>()
        for index in 0..<count { factors[index] = input[item * shape.inputs + pending[index]] }
        addFourRows(
          weights + pending[0] * stride, weights + pending[1] * stride,
          weights + pending[2] * stride, weights + pending[3] * stride, factors,
          count: shape.outputs, to: partial + item * shape.outputs)
      }
      count = 0
    }
  }

  /// `sum += f0 r0 + f1 r1 + f2 r2 + f3 r3`.
  @inlinable @inline(__always)
  static func addFourRows(
    _ row0: UnsafeRawPointer, _ row1: UnsafeRawPointer, _ row2: UnsafeRawPointer,
    _ row3: UnsafeRawPointer, _ factors: SIMD4<Float>, count: Int,
    to sum: UnsafeMutablePointer<Float>
  ) {
    let f0 = Vector(repeating: factors[0]), f1 = Vector(repeating: factors[1])
    let f2 = Vector(repeating: factors[2]), f3 = Vector(repeating: factors[3])
    var column = 0
    while column + Vector.width <= count {
      let byte = column * 4
      var total = Vector.load(sum + column)
      total = total.addingProduct(f0, .load(row0 + byte))
      total = total.addingProduct(f1, .load(row1 + byte))
      total = total.addingProduct(f2, .load(row2 + byte))
      total = total.addingProduct(f3, .load(row3 + byte))
      total.store(sum + column)
      column += Vector.width
    }
    while column < count {
      let byte = column * 4
      sum[column] += factors[0] * (row0 + byte).loadUnaligned(as: Float.self)
      sum[column] += factors[1] * (row1 + byte).loadUnaligned(as: Float.self)
      sum[column] += factors[2] * (row2 + byte).loadUnaligned(as: Float.self)
      sum[column] += factors[3] * (row3 + byte).loadUnaligned(as: Float.self)
      column += 1
    }
  }

  /// `inputGradient = outputGradient Wᵀ`.
  @inlinable
  public static func denseGradient(
    _ outputGradient: Span<Float>, _ weights: RawSpan, shape: DenseShape,
    into inputGradient: inout MutableSpan<Float>
  ) {
    precondition(
      outputGradient.count == shape.batch * shape.outputs
        && inputGradient.count == shape.batch * shape.inputs
        && weights.byteCount == shape.inputs * shape.outputs * 4,
      "denseGradient: lengths do not fit the shape")
    outputGradient.withUnsafeBufferPointer { gradient in
      weights.withUnsafeBytes { weights in
        inputGradient.withUnsafeMutableBufferPointer { result in
          guard let gradient = gradient.baseAddress, let weights = weights.baseAddress,
            let result = result.baseAddress
          else { return }
          let length = 64
          ThreadPool.shared.parallel((shape.inputs + length - 1) / length) { task, _ in
            Self.dotRows(
              task * length..<min(shape.inputs, (task + 1) * length), gradient, weights, shape,
              into: result)
          }
        }
      }
    }
  }

  /// `result[rows] = gradient W[rows]ᵀ`, four rows at a time: four streams from memory.
  @inlinable
  static func dotRows(
    _ rows: Range<Int>, _ gradient: UnsafePointer<Float>, _ weights: UnsafeRawPointer,
    _ shape: DenseShape, into result: UnsafeMutablePointer<Float>
  ) {
    let stride = shape.outputs * 4
    // The last row stands in for missing ones; its sum is written again.
    let last = rows.upperBound - 1
    var row = rows.lowerBound
    while row <= last {
      let (row1, row2, row3) = (min(row + 1, last), min(row + 2, last), min(row + 3, last))
      for item in 0..<shape.batch {
        let dots = dotFourRows(
          weights + row * stride, weights + row1 * stride, weights + row2 * stride,
          weights + row3 * stride, gradient + item * shape.outputs, count: shape.outputs)
        let sums = result + item * shape.inputs
        sums[row] = dots[0]
        sums[row1] = dots[1]
        sums[row2] = dots[2]
        sums[row3] = dots[3]
      }
      row += 4
    }
  }

  /// Four dot products, each in two accumulators.
  @inlinable @inline(__always)
  static func dotFourRows(
    _ row0: UnsafeRawPointer, _ row1: UnsafeRawPointer, _ row2: UnsafeRawPointer,
    _ row3: UnsafeRawPointer, _ values: UnsafePointer<Float>, count: Int
  ) -> SIMD4<Float> {
    let zero = Vector(repeating: 0)
    var a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero
    let width = Vector.width
    var column = 0
    while column + 2 * width <= count {
      let (byte0, byte1) = (column * 4, (column + width) * 4)
      let value0 = Vector.load(values + column), value1 = Vector.load(values + column + width)
      a0 = a0.addingProduct(.load(row0 + byte0), value0)
      b0 = b0.addingProduct(.load(row1 + byte0), value0)
      c0 = c0.addingProduct(.load(row2 + byte0), value0)
      d0 = d0.addingProduct(.load(row3 + byte0), value0)
      a1 = a1.addingProduct(.load(row0 + byte1), value1)
      b1 = b1.addingProduct(.load(row1 + byte1), value1)
      c1 = c1.addingProduct(.load(row2 + byte1), value1)
      d1 = d1.addingProduct(.load(row3 + byte1), value1)
      column += 2 * width
    }
    var dots = SIMD4((a0 + a1).sum(), (b0 + b1).sum(), (c0 + c1).sum(), (d0 + d1).sum())
    while column < count {
      let byte = column * 4
      let weights = SIMD4(
        row0.loadUnaligned(fromByteOffset: byte, as: Float.self),
        row1.loadUnaligned(fromByteOffset: byte, as: Float.self),
        row2.loadUnaligned(fromByteOffset: byte, as: Float.self),
        row3.loadUnaligned(fromByteOffset: byte, as: Float.self))
      dots += weights * values[column]
      column += 1
    }
    return dots
  }
}
