/// A small generator whose numbers are the same on every machine.
///
/// SplitMix64: Steele, Lea and Flood 2014.
struct RepeatableRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `count` numbers between -1 and 1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
  }

  /// `count` numbers between -1 and 1, any two at least `2 / count` apart and none within half of
  /// that of 0: safe for finite differences across comparisons.
  mutating func spacedFloats(_ count: Int) -> [Float] {
    (0..<count).map { (Float($0) + 0.5) / Float(count) * 2 - 1 }
      .map { $0 == 0 ? 1 / Float(count) : $0 }.shuffled(using: &self)
  }
}
