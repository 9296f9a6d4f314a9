import GradCAMPPKernels

/// What timm writes into `config.json` beside a network's weights.
///
/// `architecture` names the network; `pretrained_cfg`, or in earlier versions the object itself, says
/// `input_size` (channels, height, width), `mean` and `std` of colours from 0 to 1, `crop_pct`,
/// `interpolation` and `crop_mode`.
struct TimmConfiguration {
  /// The network, such as "resnet50".
  let architecture: String
  /// Height and width of the input; nil where it is not said.
  let inputSize: [Int]?
  /// How colours go in; nil where it is not said.
  let normalization: Normalization?
  /// How pictures are cut and resized; nil where it is not said.
  let framing: Framing?

  /// What a text of JSON says; nil when it is not timm's.
  ///
  /// Throws `badData` for values that cannot be used.
  init?(_ text: String, origin: String) throws(GradCAMError) {
    let value = try JSONValue(text, name: origin)
    guard let name = value["architecture"]?.text else { return nil }
    architecture = name
    let details = value["pretrained_cfg"] ?? value
    inputSize = try details["input_size"].map { said throws(GradCAMError) in
      guard let extents = said.integers, extents.count == 3, extents[0] == 3 else {
        throw GradCAMError(
          .badData, "\(origin) has input_size \(said.description); expected [3, height, width]")
      }
      return Array(extents.dropFirst())
    }
    let pooling = value["global_pool"] ?? .text("avg")
    guard pooling.text == "avg" else {
      throw GradCAMError(
        .badData, "\(origin) has global_pool \(pooling.description); expected \"avg\"")
    }
    do throws(GradCAMError) {
      normalization = try Self.normalization(details, origin)
      framing = try Self.framing(details, origin)
    } catch {
      throw GradCAMError(.badData, error.message)
    }
  }

  private static func normalization(
    _ details: JSONValue, _ origin: String
  ) throws(GradCAMError) -> Normalization? {
    guard let mean = details["mean"]?.numbers, let deviation = details["std"]?.numbers else {
      return nil
    }
    return try Normalization(
      checkingChannelOrder: Normalization.ChannelOrder.rgb.rawValue, scale: 1 / 255, mean: mean,
      deviation: deviation, origin: origin)
  }

  private static func framing(
    _ details: JSONValue, _ origin: String
  ) throws(GradCAMError) -> Framing? {
    guard let fraction = details["crop_pct"]?.number,
      let filter = details["interpolation"]?.text
    else { return nil }
    let mode = details["crop_mode"]?.text ?? "center"
    guard mode == "center" else {
      throw GradCAMError(
        .badData, "\(origin) has crop_mode \(mode.quoted); expected \"center\"")
    }
    return try Framing(
      crop: .center, fraction: fraction, resizesFirst: true, filter: ResampleFilter.named(filter))
  }

  /// Whether TensorFlow's padding and epsilon were kept.
  var isTensorFlow: Bool { architecture.hasPrefix("tf_") }

  /// Whether timm's name of an architecture means the one that this library calls `found`:
  /// `wide_resnet50_2` is "Wide ResNet50-2", `mobilenetv2_100` of "MobileNetV2".
  static func means(_ name: String, _ found: String) -> Bool {
    var name = name.hasPrefix("tf_") ? String(name.dropFirst(3)) : name
    if name.hasSuffix("_bn") { name = String(name.dropLast(3)) }
    if found == "MobileNetV2" { return name.hasPrefix("mobilenetv2_") }
    func letters(_ text: String) -> String {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return letters(name) == letters(found)
  }

  /// The text of `config.json` beside a file that is named as timm names weights, if it is timm's.
  static func text(beside path: String, _ limits: Limits) -> String? {
    let names = ["model.safetensors", "pytorch_model.bin"]
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    guard names.contains(String(path.dropFirst(folder.count))),
      let file = try? MappedFile(path: folder + "config.json", .mapped, limits),
      file.count <= JSONValue.longestText
    else { return nil }
    let text = String(decoding: file.bytes(0..<file.count), as: UTF8.self)
    let value = try? JSONValue(text, name: "config.json")
    return value?["architecture"]?.text == nil ? nil : text
  }
}
