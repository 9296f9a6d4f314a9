extension UInt8 {
  /// The level that `value` reaches, rounded down; 0 for what lies below, 255 for what lies
  /// above, and 0 for NaN.
  init(clampedLevel value: Double) {
    self = value >= 255 ? 255 : value > 0 ? UInt8(value) : 0
  }
}
