/// The extents of a tensor, outermost first.
///
/// Tensors of a network are (N, 1-3 spatial extents, C) or (N, C): channels innermost.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// The extents, outermost first.
  public let extents: [Int]

  /// The number of elements.
  public let count: Int

  /// A shape of extents whose product is known to fit, such as one computed from other shapes.
  public init(_ extents: [Int]) {
    self.extents = extents
    self.count = extents.reduce(1, *)
  }

  /// A shape read from outside: nil when an extent is negative or the product, times
  /// `elementSize` bytes, overflows.
  public init?(checking extents: [Int], elementSize: Int) {
    var bytes = elementSize
    for extent in extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      bytes = product
    }
    self.extents = extents
    self.count = bytes / elementSize
  }

  /// The number of extents.
  public var rank: Int { extents.count }

  /// The extent at `axis`, counted from the outermost.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// The spatial extents of (N, spatial…, C).
  public var spatial: [Int] { Array(extents.dropFirst().dropLast()) }

  /// The innermost extent; 1 for a scalar.
  public var channels: Int { extents.last ?? 1 }

  /// The shape without its outermost extent.
  public var withoutBatch: Shape { Shape(Array(extents.dropFirst())) }

  /// Extents joined by `x`, as in `3x3x64`; `scalar` when there are none.
  public var description: String {
    extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "x")
  }
}
