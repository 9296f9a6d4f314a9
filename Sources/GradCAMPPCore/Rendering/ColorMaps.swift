import GradCAMPPKernels

/// The colour maps that can be named.
public enum ColorMaps {
  /// Every map, the default first.
  public static let all: [ColorMap] = [jet, viridis, hot, gray]

  /// The map used when none is named: the original program's.
  public static var standard: ColorMap { jet }

  /// The map called `name`.
  ///
  /// Throws `invalidArgument` with the names that exist.
  public static func named(_ name: String) throws(GradCAMError) -> ColorMap {
    guard let map = all.first(where: { $0.name == name }) else {
      let known = all.map(\.name).joined(separator: ", ")
      throw GradCAMError(
        .invalidArgument, "colour map \(name.quoted) is unknown; there are: \(known)")
    }
    return map
  }

  /// The original program's map: each colour rises by 4 levels a position, stays, and falls.
  ///
  /// The program read OpenCV's table, blue first, as red first and from its far end. The table is
  /// its own mirror image but for one level, which therefore lies in red's rise here.
  static let jet = ColorMap(
    name: "jet",
    summary: "dark blue, cyan, yellow, dark red: the map of the 2018 program",
    citation: "OpenCV 3.4.3, COLORMAP_JET"
  ) { position in
    let place = Double(position)
    return (
      red: position == 96 ? 1 : min(4 * place - 382, 1148 - 4 * place),
      green: min(4 * place - 128, 892 - 4 * place),
      blue: min(4 * place + 128, 638 - 4 * place)
    )
  }

  /// Even steps of lightness; also for readers who tell red and green apart badly.
  static let viridis = ColorMap(
    name: "viridis",
    summary: "dark violet, green, yellow: even steps of lightness, safe for colour-blind readers",
    citation: "matplotlib 1.5, viridis (CC0)", entries: colors(hexadecimal: viridisDigits))

  /// Three eighths for red, three for green, two for blue.
  static let hot = ColorMap(
    name: "hot", summary: "black, red, yellow, white"
  ) { position in
    let place = Double(position) / 255
    return (red: 255 * place * 8 / 3, green: 255 * (place * 8 / 3 - 1), blue: 255 * (place * 4 - 3))
  }

  /// The value itself.
  static let gray = ColorMap(name: "gray", summary: "black to white") { position in
    (red: Double(position), green: Double(position), blue: Double(position))
  }

  /// Colours written as six hexadecimal digits each.
  private static func colors(hexadecimal digits: String) -> [SIMD3<UInt8>] {
    let values = digits.compactMap { $0.hexDigitValue }.map { UInt8($0) }
    return stride(from: 0, to: values.count, by: 6).map { start in
      SIMD3(
        values[start] << 4 | values[start + 1], values[start + 2] << 4 | values[start + 3],
        values[start + 4] << 4 | values[start + 5])
    }
  }

  /// The 256 published colours, rounded to 8 bits.
  private static let viridisDigits = """
    44015444025645045745055946075a46085c460a5d460b5e470d60470e61471063471164471365481467481668 \
    48176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979 \
    472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84 \
    433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a \
    3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d \
    355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e \
    2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e \
    297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e \
    23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b \
    1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a486 \
    21a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d \
    2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf70 \
    46c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f \
    65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d549 \
    89d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30 \
    b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21a \
    d8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723 \
    fde725
    """
}
