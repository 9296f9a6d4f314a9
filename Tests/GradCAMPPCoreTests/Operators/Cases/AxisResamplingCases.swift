import GradCAMPPKernels

@testable import GradCAMPPCore

enum AxisResamplingCases: OperatorCaseFile {
  static let operation: any Operator.Type = AxisResampling.self

  static let rows: [OperatorCase] = everyRule + few + everyWay

  private static let everyRule = PaddingRule.allCases.map {
    padding([2, 4, 5, 3], [1: (2, 1), 2: (0, 3)], $0)
  }

  private static let few: [OperatorCase] = [
    padding([1, 3, 4, 2], [1: (7, 9)], .reflect),
    padding([1, 1, 4, 2], [1: (2, 1)], .reflect),
    padding([1, 6, 5, 4], [1: (-2, 1), 2: (1, -3)], .constant, fill: -0.75),
    // Axes around and behind the channels.
    padding([2, 3, 4, 5], [3: (2, 3)], .constant),
    padding([1, 9, 18], [1: (1, 4), 2: (1, 0)], .edge),
    padding([1, 3, 4, 5, 2], [1: (1, 0), 2: (0, 2), 3: (2, 2)], .wrap),
    padding([3, 7], [1: (2, 2)], .constant, fill: 1),
    padding([2, 21, 33, 19], [1: (3, 3), 2: (3, 2)], .reflect),
    resizing([1, 24, 17, 37], [1: 48, 2: 34], Interpolation(.linear, .halfPixel)),
    resizing(
      [2, 31, 20, 16], [1: 13, 2: 50],
      Interpolation(.cubic(a: -0.5, excludesOutside: false), .alignCorners)),
    resizing([1, 4, 3, 5, 2], [1: 6, 2: 7, 3: 3], Interpolation(.linear, .asymmetric)),
    resizing([1, 6, 3], [1: 15], Interpolation(.nearest(.floor), .asymmetric)),
    resizing([1, 5, 6], [2: 9], Interpolation(.linear, .pytorchHalfPixel)),
    resizing([1, 5, 4, 2], [1: 1, 2: 1], Interpolation(.linear, .pytorchHalfPixel)),
    resizing([1, 5, 4, 2], [1: 1, 2: 1], Interpolation(.linear, .alignCorners)),
  ]

  /// All coordinates with all methods, growing along one axis and shrinking along the other, by
  /// scales that give no whole extents.
  private static let everyWay: [OperatorCase] = {
    var methods = Interpolation.Rounding.allCases.map { Interpolation.Method.nearest($0) }
    methods += [.linear, .cubic(a: -0.75, excludesOutside: false)]
    methods += [.cubic(a: -0.5, excludesOutside: true)]
    return Interpolation.Coordinates.allCases.flatMap { coordinates in
      methods.map { method in
        resizing(
          [1, 4, 7, 2], [1: 10, 2: 4], scales: [1: 2.6, 2: 0.61],
          crop: coordinates == .tensorflowCrop ? (-0.15, 0.83) : (0, 1),
          Interpolation(method, coordinates))
      }
    }
  }()

  private static func padding(
    _ input: [Int], _ pads: [Int: (before: Int, behind: Int)], _ rule: PaddingRule,
    fill: Double = 0.5
  ) -> OperatorCase {
    let axes = pads.keys.sorted()
    let maps = axes.map { axis in
      let cells = pads[axis] ?? (0, 0)
      return (
        axis: axis,
        map: AxisMap.padding(input[axis], before: cells.before, behind: cells.behind, rule)
      )
    }
    return OperatorCase(
      "padding of \(Shape(input)) by \(axes.map { "\($0): \(pads[$0] ?? (0, 0))" }), \(rule)",
      input,
      AxisResampling("padding", maps, fill: Float(fill))
    ) { values, shape in
      axes.reduce(SlowTensor(shape.extents, values)) { tensor, axis in
        let cells = pads[axis] ?? (0, 0)
        return tensor.padded(
          axis: axis, before: cells.before, behind: cells.behind, rule.rawValue, fill: fill)
      }.values
    }
  }

  private static func resizing(
    _ input: [Int], _ outputs: [Int: Int], scales: [Int: Double] = [:],
    crop: (start: Double, end: Double) = (0, 1), _ way: Interpolation
  ) -> OperatorCase {
    let axes = outputs.keys.sorted()
    let scale = { (axis: Int) in
      scales[axis] ?? Double(outputs[axis] ?? 1) / Double(input[axis])
    }
    let slow = slow(way)
    let maps = axes.map { axis in
      (
        axis: axis,
        map: AxisMap.interpolation(
          input[axis], to: outputs[axis] ?? 1, scale: scale(axis), crop: crop, way)
      )
    }
    let factors = Dictionary(uniqueKeysWithValues: axes.map { ($0, scale($0)) })
    return OperatorCase(
      "resizing of \(Shape(input)) to \(axes.map { "\($0): \(outputs[$0] ?? 1)" }), \(way)", input,
      AxisResampling("resizing", maps, fill: 0.25)
    ) { values, shape in
      axes.reduce(SlowTensor(shape.extents, values)) { tensor, axis in
        slow.resized(
          tensor, axis: axis, to: outputs[axis] ?? 1, scale: factors[axis] ?? 1, crop: crop,
          fill: 0.25)
      }.values
    }
  }

  private static func slow(_ way: Interpolation) -> SlowInterpolation {
    var slow = SlowInterpolation(coordinates: way.coordinates.rawValue)
    switch way.method {
    case .nearest(let rounding): slow.rounding = rounding.rawValue
    case .linear: slow.mode = "linear"
    case .cubic(let a, let excludesOutside):
      (slow.mode, slow.a, slow.excludesOutside) = ("cubic", a, excludesOutside)
    }
    return slow
  }
}
