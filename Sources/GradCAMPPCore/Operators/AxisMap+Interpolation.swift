import GradCAMPPKernels

/// How numbers between the cells of an axis come about: ONNX's operator Resize
/// (https://onnx.ai/onnx/operators/onnx__Resize.html).
public struct Interpolation: Sendable {
  /// Which cells count, and how much.
  public enum Method: Hashable, Sendable {
    /// One cell, chosen by rounding.
    case nearest(Rounding)
    /// Two cells, by their distances.
    case linear
    /// Four cells, by a piecewise cubic function (Keys 1981, "Cubic Convolution Interpolation for
    /// Digital Image Processing", equation 8 with the parameter `a`); cells outside the axis are
    /// those at its ends or, if `excludesOutside`, nothing.
    case cubic(a: Double, excludesOutside: Bool)
  }

  /// How a coordinate becomes a cell.
  public enum Rounding: String, CaseIterable, Sendable {
    /// The nearer cell; halfway the lower one.
    case preferFloor = "round_prefer_floor"
    /// The nearer cell; halfway the upper one.
    case preferCeiling = "round_prefer_ceil"
    /// The cell below.
    case floor
    /// The cell above.
    case ceiling = "ceil"
  }

  /// Where the places of the result lie on the axis.
  public enum Coordinates: String, CaseIterable, Sendable {
    /// Centres of cells lie at halves.
    case halfPixel = "half_pixel"
    /// Likewise, about the middle of the axis, where the scale gives no whole extent.
    case halfPixelSymmetric = "half_pixel_symmetric"
    /// Likewise; a single place lies on the first cell.
    case pytorchHalfPixel = "pytorch_half_pixel"
    /// Half a cell behind those.
    case tensorflowHalfPixel = "tf_half_pixel_for_nn"
    /// Cells of both lie on whole numbers, the first on the first.
    case asymmetric
    /// Likewise, the last on the last.
    case alignCorners = "align_corners"
    /// From one fraction of the axis to another; outside it there is no source.
    case tensorflowCrop = "tf_crop_and_resize"
  }

  /// Which cells count.
  public let method: Method
  /// Where places lie.
  public let coordinates: Coordinates

  /// A way to interpolate.
  public init(_ method: Method, _ coordinates: Coordinates) {
    self.method = method
    self.coordinates = coordinates
  }
}

extension AxisMap {
  /// An axis of `input` cells taken to `output` cells; `scale` is about their quotient, and `crop`
  /// the fractions of the axis that `Coordinates.tensorflowCrop` takes.
  public static func interpolation(
    _ input: Int, to output: Int, scale: Double, crop: (start: Double, end: Double) = (0, 1),
    _ way: Interpolation
  ) -> AxisMap {
    AxisMap(
      input: input,
      (0..<output).map { place in
        let x = way.coordinate(Double(place), Double(input), Double(output), scale, crop)
        guard way.coordinates != .tensorflowCrop || (0...Double(input - 1)).contains(x) else {
          return []
        }
        return way.taps(x, cells: input)
      })
  }
}

extension Interpolation {
  fileprivate func coordinate(
    _ place: Double, _ input: Double, _ output: Double, _ scale: Double,
    _ crop: (start: Double, end: Double)
  ) -> Double {
    let halves = (place + 0.5) / scale - 0.5
    switch coordinates {
    case .halfPixel: return halves
    case .halfPixelSymmetric: return input / 2 * (1 - output / (scale * input)) + halves
    case .pytorchHalfPixel: return output > 1 ? halves : 0
    case .tensorflowHalfPixel: return halves + 0.5
    case .asymmetric: return place / scale
    case .alignCorners: return output > 1 ? place * (input - 1) / (output - 1) : 0
    case .tensorflowCrop:
      return output > 1
        ? (crop.start + place * (crop.end - crop.start) / (output - 1)) * (input - 1)
        : (crop.start + crop.end) / 2 * (input - 1)
    }
  }

  fileprivate func taps(_ x: Double, cells: Int) -> [AxisMap.Tap] {
    let last = Double(cells - 1)
    func cell(_ place: Double) -> Int { Int(min(max(place, 0), last)) }
    switch method {
    case .nearest(let rounding):
      let place =
        switch rounding {
        case .preferFloor: (x - 0.5).rounded(.up)
        case .preferCeiling: (x + 0.5).rounded(.down)
        case .floor: x.rounded(.down)
        case .ceiling: x.rounded(.up)
        }
      return [AxisMap.Tap(cell: cell(place), weight: 1)]
    case .linear:
      let place = min(max(x, 0), last).rounded(.down)
      let part = min(max(x, 0), last) - place
      return [
        AxisMap.Tap(cell: cell(place), weight: Float(1 - part)),
        AxisMap.Tap(cell: cell(place + 1), weight: Float(part)),
      ]
    case .cubic(let a, let excludesOutside):
      let first = x.rounded(.down)
      var terms = (-1...2).map { step in
        let place = first + Double(step)
        return (place: place, weight: Self.keys(abs(x - place), a))
      }
      if excludesOutside { terms.removeAll { $0.place < 0 || $0.place > last } }
      let sum = excludesOutside ? terms.reduce(0) { $0 + $1.weight } : 1
      return terms.map { AxisMap.Tap(cell: cell($0.place), weight: Float($0.weight / sum)) }
    }
  }

  /// Keys' function of a distance up to 2.
  private static func keys(_ distance: Double, _ a: Double) -> Double {
    distance <= 1
      ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
      : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
  }
}
