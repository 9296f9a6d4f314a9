import Foundation

@testable import GradCAMPPCore

/// Files of Tests/Goldens; its README.md says what each one holds.
enum RecordedFiles {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Goldens")

  /// The bytes of a file, by its path in the folder.
  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// An array of `arrays/`; the suffix of its name (u8, f32, f64) is that of `Element`.
  static func array<Element: BitwiseCopyable>(
    _ name: String, as type: Element.Type = Element.self
  ) throws -> [Element] {
    let suffix = type == Double.self ? "f64" : type == Float.self ? "f32" : "u8"
    let bytes = try bytes("arrays/\(name).\(suffix)")
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<Element>.size).map {
        raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: type)
      }
    }
  }

  /// A picture of `arrays/`.
  static func picture(_ name: String, height: Int, width: Int) throws -> RGBImage {
    try RGBImage(height: height, width: width, pixels: array(name))
  }
}

/// How far apart two equally long lists of levels are.
struct LevelDifference: Equatable {
  /// The number of levels that differ.
  var count = 0
  /// The largest difference.
  var largest = 0
  private var squares = 0
  private var total = 0

  init(_ left: [UInt8], _ right: [UInt8]) {
    precondition(left.count == right.count)
    total = left.count
    for (one, other) in zip(left, right) where one != other {
      let difference = abs(Int(one) - Int(other))
      count += 1
      largest = max(largest, difference)
      squares += difference * difference
    }
  }

  /// Peak signal-to-noise ratio in decibels.
  var decibels: Double { 10 * log10(255 * 255 * Double(total) / Double(squares)) }
}

extension Array<Double> {
  /// The largest absolute difference to another array of the same length.
  func largestDifference(to other: [Double]) -> Double {
    precondition(count == other.count)
    return zip(self, other).reduce(0) { Swift.max($0, abs($1.0 - $1.1)) }
  }
}

/// A generator of the same numbers in every run (SplitMix64).
struct RepeatableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
