import GradCAMPPKernels

/// What lies around an axis that is padded.
public enum PaddingRule: String, CaseIterable, Sendable {
  /// One number.
  case constant
  /// The axis mirrored at its ends, which are not repeated.
  case reflect
  /// The cells at the ends.
  case edge
  /// The axis once more.
  case wrap
}

extension AxisMap {
  /// An axis of `cells` with some before and behind it, fewer where these are negative.
  ///
  /// Places around a `constant` padding have no source.
  public static func padding(
    _ cells: Int, before: Int, behind: Int, _ rule: PaddingRule
  ) -> AxisMap {
    AxisMap(
      input: cells,
      (-before..<cells + behind).map { place in
        source(of: place, cells, rule).map { [Tap(cell: $0, weight: 1)] } ?? []
      })
  }

  private static func source(of place: Int, _ cells: Int, _ rule: PaddingRule) -> Int? {
    if (0..<cells).contains(place) { return place }
    switch rule {
    case .constant: return nil
    case .edge: return min(max(place, 0), cells - 1)
    case .wrap: return remainder(place, cells)
    case .reflect:
      let period = max(2 * (cells - 1), 1)
      let phase = remainder(place, period)
      return min(phase, period - phase)
    }
  }

  private static func remainder(_ number: Int, _ divisor: Int) -> Int {
    let rest = number % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
