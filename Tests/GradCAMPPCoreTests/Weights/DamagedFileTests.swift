import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Sample files with something cut off or changed: an error or some store, never a trap.
@Suite struct DamagedFileTests {
  private static let samples = [
    "npy_samples/py27_np113_unicodekeys.npy", "npy_samples/py36_np113_byteskeys.npy",
    "npy_samples/py311_np126_fortran.npy", "npy_samples/py311_np24_objarray_pair.npy",
    "npy_samples/py311_np24_float16.npy", "torch/zip.pth", "torch/views.pth",
    "torch/checkpoint_args.pth", "torch/old_views.pth", "torch/old_python2.pth",
  ]

  private static func bytes(_ name: String) throws -> [UInt8] {
    try WeightFiles.bytes(WeightFiles.samples.deletingLastPathComponent(), name)
  }

  @Test(arguments: samples)
  func everyPrefixIsRefused(_ name: String) throws {
    let bytes = try Self.bytes(name)
    for count in 0..<bytes.count {
      let error = try WeightFiles.refusal(Array(bytes[..<count]))
      #expect(error.kind == .badData, "a file of \(count) bytes")
    }
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014).
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var bits = state
      bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
      bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
      return bits ^ bits >> 31
    }
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(_ name: String) throws {
    let original = try Self.bytes(name)
    var random = Random(state: 2018)
    var refusals = 0
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let store = try WeightFiles.open(bytes)
        for name in store.names {
          let array = try #require(store[name])
          #expect(try array.floats().count == array.shape.count)
        }
      } catch let error as GradCAMError {
        #expect(error.kind == .badData)
        refusals += 1
      }
    }
    // Many changes hit numbers, which may have any value; the others must not pass unnoticed.
    #expect(refusals > 500, "\(refusals)")
  }
}
