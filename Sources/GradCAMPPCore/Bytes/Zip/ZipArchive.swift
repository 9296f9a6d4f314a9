import GradCAMPPKernels

/// Where the entries of a ZIP archive lie in a mapped file.
///
/// Format: PKWARE's APPNOTE.TXT 6.3. The central directory alone says what there is: local headers
/// may leave sizes out. Programs differ in what they make of an archive that says something twice,
/// so one that leaves anything to choose is refused: bytes between the directory's records or after
/// them, entries that overlap or lie outside, a name that occurs twice, headers that differ.
///
/// Checksums are not verified, so that entries stay in the file until they are used.
struct ZipArchive {
  /// An entry's contents, as they lie in the file.
  struct Entry {
    let name: String
    let range: Range<Int>
    /// 0 for contents that are stored as they are; see APPNOTE.TXT 4.4.5 for others.
    let method: Int
  }

  /// The entries in the order of the directory.
  let entries: [Entry]

  private let places: [String: Int]

  /// Reads the directory of a file; throws `badData` when it is damaged or ambiguous.
  init(_ file: MappedFile) throws(GradCAMError) {
    let end = try ZipDirectoryEnd(file)
    var reader = ByteReader(file, end.directory)
    var headers: [ZipHeader] = []
    while reader.remaining > 0 { headers.append(try ZipHeader(&reader)) }
    guard headers.count == end.entryCount else {
      throw GradCAMError(
        .badData,
        "\(file.path) is damaged: its directory claims \(end.entryCount) entries and holds "
          + "\(headers.count)")
    }
    var places: [String: Int] = [:]
    var entries: [Entry] = []
    var extents: [Range<Int>] = []
    for (index, header) in headers.enumerated() {
      guard places.updateValue(index, forKey: header.name) == nil else {
        throw GradCAMError(
          .badData, "\(file.path) is damaged: it holds two entries named \(header.name.quoted)")
      }
      let range = try header.contents(file, before: end.directory.lowerBound)
      entries.append(Entry(name: header.name, range: range, method: header.method))
      extents.append(header.place..<range.upperBound)
    }
    let order = extents.indices.sorted { extents[$0].lowerBound < extents[$1].lowerBound }
    for (first, second) in zip(order, order.dropFirst())
    where extents[second].lowerBound < extents[first].upperBound {
      throw GradCAMError(
        .badData,
        "\(file.path) is damaged: its entries \(entries[first].name.quoted) and "
          + "\(entries[second].name.quoted) overlap")
    }
    self.entries = entries
    self.places = places
  }

  /// The entry of that name.
  subscript(name: String) -> Entry? { places[name].map { entries[$0] } }
}
