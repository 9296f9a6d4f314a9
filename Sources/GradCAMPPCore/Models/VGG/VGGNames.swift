import GradCAMPPKernels

/// The names of the 2018 program's layers: `conv1_1` to `conv5_3`, `fc6` to `fc8`.
enum VGGNames {
  /// Block and index in `convB_I/…`.
  static func convolution(_ name: String) -> (Int, Int)? {
    guard let layer = name.split(separator: "/").first, layer.hasPrefix("conv") else { return nil }
    let numbers = layer.dropFirst(4).split(separator: "_", omittingEmptySubsequences: false)
    guard numbers.count == 2, let block = number(numbers[0]), let index = number(numbers[1]) else {
      return nil
    }
    return (block, index)
  }

  /// The number in `fcN/…`.
  static func dense(_ name: String) -> Int? {
    guard let layer = name.split(separator: "/").first, layer.hasPrefix("fc") else { return nil }
    return number(layer.dropFirst(2))
  }

  /// 1 to 99, without a leading zero: a name may come from a stranger.
  private static func number(_ text: Substring) -> Int? {
    guard let number = Int(text), (1...99).contains(number), String(number) == text else {
      return nil
    }
    return number
  }
}
