import GradCAMPPKernels

/// What decoding a JPEG costs, read from its frame header and the headers of its scans.
///
/// libjpeg goes over the whole picture for every scan and fills in what the bytes do not say, so a
/// file of some hundred bytes can ask for gigabytes and minutes. Here scans are found as libjpeg
/// finds them (ITU-T T.81, annex B; in entropy-coded data, a marker below 0xC0 is passed over when
/// it looks for a restart), and each must be as long as the blocks in it take at least.
struct JPEGScans {
  private struct Component {
    let name: UInt8
    /// Blocks of 8 x 8 samples that show a part of the picture.
    let blocks: Int
    /// Blocks in memory: whole groups of interleaved blocks.
    let storedBlocks: Int
  }

  /// The rows of the frame.
  let height: Int
  /// The columns of the frame.
  let width: Int
  /// Bytes of the coefficients that are kept until the last scan is read; 0 when rows are decoded as
  /// they come.
  private(set) var coefficientBytes = 0

  private let components: [Component]
  private let isProgressive: Bool
  private let isArithmetic: Bool

  private enum Marker {
    /// Sequential and progressive, Huffman and arithmetic coding: those that libjpeg decodes.
    static let frames: Set<UInt8> = [0xC0, 0xC1, 0xC2, 0xC9, 0xCA]
    static let firstWithLength: UInt8 = 0xC0
    static let restart: ClosedRange<UInt8> = 0xD0...0xD7
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
  }

  /// Reads the frame header and walks over the scans; nil when there is no frame that can be decoded.
  ///
  /// Throws `badData` for more scans than `limits` allow, and for one that is too short.
  init?(_ bytes: Span<UInt8>, _ limits: Limits) throws(GradCAMError) {
    var offset = 2
    guard let frame = Self.frame(bytes, &offset),
      let parts = Self.components(bytes, frame.header)
    else { return nil }
    isProgressive = frame.kind == 0xC2 || frame.kind == 0xCA
    isArithmetic = frame.kind >= 0xC9
    (height, width, components) = parts
    try walk(bytes, offset, limits)
  }

  /// The first frame header: which marker it has and where its contents lie.
  private static func frame(
    _ bytes: Span<UInt8>, _ offset: inout Int
  ) -> (kind: UInt8, header: Range<Int>)? {
    while let marker = JPEGMarkers.nextMarker(bytes, &offset) {
      guard marker != Marker.endOfImage, marker != Marker.startOfScan else { return nil }
      guard hasLength(marker) else { continue }
      guard let contents = segment(bytes, &offset) else { return nil }
      if Marker.frames.contains(marker) { return (marker, contents) }
    }
    return nil
  }

  private static func hasLength(_ marker: UInt8) -> Bool {
    marker >= Marker.firstWithLength && !Marker.restart.contains(marker)
      && marker != Marker.startOfImage && marker != Marker.endOfImage
  }

  /// The contents of a segment whose length is at `offset`, which moves behind it.
  private static func segment(_ bytes: Span<UInt8>, _ offset: inout Int) -> Range<Int>? {
    guard offset + 2 <= bytes.count else { return nil }
    let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
    guard length >= 2, offset + length <= bytes.count else { return nil }
    defer { offset += length }
    return offset + 2..<offset + length
  }

  /// Precision, height, width and the number of components, then for each its name, its sampling
  /// factors and its table.
  private static func components(
    _ bytes: Span<UInt8>, _ header: Range<Int>
  ) -> (height: Int, width: Int, components: [Component])? {
    let start = header.lowerBound
    guard header.count >= 6 else { return nil }
    let height = Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
    let width = Int(bytes[start + 3]) << 8 | Int(bytes[start + 4])
    let count = Int(bytes[start + 5])
    guard height > 0, width > 0, count > 0, header.count == 6 + 3 * count else { return nil }
    let factors = (0..<count).map { index in
      let byte = bytes[start + 7 + 3 * index]
      return (horizontal: Int(byte >> 4), vertical: Int(byte & 15))
    }
    guard factors.allSatisfy({ 1...4 ~= $0.horizontal && 1...4 ~= $0.vertical }) else { return nil }
    let most = (
      horizontal: factors.map(\.horizontal).max() ?? 1, vertical: factors.map(\.vertical).max() ?? 1
    )
    let components = factors.enumerated().map { index, factor in
      let rows = (height * factor.vertical).dividedUp(by: 8 * most.vertical)
      let columns = (width * factor.horizontal).dividedUp(by: 8 * most.horizontal)
      let groupRows = height.dividedUp(by: 8 * most.vertical)
      let groupColumns = width.dividedUp(by: 8 * most.horizontal)
      return Component(
        name: bytes[start + 6 + 3 * index], blocks: rows * columns,
        storedBlocks: groupRows * factor.vertical * groupColumns * factor.horizontal)
    }
    return (height, width, components)
  }

