import GradCAMPPKernels

/// The records at the end of a ZIP archive, which say where its directory lies.
///
/// APPNOTE.TXT 4.3.14 to 4.3.16: in archives of more than 4 GiB or 65,535 entries, and in all of
/// PyTorch, a 56-byte record with wide numbers and a 20-byte one that locates it stand before the
/// 22-byte one that every archive ends with.
struct ZipDirectoryEnd {
  /// Where the directory lies.
  let directory: Range<Int>

  let entryCount: Int

  private static let size = 22
  private static let locatorSize = 20
  private static let wideSize = 56
  private static let longestComment = 0xffff

  /// Numbers of the record in their order: narrow ones that are all ones stand in the wide record.
  private struct Numbers {
    var disk: UInt64
    var directoryDisk: UInt64
    var entriesOnDisk: UInt64
    var entries: UInt64
    var directorySize: UInt64
    var directoryPlace: UInt64
  }

  init(_ file: MappedFile) throws(GradCAMError) {
    let place = try Self.place(file)
    var reader = ByteReader(file, place + 4..<file.count)
    let narrow = try Self.narrowNumbers(&reader)
    var numbers = narrow
    var directoryEnd = place
    let locator = place - Self.locatorSize
    if locator >= 0, Self.isSignature(6, 7, at: locator, file) {
      (directoryEnd, numbers) = try Self.wideNumbers(file, locator)
      try Self.check(narrow, against: numbers, file)
    }
    guard numbers.disk == 0, numbers.directoryDisk == 0, numbers.entriesOnDisk == numbers.entries
    else { throw Self.error(file, "is one part of an archive of several") }
    guard let start = Int(exactly: numbers.directoryPlace),
      let size = Int(exactly: numbers.directorySize), let count = Int(exactly: numbers.entries),
      start <= directoryEnd, size == directoryEnd - start
    else {
      throw Self.error(
        file,
        "is damaged: its directory claims \(numbers.directorySize) bytes from byte "
          + "\(numbers.directoryPlace) and ends at byte \(directoryEnd)")
    }
    directory = start..<directoryEnd
    entryCount = count
  }

  /// Where the last record begins.
  private static func place(_ file: MappedFile) throws(GradCAMError) -> Int {
    let last = file.count - size
    if last >= 0, isSignature(5, 6, at: last, file) {
      let comment = file.read(last + 20..<file.count) { $0.integer(UInt16.self, at: 0, .little) }
      if comment == 0 { return last }
    }
    let start = max(0, last - longestComment)
    let tail = file.bytes(start..<file.count)
    let found = tail.indices.last { place in
      tail[place] == 0x50 && start + place <= last && isSignature(5, 6, at: start + place, file)
    }
    if let found {
      throw error(
        file,
        "has \(last - start - found) bytes, a comment or others, behind its directory; expected none"
      )
    }
    throw error(file, "is cut short: a ZIP archive ends with its directory, which is missing")
  }

  private static func narrowNumbers(_ reader: inout ByteReader) throws(GradCAMError) -> Numbers {
    let what = "the end of the directory"
    return Numbers(
      disk: UInt64(try reader.integer(UInt16.self, what)),
      directoryDisk: UInt64(try reader.integer(UInt16.self, what)),
      entriesOnDisk: UInt64(try reader.integer(UInt16.self, what)),
      entries: UInt64(try reader.integer(UInt16.self, what)),
      directorySize: UInt64(try reader.integer(UInt32.self, what)),
      directoryPlace: UInt64(try reader.integer(UInt32.self, what)))
  }

  /// The place and the numbers of the wide record, which stands right before its locator.
  private static func wideNumbers(
    _ file: MappedFile, _ locator: Int
  ) throws(GradCAMError) -> (place: Int, numbers: Numbers) {
    let place = locator - wideSize
    let what = "the end of the directory"
    var reader = ByteReader(file, locator + 4..<locator + locatorSize)
    let disk = try reader.integer(UInt32.self, what)
    let claimed = try reader.integer(UInt64.self, what)
    let disks = try reader.integer(UInt32.self, what)
    guard disk == 0, disks <= 1 else { throw error(file, "is one part of an archive of several") }
    guard place >= 0, claimed == UInt64(place), isSignature(6, 6, at: place, file) else {
      throw error(
        file,
        "is damaged: the 64-bit record of its directory is said to be at byte \(claimed); expected "
          + "\(max(place, 0))")
    }
    reader = ByteReader(file, place + 4..<locator)
    let size = try reader.integer(UInt64.self, what)
    guard size == UInt64(wideSize - 12) else {
      throw error(
        file,
        "is damaged: the 64-bit record of its directory has \(size) bytes; expected "
          + "\(wideSize - 12)")
    }
    _ = try reader.skip(4, what)  // versions of ZIP
    return (
      place,
      Numbers(
        disk: UInt64(try reader.integer(UInt32.self, what)),
        directoryDisk: UInt64(try reader.integer(UInt32.self, what)),
        entriesOnDisk: try reader.integer(UInt64.self, what),
        entries: try reader.integer(UInt64.self, what),
        directorySize: try reader.integer(UInt64.self, what),
        directoryPlace: try reader.integer(UInt64.self, what))
    )
  }

  private static func check(
    _ narrow: Numbers, against wide: Numbers, _ file: MappedFile
  ) throws(GradCAMError) {
    let pairs = [
      (narrow.disk, wide.disk, UInt64(UInt16.max)),
      (narrow.directoryDisk, wide.directoryDisk, UInt64(UInt16.max)),
      (narrow.entriesOnDisk, wide.entriesOnDisk, UInt64(UInt16.max)),
      (narrow.entries, wide.entries, UInt64(UInt16.max)),
      (narrow.directorySize, wide.directorySize, UInt64(UInt32.max)),
      (narrow.directoryPlace, wide.directoryPlace, UInt64(UInt32.max)),
    ]
    for (narrow, wide, allOnes) in pairs where narrow != wide && narrow != allOnes {
      throw error(
        file, "is damaged: the records of its directory say \(narrow) and \(wide) of the same")
    }
  }

  private static func isSignature(
    _ third: UInt8, _ fourth: UInt8, at place: Int, _ file: MappedFile
  ) -> Bool {
    let expected = UInt32(0x4b50) | UInt32(third) << 16 | UInt32(fourth) << 24
    return file.read { $0.integer(UInt32.self, at: place, .little) } == expected
  }

  private static func error(_ file: MappedFile, _ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(file.path) \(sentence)")
  }
}
