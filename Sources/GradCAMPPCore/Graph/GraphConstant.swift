import GradCAMPPKernels

/// A tensor that a file gives: weights, which stay where they lie, or a few whole numbers.
public struct GraphConstant: Sendable {
  /// The numbers.
  public enum Numbers: Sendable {
    /// float32, borrowed or mapped wherever that is possible.
    case floats(WeightArray)
    /// Shapes, axes and the like.
    case integers([Int])
    /// Quantised numbers of 8 bits, with or without a sign.
    case bytes([UInt8], isSigned: Bool)
  }

  /// The extents as operations count them.
  public let shape: Shape

  /// How the numbers lie.
  public let order: AxisOrder

  /// The numbers, in that order.
  public let numbers: Numbers

  /// What the numbers at each place of an axis are still to be multiplied by: weights are scaled
  /// when they are next copied, not before.
  public struct Scaling: Sendable {
    /// The axis, as operations count it.
    public let axis: Int
    /// A factor for each place.
    public let factors: [Float]
  }

  /// Factors to multiply by; nil for none.
  public let scaling: Scaling?

  /// Weights whose axes lie in `order`, by default as operations count them.
  public init(_ array: WeightArray, order: AxisOrder? = nil) {
    let order = order ?? .plain(array.shape.rank)
    precondition(order.rank == array.shape.rank, "an order of another rank")
    self.init(
      shape: Shape((0..<order.rank).map { array.shape[order.place(of: $0)] }), order: order,
      numbers: .floats(array), scaling: nil)
  }

  /// Numbers in memory of their own.
  public init(_ shape: Shape, _ values: [Float]) throws(GradCAMError) {
    self.init(WeightArray(try Tensor(shape, values)))
  }

  /// Whole numbers of a shape.
  public init(integers: [Int], shape: Shape? = nil) {
    let shape = shape ?? Shape([integers.count])
    precondition(shape.count == integers.count, "element count does not fit the shape")
    self.init(
      shape: shape, order: .plain(shape.rank), numbers: .integers(integers), scaling: nil)
  }

  /// Quantised numbers of 8 bits.
  public init(bytes: [UInt8], isSigned: Bool, shape: Shape) {
    precondition(shape.count == bytes.count, "element count does not fit the shape")
    self.init(
      shape: shape, order: .plain(shape.rank), numbers: .bytes(bytes, isSigned: isSigned),
      scaling: nil)
  }

  private init(shape: Shape, order: AxisOrder, numbers: Numbers, scaling: Scaling?) {
    self.shape = shape
    self.order = order
    self.numbers = numbers
    self.scaling = scaling
  }

  /// The whole numbers; nil for weights.
  public var integers: [Int]? {
    switch numbers {
    case .floats: nil
    case .integers(let values): values
    case .bytes(let bytes, isSigned: false): bytes.map { Int($0) }
    case .bytes(let bytes, isSigned: true): bytes.map { Int(Int8(bitPattern: $0)) }
    }
  }

  /// Whether whole numbers may be negative: all but those of 8 bits without a sign.
  public var isSigned: Bool {
    if case .bytes(_, isSigned: false) = numbers { false } else { true }
  }

  /// Whether these are float32 numbers.
  public var isFloat: Bool {
    if case .floats = numbers { true } else { false }
  }

  /// The constant with each place of an axis multiplied by a factor, without touching a number.
  ///
  /// Factors that are there already, of the same axis, are multiplied.
  public func scaled(axis: Int, by factors: [Float]) -> GraphConstant {
    precondition(isFloat && factors.count == shape[axis], "not one factor for each place")
    precondition(scaling == nil || scaling?.axis == axis, "scaled along another axis")
    let earlier = scaling?.factors ?? []
    return GraphConstant(
      shape: shape, order: order, numbers: numbers,
      scaling: Scaling(
        axis: axis, factors: earlier.isEmpty ? factors : zip(earlier, factors).map { $0 * $1 }))
  }

  /// The constant with its axes counted anew, axis j being what `perm[j]` was: no number moves.
  public func transposed(_ perm: [Int]) -> GraphConstant {
    if let values = integers {
      return GraphConstant(
        integers: PermutedArray.permuted(values, shape, to: perm),
        shape: Shape(perm.map { shape[$0] }))
    }
    return GraphConstant(
      shape: Shape(perm.map { shape[$0] }), order: order.counted(by: perm), numbers: numbers,
      scaling: scaling.map {
        Scaling(axis: perm.firstIndex(of: $0.axis) ?? $0.axis, factors: $0.factors)
      })
  }

  /// The numbers in another order of the axes, multiplied by their factors.
  ///
  /// They stay where they are if they lie so and have no factors.
  public func array(in wanted: AxisOrder) throws(GradCAMError) -> WeightArray {
    guard case .floats(let array) = numbers else {
      let values = transposed(wanted.axes).integers ?? []
      return WeightArray(try Tensor(wanted.stored(shape), values.map(Float.init)))
    }
    if scaling == nil, order.coincides(with: wanted, for: shape) {
      return array.viewed(as: wanted.stored(shape))
    }
    // What files of PyTorch and ONNX hold, turned in one pass by all threads.
    let isFilter = wanted.axes == Array(2..<max(shape.rank, 2)) + [1, 0]
    if order.isPlain, shape.rank >= 2, isFilter, scaling.map({ $0.axis == 0 }) ?? true {
      return try array.channelsLast(
        channels: shape[1], factors: scaling?.factors ?? [], shape: wanted.stored(shape))
    }
    return try array.permuted(
      order.permutation(to: wanted),
      scaling: scaling.map { (place: order.place(of: $0.axis), factors: $0.factors) })
  }

  /// The numbers with axes as operations count them.
  public func array() throws(GradCAMError) -> WeightArray { try array(in: .plain(shape.rank)) }

  /// The numbers with axes as operations count them, as a Swift array: for small tensors.
  ///
  /// Throws `badData` for more than a list of channels would have.
  public func floats() throws(GradCAMError) -> [Float] {
    if case .floats(let array) = numbers, array.shape.count > WeightArray.longestList {
      return try array.floats("a tensor")
    }
    return try array().floats()
  }

  /// The constant with other extents of as many elements; copied only if it does not lie plainly.
  public func reshaped(_ shape: Shape) throws(GradCAMError) -> GraphConstant {
    precondition(shape.count == self.shape.count, "another number of elements")
    if let integers { return GraphConstant(integers: integers, shape: shape) }
    return GraphConstant(try array().viewed(as: shape))
  }
}
