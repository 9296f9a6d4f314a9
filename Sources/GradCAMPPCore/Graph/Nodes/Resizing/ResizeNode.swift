import GradCAMPPKernels

/// Resize: axes of other extents, interpolated, by scales or sizes.
///
/// Filters against aliasing are refused: runtimes do not agree on what they do at the ends of an axis.
enum ResizeNode: NodeKind {
  static let operation = "Resize"
  static let attributes: Set<String> = [
    "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
    "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode", "roi", "scales",
    "sizes",
  ]
  static let axisUse = AxisUse.named

  /// Where places of the result lie.
  static func coordinates(_ node: GraphNode) throws(GradCAMError) -> Interpolation.Coordinates {
    let name = try node.text(
      "coordinate_transformation_mode",
      default: NodeResizing.isOld(node) ? "asymmetric" : "half_pixel")
    guard let coordinates = Interpolation.Coordinates(rawValue: name) else {
      let known = Interpolation.Coordinates.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.wrong("coordinate_transformation_mode", .text(name), "one of \(known)")
    }
    return coordinates
  }

  /// How an axis is interpolated.
  static func interpolation(
    _ node: GraphNode, _ axis: NodeResizing.Axis
  ) throws(GradCAMError) -> Interpolation {
    try node.require("antialias", 0)
    let coordinates = try coordinates(node)
    let isExcluding = try node.flag("exclude_outside", default: false)
    let mode = try node.text("mode", default: "nearest")
    guard !isExcluding || mode == "cubic" else {
      throw node.wrong("exclude_outside", .integer(1), "0 with mode \(mode)")
    }
    switch mode {
    case "nearest":
      // Before there was a choice, runtimes took the cell above to make a picture smaller.
      let usual = axis.scale < 1 ? "ceil" : "floor"
      let name = try node.text(
        "nearest_mode", default: NodeResizing.isOld(node) ? usual : "round_prefer_floor")
      guard let rounding = Interpolation.Rounding(rawValue: name) else {
        let known = Interpolation.Rounding.allCases.map(\.rawValue).joined(separator: ", ")
        throw node.wrong("nearest_mode", .text(name), "one of \(known)")
      }
      return Interpolation(.nearest(rounding), coordinates)
    case "linear": return Interpolation(.linear, coordinates)
    case "cubic":
      let a = Double(try node.float("cubic_coeff_a", default: -0.75))
      return Interpolation(.cubic(a: a, excludesOutside: isExcluding), coordinates)
    default: throw node.wrong("mode", .text(mode), "nearest, linear or cubic")
    }
  }

  static func outputShapes(
    _ node: GraphNode, _ inputs: NodeInputs
  ) throws(GradCAMError) -> [Shape] {
    let resizing = try NodeResizing(node, inputs)
    for axis in resizing.axes { _ = try interpolation(node, axis) }
    return [try node.shape(resizing.axes.map(\.output))]
  }

  static func renamed(
    _ node: GraphNode, _ order: AxisOrder, _ inputs: NodeInputs
  ) throws(GradCAMError) -> (node: GraphNode, outputs: AxisOrder) {
    (try NodeResizing(node, inputs).renamed(node, order), order)
  }

  static func lower(
    _ node: GraphNode, _ inputs: NodeInputs, to network: inout GraphLowering
  ) throws(GradCAMError) {
    let fill = try node.float("extrapolation_value", default: 0)
    try NodeResizing(node, inputs).lower(node, fill: fill, to: &network) {
      axis throws(GradCAMError) in try interpolation(node, axis)
    }
  }
}
