/// Four inks as JPEG files store them, 255 meaning none, to red, green and blue.
enum InvertedCMYK {
  /// Converts pixels of 4 bytes to pixels of 3.
  ///
  /// A colour is k - round(k * (255 - c) / 255), where k and c are the stored values of black and
  /// of the ink: Pillow's formula, which takes the values of every file as inverted. The shifts
  /// are the exact rounded quotient by 255 for a product of two bytes.
  static func convert(_ inks: Span<UInt8>, into rgb: inout MutableSpan<UInt8>) {
    precondition(inks.count / 4 == rgb.count / 3)
    for pixel in 0..<inks.count / 4 {
      let black = Int(inks[4 * pixel + 3])
      for channel in 0..<3 {
        let product = black * (255 - Int(inks[4 * pixel + channel])) + 128
        let light = black - ((product >> 8) + product) >> 8
        rgb[3 * pixel + channel] = UInt8(truncatingIfNeeded: light)
      }
    }
  }
}
