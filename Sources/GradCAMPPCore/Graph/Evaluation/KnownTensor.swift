import GradCAMPPKernels

/// A tensor of which every number is known before a picture is seen, with axes as operations count
/// them.
struct KnownTensor: Sendable {
  /// The numbers, outermost axis first.
  enum Numbers: Sendable {
    /// float32.
    case floats([Float])
    /// Whole numbers, and 0 or 1 for no and yes.
    case integers([Int])
  }

  /// The extents.
  let shape: Shape

  /// The numbers.
  let numbers: Numbers

  /// The most numbers that one tensor may have.
  static let largestCount = WeightArray.longestList

  /// Numbers of a shape that has as many elements.
  init(_ shape: Shape, _ numbers: Numbers) {
    self.shape = shape
    self.numbers = numbers
  }

  /// Whole numbers along one axis.
  init(list integers: [Int]) { self.init(Shape([integers.count]), .integers(integers)) }

  /// The numbers of a constant.
  init(_ constant: GraphConstant) throws(GradCAMError) {
    shape = constant.shape
    if let integers = constant.integers {
      numbers = .integers(integers)
    } else {
      numbers = .floats(try constant.floats())
    }
  }

  /// The tensor as a graph has it.
  func constant() throws(GradCAMError) -> GraphConstant {
    switch numbers {
    case .floats(let values): try GraphConstant(shape, values)
    case .integers(let values): GraphConstant(integers: values, shape: shape)
    }
  }

  /// Whole numbers; nil for fractions.
  var integers: [Int]? {
    if case .integers(let values) = numbers { values } else { nil }
  }

  /// The numbers as float32.
  var floats: [Float] {
    switch numbers {
    case .floats(let values): values
    case .integers(let values): values.map(Float.init)
    }
  }

  /// The tensor of the elements at these places, counted from the outermost axis on.
  func picked(_ places: [Int], _ shape: Shape) -> KnownTensor {
    precondition(places.count == shape.count, "another number of elements")
    switch numbers {
    case .floats(let values): return KnownTensor(shape, .floats(places.map { values[$0] }))
    case .integers(let values): return KnownTensor(shape, .integers(places.map { values[$0] }))
    }
  }

  /// The same numbers with other extents.
  func reshaped(_ shape: Shape) -> KnownTensor {
    precondition(shape.count == self.shape.count, "another number of elements")
    return KnownTensor(shape, numbers)
  }

  /// Places in a tensor of `shape` of the elements of `result`, over which it is spread: axes are
  /// matched from the innermost on, and one of extent 1 stands for any.
  static func spreadPlaces(_ shape: Shape, over result: Shape) -> [Int] {
    let missing = result.rank - shape.rank
    var strides = [Int](repeating: 0, count: result.rank)
    var stride = 1
    for axis in shape.extents.indices.reversed() {
      if shape[axis] != 1 { strides[missing + axis] = stride }
      stride *= shape[axis]
    }
    return places(result, strides: strides)
  }

  /// For each element of a tensor of `shape`, the sum of `strides[axis]` times its index there.
  static func places(_ shape: Shape, strides: [Int], from start: Int = 0) -> [Int] {
    var places = [start]
    for (extent, stride) in zip(shape.extents, strides) {
      places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
    }
    return places
  }

  /// How far apart neighbours lie along each axis of a tensor of `shape`.
  static func strides(_ shape: Shape) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in shape.extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }
}
