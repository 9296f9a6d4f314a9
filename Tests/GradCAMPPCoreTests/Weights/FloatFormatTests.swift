import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct FloatFormatTests {
  private func convert(
    _ bytes: [UInt8], _ format: FloatFormat, _ extents: [Int], fortran: Bool = false
  ) throws -> [Float] {
    try format.tensor(bytes.span.bytes, shape: Shape(extents), firstAxisInnermost: fortran).elements
  }

  @Test func everyHalfIsExact() {
    for bits in UInt16.min...UInt16.max {
      let ours = FloatFormat.single(fromHalf: bits)
      let theirs = Float(Float16(bitPattern: bits))
      if theirs.isNaN {
        #expect(ours.isNaN)
      } else if ours.bitPattern != theirs.bitPattern {
        Issue.record("half \(bits) became \(ours), expected \(theirs)")
      }
    }
    #expect(FloatFormat.single(fromHalf: 0x0001) == 0x1p-24)
    #expect(FloatFormat.single(fromHalf: 0x83ff) == -0x3ffp-24)
    #expect(FloatFormat.single(fromHalf: 0x7bff) == 65504)
    #expect(FloatFormat.single(fromHalf: 0xfc00) == -.infinity)
    #expect(FloatFormat.single(fromHalf: 0x8000).sign == .minus)
  }

  @Test func bytesAreSwapped() throws {
    #expect(try convert([0x3f, 0x80, 0, 0], FloatFormat(.single, .big), [1]) == [1])
    #expect(try convert([0, 0, 0x80, 0x3f], FloatFormat(.single, .little), [1]) == [1])
    #expect(try convert([0xc0, 0x00], FloatFormat(.half, .big), [1]) == [-2])
    #expect(
      try convert([0x40, 0x08, 0, 0, 0, 0, 0, 0], FloatFormat(.double, .big), [1]) == [3])
  }

  @Test func doublesRoundToNearest() throws {
    let values: [Double] = [0.1, 1 + 0x1p-24, 1 + 0x3p-24, 1e300, -1e-300, 0x1.8p-149]
    let bytes = values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    let converted = try convert(bytes, FloatFormat(.double, .little), [6])
    #expect(converted == [0.1, 1, 1 + 0x1p-22, .infinity, -0.0, 0x1p-148])
  }

  @Test(arguments: [
    [2, 3], [70, 33], [1, 5], [5, 1], [2, 3, 4], [3, 3, 40, 35], [2, 1, 3, 2, 4], [6],
  ])
  func axesAreReversed(_ extents: [Int]) throws {
    let shape = Shape(extents)
    // The obvious twin: the place of each index when the first axis is innermost.
    var expected = [Float](repeating: 0, count: shape.count)
    for place in 0..<shape.count {
      var rest = place
      var rowMajor = 0
      let index = extents.map { extent in
        defer { rest /= extent }
        return rest % extent
      }
      for (position, extent) in zip(index, extents) { rowMajor = rowMajor * extent + position }
      expected[rowMajor] = Float(place)
    }
    let bytes = PickleWriter.floats((0..<shape.count).map(Float.init))
    let converted = try convert(bytes, FloatFormat(.single, .little), extents, fortran: true)
    #expect(converted == expected)
  }
}
