import GradCAMPPKernels

/// How colours go into an ONNX network: as the caller says, else as the file's metadata say, else as
/// the arithmetic tells that the network begins with, else as its kind of network commonly wants it.
struct ONNXColors {
  /// What is done to colours before they go in.
  let normalization: Normalization

  /// What is assumed or found out, for the caller to know; nil where it was said.
  let note: String?

  /// The colours of `graph`, of which nothing is folded yet.
  init(
    _ document: ONNXDocument, _ graph: Graph, _ options: ModelOptions
  ) throws(GradCAMError) {
    var said = options.normalization
    if said == nil { said = try Self.metadata(document) }
    if let said {
      (normalization, note) = (said, nil)
      return
    }
    if let levels = try Self.levels(graph) {
      normalization = levels == 255 ? .levels : .unit
      note =
        "\(document.origin) scales colours itself: they go in as 0 to \(levels), red first; name "
        + "another preprocessing if that is not so"
      return
    }
    let isFirst = graph.inputs[0].layout == .channelsFirst
    let input = graph.inputs[0].extents
    if input.count > 2, input[isFirst ? 1 : input.count - 1] == .fixed(1) {
      normalization = .unit
      note =
        "\(document.origin) does not say how its one channel goes in: grey from 0 to 1 is assumed; "
        + "name another preprocessing if it was trained with another"
      return
    }
    normalization = isFirst ? .torchvision : .tensorflow
    note =
      "\(document.origin) does not say how colours go in: preprocessing "
      + "\(isFirst ? "torchvision" : "tensorflow") is assumed; name another one if it was trained "
      + "with another"
  }

  // MARK: Metadata

  /// What the entries say that ONNX defines for pictures; nil where they do not say the range.
  ///
  /// Source: https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md. Throws `badData` for a
  /// value that colours of 8 bits cannot be brought to.
  private static func metadata(
    _ document: ONNXDocument
  ) throws(GradCAMError) -> Normalization? {
    func entry(_ key: String, _ served: [String]) throws(GradCAMError) -> String? {
      guard let value = document.metadata[key] else { return nil }
      guard served.contains(value) else {
        throw GradCAMError(
          .badData,
          "\(document.origin) has the metadata entry \(key.quoted) \(value.quoted); expected "
            + "\(served.joined(separator: ", ")), or a preprocessing that is given")
      }
      return value
    }
    let ranges = ["NominalRange_0_255", "Normalized_0_1", "Normalized_1_1"]
    guard let range = try entry("Image.NominalPixelRange", ranges) else { return nil }
    let formats = ["Rgb8", "Bgr8", "Rgba8", "Bgra8"]
    let format = try entry("Image.BitmapPixelFormat", formats) ?? "Rgb8"
    _ = try entry("Image.ColorSpaceGamma", ["SRGB"])
    let scale = ["NominalRange_0_255": 1, "Normalized_0_1": 1 / 255.0][range] ?? 1 / 127.5
    return Normalization(
      channelOrder: format.hasPrefix("Bgr") ? .bgr : .rgb, scale: scale,
      mean: [Double](repeating: range == "Normalized_1_1" ? 1 : 0, count: 3),
      deviation: [1, 1, 1])
  }

  // MARK: Arithmetic in the network

  /// The largest level of a colour, 255 or 1, that the arithmetic right behind the input is made for;
  /// nil where there is none, or none that is known.
  private static func levels(_ graph: Graph) throws(GradCAMError) -> Int? {
    var bound = graph
    try BindInput.apply(to: &bound)
    try FoldConstants.apply(to: &bound)
    try DropIdentities.apply(to: &bound)
    var value = bound.inputs[0].name
    let consumers = bound.consumers
    // What a colour becomes: factor * colour + offset, for each channel or all.
    var (factors, offsets): ([Double], [Double]) = ([1], [0])
    var isScaled = false
    while let readers = consumers[value], readers.count == 1 {
      let node = bound.nodes[readers[0]]
      value = node.outputs[0]
      if node.operation == TransposeNode.operation { continue }
      guard node.inputs.count == 2,
        let name = node.inputs.first(where: { bound.constants[$0] != nil }),
        let constant = bound.constants[name], constant.isFloat,
        constant.shape.count == 1 || constant.shape.count == 3,
        node.inputs[1] == name || ["Add", "Mul"].contains(node.operation)
      else { break }
      let numbers = try constant.floats().map(Double.init)
      func combined(_ left: [Double], _ step: (Double, Double) -> Double) -> [Double] {
        let count = max(left.count, numbers.count)
        return (0..<count).map { step(left[$0 % left.count], numbers[$0 % numbers.count]) }
      }
      switch node.operation {
      case "Add": offsets = combined(offsets, +)
      case "Sub": offsets = combined(offsets, -)
      case "Mul": (factors, offsets) = (combined(factors, *), combined(offsets, *))
      case "Div": (factors, offsets) = (combined(factors, /), combined(offsets, /))
      default: return isScaled ? levels(factors, offsets) : nil
      }
      isScaled = true
    }
    return isScaled ? levels(factors, offsets) : nil
  }

  /// The level of white for which black and white lie on both sides of 0 or from it on, within what
  /// networks are trained with.
  private static func levels(_ factors: [Double], _ offsets: [Double]) -> Int? {
    let count = max(factors.count, offsets.count)
    let fitting = [255, 1].filter { level in
      (0..<count).allSatisfy { channel in
        let (factor, offset) = (factors[channel % factors.count], offsets[channel % offsets.count])
        let white = factor * Double(level) + offset
        // From [0, 1] and [-1, 1] to the standardised colours of any set of photos, or levels less a
        // mean.
        let isStandard = offset >= -3 && offset <= 0 && white >= 0.9 && white <= 4.5
        let isCentered = factor == 1 && offset <= -80 && white >= 80
        return factor > 0 && (isStandard || isCentered)
      }
    }
    return fitting.count == 1 ? fitting[0] : nil
  }
}

extension Normalization {
  /// Colours from 0 to 255 as they are.
  fileprivate static let levels = Normalization(
    channelOrder: .rgb, scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1])
}
