extension SlowGraph {
  /// Operations that add, take away and move cells.
  static let cells: [String: @Sendable (SlowNode) -> SlowTensor] = [
    "Pad": { node in
      let x = node[0]
      let pads = node.integers(1, or: "pads")
      let fill = node.optional(2)?.values[0] ?? node.number("value") ?? 0
      let axes = node.optional(3)?.values.map { Int($0) } ?? Array(x.extents.indices)
      return axes.enumerated().reduce(x) { tensor, axis in
        tensor.padded(
          axis: axis.element < 0 ? axis.element + x.extents.count : axis.element,
          before: pads[axis.offset], behind: pads[axes.count + axis.offset],
          node.text("mode") ?? "constant", fill: fill)
      }
    },
    "Resize": { node in resized(node) },
    "Upsample": { node in resized(node) },
    "DepthToSpace": { node in
      let x = node.channelsFirst
      let block = node.integer("blocksize") ?? 1
      let channels = x.extents[1] / (block * block)
      return node.inLayout(
        SlowTensor([x.extents[0], channels, x.extents[2] * block, x.extents[3] * block]) { index in
          let (row, column) = (index[2] % block, index[3] % block)
          let channel =
            node.text("mode") == "CRD"
            ? (index[1] * block + row) * block + column
            : (row * block + column) * channels + index[1]
          return x[[index[0], channel, index[2] / block, index[3] / block]]
        })
    },
    "SpaceToDepth": { node in
      let x = node.channelsFirst
      let block = node.integer("blocksize") ?? 1
      let channels = x.extents[1]
      return node.inLayout(
        SlowTensor(
          [x.extents[0], channels * block * block, x.extents[2] / block, x.extents[3] / block]
        ) { index in
          let isOutermost = node.text("mode") == "CRD"
          let (square, channel) =
            isOutermost
            ? (index[1] % (block * block), index[1] / (block * block))
            : (index[1] / channels, index[1] % channels)
          return x[
            [
              index[0], channel, index[2] * block + square / block,
              index[3] * block + square % block,
            ]]
        })
    },
  ]
}

/// Axes resized one after the other.
private func resized(_ node: SlowNode) -> SlowTensor {
  let x = node[0]
  let isOld = node.node.operation == "Upsample" || node.node.version < 11
  func numbers(_ place: Int?) -> [Double]? {
    place.flatMap { node.optional($0)?.values }.flatMap { $0.isEmpty ? nil : $0 }
  }
  let scales = numbers(isOld ? 1 : 2) ?? node.numbers("scales")
  let sizes = numbers(isOld ? nil : 3)?.map { Int($0) } ?? node.integers("sizes")
  let roi = numbers(isOld ? nil : 1) ?? node.numbers("roi")
  let axes = node.integers("axes") ?? Array(x.extents.indices)
  var way = SlowInterpolation(mode: node.text("mode") ?? "nearest")
  way.coordinates =
    node.text("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
  way.a = node.number("cubic_coeff_a") ?? -0.75
  way.excludesOutside = node.integer("exclude_outside") == 1
  let isCropped = way.coordinates == "tf_crop_and_resize"
  return axes.enumerated().reduce(x) { tensor, axis in
    let (place, input) = (axis.offset, tensor.extents[axis.element])
    let output = sizes?[place] ?? Int(((scales?[place] ?? 1) * Double(input)).rounded(.down))
    let scale = scales?[place] ?? Double(output) / Double(input)
    var way = way
    way.rounding =
      node.text("nearest_mode") ?? (isOld ? (scale < 1 ? "ceil" : "floor") : way.rounding)
    let crop = isCropped ? roi.map { ($0[place], $0[axes.count + place]) } : nil
    return way.resized(
      tensor, axis: axis.element, to: output, scale: scale, crop: crop ?? (0, 1),
      fill: node.number("extrapolation_value") ?? 0)
  }
}
