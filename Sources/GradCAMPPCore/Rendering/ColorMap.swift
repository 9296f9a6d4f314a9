/// Colours for the numbers 0 to 1.
public struct ColorMap: Equatable, Sendable {
  /// The name by which people ask for it.
  public let name: String

  /// One sentence: what it looks like and what it is good for.
  public let summary: String

  /// Where its colours come from; empty for a formula of our own.
  public let citation: String

  /// 256 colours, red, green and blue, from that of 0 to that of 1.
  public let entries: [SIMD3<UInt8>]

  /// A map from its 256 colours.
  init(name: String, summary: String, citation: String = "", entries: [SIMD3<UInt8>]) {
    precondition(entries.count == 256)
    self.name = name
    self.summary = summary
    self.citation = citation
    self.entries = entries
  }

  /// A map from levels of red, green and blue in 0...255 for each of 256 positions; levels
  /// outside are clamped.
  init(
    name: String, summary: String, citation: String = "",
    levels: (_ position: Int) -> (red: Double, green: Double, blue: Double)
  ) {
    let entries = (0..<256).map { position in
      let level = levels(position)
      return SIMD3(
        UInt8(clampedLevel: level.red.rounded()), UInt8(clampedLevel: level.green.rounded()),
        UInt8(clampedLevel: level.blue.rounded()))
    }
    self.init(name: name, summary: summary, citation: citation, entries: entries)
  }

  /// The colour of `value`; what lies outside 0 to 1 gets the colour of the nearer end, and NaN
  /// that of 0.
  ///
  /// The position is 255 - floor(255 * (1 - value)): the original program counted from the hot
  /// end of its table.
  public func color(of value: Float) -> SIMD3<UInt8> {
    let clamped = value > 0 ? min(value, 1) : 0
    return entries[255 - Int(255 * (1 - Double(clamped)))]
  }
}