  private mutating func walk(
    _ bytes: Span<UInt8>, _ start: Int, _ limits: Limits
  ) throws(GradCAMError) {
    var offset = start
    var scans = 0
    while let marker = JPEGMarkers.nextMarker(bytes, &offset), marker != Marker.endOfImage {
      guard Self.hasLength(marker) else { continue }
      guard let contents = Self.segment(bytes, &offset) else { return }
      guard marker == Marker.startOfScan else { continue }
      scans += 1
      guard scans <= limits[.scans] else {
        throw GradCAMError(
          .badData,
          "the JPEG has more than \(limits[.scans]) scans, each of which goes over the whole picture; "
            + "raise scans of the limits if you trust it")
      }
      guard let scan = Scan(bytes, contents, components) else { return }
      let isWhole = !isProgressive && scan.componentCount == components.count
      if !isWhole, coefficientBytes == 0 {
        // 64 coefficients of two bytes for each block.
        coefficientBytes = components.reduce(0) { $0 + $1.storedBlocks * 128 }
      }
      // What follows the only scan is not decoded: where its data end matters only if they are few.
      let least = leastBytes(scan)
      if isWhole, bytes.count - offset >= least { return }
      let data = Self.passData(bytes, &offset)
      guard data >= least else {
        throw GradCAMError(
          .badData,
          "the JPEG ends early: its scan \(scans) has \(data) bytes for \(scan.blocks) blocks of 8 x 8 "
            + "pixels, which take \(least) at least; copy or download it again")
      }
    }
  }

  /// The fewest bytes that a scan's blocks take.
  ///
  /// With Huffman coding a block takes at least one bit for its mean and, in a sequential JPEG, one
  /// more for "nothing else". Of other coefficients 32767 blocks may be nothing in one code of a bit
  /// and a number of 14 bits. Arithmetic coding takes less than a bit for what is always the same; a
  /// picture that takes less than a bit for 64 blocks shows nothing.
  private func leastBytes(_ scan: Scan) -> Int {
    let bits: Int
    switch (isArithmetic, scan.hasMeans) {
    case (true, true): bits = scan.blocks / 64
    case (true, false): bits = 0
    case (false, true): bits = scan.blocks * (isProgressive ? 1 : 2)
    case (false, false): bits = scan.blocks / 32767 * 15
    }
    return bits.dividedUp(by: 8)
  }

  /// Passes over entropy-coded data up to the marker that ends them; returns how many bytes there are.
  private static func passData(_ bytes: Span<UInt8>, _ offset: inout Int) -> Int {
    let start = offset
    while let marker = JPEGMarkers.nextMarker(bytes, &offset) {
      guard marker >= Marker.firstWithLength, !Marker.restart.contains(marker) else { continue }
      offset -= 2
      return offset - start
    }
    offset = bytes.count
    return offset - start
  }

  /// What the header of a scan says.
  private struct Scan {
    let componentCount: Int
    let blocks: Int
    /// Whether the scan is of the blocks' means, and in a sequential JPEG of all else with them.
    let hasMeans: Bool

    /// The number of components, for each its name and its tables, then the first and the last
    /// coefficient and the bits; nil for a header that libjpeg refuses.
    init?(_ bytes: Span<UInt8>, _ header: Range<Int>, _ components: [Component]) {
      guard let first = header.first else { return nil }
      let count = Int(bytes[first])
      guard 1...4 ~= count, header.count == 4 + 2 * count else { return nil }
      // Several may have one name: each stands for the next of them.
      var places: [Int] = []
      for index in 0..<count {
        let name = bytes[first + 1 + 2 * index]
        let place = components.indices.first {
          components[$0].name == name && !places.contains($0)
        }
        guard let place else { return nil }
        places.append(place)
      }
      componentCount = count
      blocks = places.reduce(0) { $0 + components[$1].blocks }
      hasMeans = bytes[first + 1 + 2 * count] == 0
    }
  }
}

extension Int {
  /// The quotient by a positive number, rounded up.
  fileprivate func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
