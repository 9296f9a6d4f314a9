// Interpolation once more, by the text of ONNX's operator Resize: every cell of an axis that goes on
// for ever at both ends is weighted by its distance.

/// What a Resize node says of how it interpolates, in its words.
struct SlowInterpolation {
  var mode = "nearest"
  var rounding = "round_prefer_floor"
  var coordinates = "half_pixel"
  var a = -0.75
  var excludesOutside = false

  /// Where a place of the result lies on the axis.
  private func coordinate(
    _ place: Double, _ input: Double, _ output: Double, _ scale: Double, _ crop: (Double, Double)
  ) -> Double {
    switch coordinates {
    case "half_pixel": (place + 0.5) / scale - 0.5
    case "pytorch_half_pixel": output == 1 ? 0 : (place + 0.5) / scale - 0.5
    case "half_pixel_symmetric":
      input / 2 * (1 - output / (input * scale)) + (place + 0.5) / scale - 0.5
    case "align_corners": output == 1 ? 0 : place * (input - 1) / (output - 1)
    case "asymmetric": place / scale
    case "tf_half_pixel_for_nn": (place + 0.5) / scale
    default:
      output == 1
        ? 0.5 * (crop.0 + crop.1) * (input - 1)
        : crop.0 * (input - 1) + place * (crop.1 - crop.0) * (input - 1) / (output - 1)
    }
  }

  private func weight(_ x: Double, _ cell: Double) -> Double {
    let distance = abs(x - cell)
    switch mode {
    case "linear": return max(0, 1 - distance)
    case "cubic":
      let (square, cube) = (distance * distance, distance * distance * distance)
      if distance >= 2 { return 0 }
      return distance <= 1
        ? (a + 2) * cube - (a + 3) * square + 1
        : a * cube - 5 * a * square + 8 * a * distance - 4 * a
    default:
      let (below, above) = (x.rounded(.down), x.rounded(.up))
      let part = x - below
      let chosen =
        switch rounding {
        case "floor": below
        case "ceil": above
        case "round_prefer_ceil": part < 0.5 ? below : above
        default: part <= 0.5 ? below : above
        }
      return cell == chosen ? 1 : 0
    }
  }

  /// The tensor with an axis taken to `output` places; those without a source are `fill`.
  func resized(
    _ x: SlowTensor, axis: Int, to output: Int, scale: Double, crop: (Double, Double) = (0, 1),
    fill: Double = 0
  ) -> SlowTensor {
    var extents = x.extents
    let input = extents[axis]
    extents[axis] = output
    return SlowTensor(extents) { index in
      let place = coordinate(
        Double(index[axis]), Double(input), Double(output), scale, crop)
      let isOutside = place < 0 || place > Double(input - 1)
      if coordinates == "tf_crop_and_resize", isOutside { return fill }
      var (sum, total) = (0.0, 0.0)
      for cell in -4..<input + 4 {
        let isInside = (0..<input).contains(cell)
        let share = excludesOutside && !isInside ? 0 : weight(place, Double(cell))
        var source = index
        source[axis] = min(max(cell, 0), input - 1)
        sum += share * x[source]
        total += share
      }
      return excludesOutside ? sum / total : sum
    }
  }
}

extension SlowTensor {
  /// The tensor with cells before and behind an axis, by NumPy's names of what is there.
  func padded(
    axis: Int, before: Int, behind: Int, _ mode: String, fill: Double = 0
  ) -> SlowTensor {
    let count = extents[axis]
    var longer = extents
    longer[axis] += before + behind
    return SlowTensor(longer) { index in
      var source = index
      var cell = index[axis] - before
      // One step at a time, until it is inside.
      while !(0..<count).contains(cell) {
        switch mode {
        case "edge": cell = cell < 0 ? 0 : count - 1
        case "wrap": cell += cell < 0 ? count : -count
        case "reflect" where count > 1: cell = cell < 0 ? -cell : 2 * (count - 1) - cell
        case "reflect": cell = 0
        default: return fill
        }
      }
      source[axis] = cell
      return self[source]
    }
  }
}
