/// Writes ZIP archives of stored entries, well-formed or not, for tests.
struct ZipWriter {
  /// An entry and what its headers say of it.
  struct Entry {
    var name: String
    var contents: [UInt8]
    var localName: String?
    var method: UInt16 = 0
    var localMethod: UInt16?
    var flags: UInt16 = 0
    /// What the headers claim; nil for the truth.
    var storedSize: UInt32?
    var wholeSize: UInt32?
    var localSize: UInt32?
    var place: UInt32?
    var extra: [UInt8] = []
    var signature: UInt32 = 0x0201_4b50
    var localSignature: UInt32 = 0x0403_4b50
    var disk: UInt16 = 0
  }

  var entries: [Entry]
  /// What the last record claims; nil for the truth.
  var entryCount: UInt16?
  var directorySize: UInt32?
  var directoryPlace: UInt32?
  var disk: UInt16 = 0
  var comment: [UInt8] = []
  var commentSize: UInt16?
  var after: [UInt8] = []
  /// Changes numbers of the 64-bit record and its locator; nil to write none.
  var wide: ((inout Wide) -> Void)?

  struct Wide {
    var entries: UInt64
    var directorySize: UInt64
    var directoryPlace: UInt64
    var size: UInt64 = 44
    var disk: UInt32 = 0
    var place: UInt64
    var disks: UInt32 = 1
  }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  func file() -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let place = entry.place ?? UInt32(bytes.count)
      let size = UInt32(entry.contents.count)
      let localName = Array((entry.localName ?? entry.name).utf8)
      bytes += Self.little(entry.localSignature) + [20, 0] + Self.little(entry.flags)
      bytes += Self.little(entry.localMethod ?? entry.method) + [UInt8](repeating: 0, count: 8)
      bytes += Self.little(entry.localSize ?? size) + Self.little(entry.wholeSize ?? size)
      bytes += Self.little(UInt16(localName.count)) + [0, 0] + localName + entry.contents
      let name = Array(entry.name.utf8)
      directory += Self.little(entry.signature) + [20, 0, 20, 0] + Self.little(entry.flags)
      directory += Self.little(entry.method) + [UInt8](repeating: 0, count: 8)
      directory += Self.little(entry.storedSize ?? size) + Self.little(entry.wholeSize ?? size)
      directory += Self.little(UInt16(name.count)) + Self.little(UInt16(entry.extra.count))
      directory += [0, 0] + Self.little(entry.disk) + [UInt8](repeating: 0, count: 6)
      directory += Self.little(place) + name + entry.extra
    }
    let start = bytes.count
    bytes += directory
    if let wide { bytes += wideRecords(bytes.count, start, directory.count, wide) }
    let count = entryCount ?? UInt16(entries.count)
    bytes += Self.little(UInt32(0x0605_4b50)) + Self.little(disk) + Self.little(disk)
    bytes += Self.little(count) + Self.little(count)
    bytes += Self.little(directorySize ?? UInt32(directory.count))
    bytes += Self.little(directoryPlace ?? UInt32(start))
    return bytes + Self.little(commentSize ?? UInt16(comment.count)) + comment + after
  }

  private func wideRecords(
    _ place: Int, _ start: Int, _ size: Int, _ change: (inout Wide) -> Void
  ) -> [UInt8] {
    var wide = Wide(
      entries: UInt64(entries.count), directorySize: UInt64(size), directoryPlace: UInt64(start),
      place: UInt64(place))
    change(&wide)
    var bytes = Self.little(UInt32(0x0606_4b50)) + Self.little(wide.size) + [45, 0, 45, 0]
    bytes += Self.little(wide.disk) + Self.little(UInt32(0))
    bytes += Self.little(wide.entries) + Self.little(wide.entries)
    bytes += Self.little(wide.directorySize) + Self.little(wide.directoryPlace)
    bytes += Self.little(UInt32(0x0706_4b50)) + Self.little(UInt32(0))
    return bytes + Self.little(wide.place) + Self.little(wide.disks)
  }
}
