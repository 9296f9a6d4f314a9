import GradCAMPPKernels

/// What can be drawn of an explanation.
public enum PictureKind: String, CaseIterable, Sendable {
  /// What the network saw.
  case input
  /// The map in colour.
  case heatmap
  /// The map over the picture.
  case overlay
  /// The guided gradients, weighted with the map.
  case guided
  /// Input, guided, heat map and overlay side by side.
  case panels
  /// The page of the 2018 program.
  case figure

  /// The kind of that name; throws `invalidArgument` with the known names.
  public static func named(_ name: String) throws(GradCAMError) -> PictureKind {
    guard let kind = PictureKind(rawValue: name) else {
      throw GradCAMError(
        .invalidArgument,
        "picture \(name.quoted) is unknown; known pictures: "
          + allCases.map(\.rawValue).joined(separator: ", "))
    }
    return kind
  }
}

extension Explanation {
  /// Weight of the heat map in the original's overlay.
  public static let defaultAlpha = 0.3

  /// Draws the explanation.
  ///
  /// `alpha` is the heat map's weight in an overlay, 0 to 1. Throws `invalidArgument` for an
  /// unknown colour map, a weight out of range, or a guided picture of an explanation without
  /// guided gradients. The figure has the original's colours and weight.
  public func render(
    _ kind: PictureKind, colorMap name: String = ColorMaps.standard.name,
    alpha: Double = defaultAlpha
  ) throws(GradCAMError) -> RGBImage {
    let colorMap = try ColorMaps.named(name)
    switch kind {
    case .input: return try inputPicture()
    case .heatmap: return try heatmap(colorMap)
    case .overlay: return try overlay(colorMap, alpha)
    case .guided: return try guided(for: kind)
    case .panels: return try panelsPicture(panels(kind, colorMap, alpha))
    case .figure: return try figurePicture(panels(kind, ColorMaps.standard, Self.defaultAlpha))
    }
  }

  /// The four panels of the original's page, from left to right.
  private func panels(
    _ kind: PictureKind, _ colorMap: ColorMap, _ alpha: Double
  ) throws(GradCAMError) -> [RGBImage] {
    [
      try inputPicture(), try guided(for: kind), try heatmap(colorMap),
      try overlay(colorMap, alpha),
    ]
  }

  private func inputPicture() throws(GradCAMError) -> RGBImage {
    try parts.seen.read { seen throws(GradCAMError) in
      try Preprocessing.picture(of: seen, height: parts.seen.height, width: parts.seen.width)
    }
  }

  private func heatmap(_ colorMap: ColorMap) throws(GradCAMError) -> RGBImage {
    try parts.heatmap.read { map throws(GradCAMError) in
      try heatmapPicture(
        map: map, height: parts.seen.height, width: parts.seen.width, colorMap: colorMap)
    }
  }

  private func overlay(_ colorMap: ColorMap, _ alpha: Double) throws(GradCAMError) -> RGBImage {
    let heatmap = try heatmap(colorMap)
    return try parts.seen.read { seen throws(GradCAMError) in
      try overlayPicture(seen: seen, heatmap: heatmap, alpha: alpha)
    }
  }

  private func guided(for kind: PictureKind) throws(GradCAMError) -> RGBImage {
    guard let gradients = parts.guidedGradients else {
      throw GradCAMError(
        .invalidArgument,
        "the picture \(kind.rawValue.quoted) needs guided gradients, which this explanation was made "
          + "without; explain with guided set to true")
    }
    return try gradients.read { gradients throws(GradCAMError) in
      try parts.heatmap.read { heatmap throws(GradCAMError) in
        try guidedPicture(
          gradients: gradients, heatmap: heatmap, height: parts.seen.height,
          width: parts.seen.width)
      }
    }
  }
}
