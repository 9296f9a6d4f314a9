/// Copies of a picture with noise, one after the other.
struct NoisyPictures {
  private let picture: [Float]
  private let deviation: Double
  private var numbers: SeededNumbers

  /// Normal noise; its deviation is a share of the picture's range (SmoothGrad, 2017).
  init(_ picture: [Float], deviation: Double, seed: UInt64) {
    let range = (picture.max() ?? 0) - (picture.min() ?? 0)
    self.picture = picture
    self.deviation = deviation * Double(range)
    numbers = SeededNumbers(seed: seed)
  }

  /// The next copy; its numbers may lie outside 0 to 1.
  mutating func next() -> [Float] {
    picture.map { $0 + Float(deviation * numbers.normal()) }
  }
}
