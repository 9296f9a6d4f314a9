import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// ZIP archives that no program writes, or none that PyTorch's are made with.
@Suite struct HostileZipTests {
  private func message(_ archive: ZipWriter) throws -> String {
    let error = try WeightFiles.refusal(archive.file())
    #expect(error.kind == .badData)
    return error.message
  }

  /// The message about the sample archive after a change.
  private func message(_ change: (inout ZipWriter) -> Void) throws -> String {
    var archive = TorchWriter.sample()
    change(&archive)
    return try message(archive)
  }

  @Test func theWriterWritesWhatIsRead() throws {
    for wide in [nil, { _ in }] as [((inout ZipWriter.Wide) -> Void)?] {
      var archive = TorchWriter.sample()
      archive.wide = wide
      let store = try WeightFiles.open(archive.file())
      #expect(store.names == ["fc.weight"])
      #expect(store["fc.weight"]?.shape == Shape([2, 3]))
      #expect(try store["fc.weight"]?.floats() == [1, 2, 3, 4, 5, 6])
      #expect(store["fc.weight"]?.isMapped == true)
    }
  }

  /// Sizes that the local headers leave out, and numbers of the directory that are all ones.
  @Test func wideNumbersAreRead() throws {
    var archive = TorchWriter.sample()
    for index in archive.entries.indices {
      let size = UInt64(archive.entries[index].contents.count)
      archive.entries[index].flags = 0x808
      archive.entries[index].localSize = 0
      archive.entries[index].storedSize = .max
      archive.entries[index].wholeSize = .max
      // A field of another kind before it.
      archive.entries[index].extra =
        [0x46, 0x42, 1, 0, 9] + [1, 0, 16, 0] + ZipWriter.little(size) + ZipWriter.little(size)
    }
    archive.wide = { _ in }
    archive.entryCount = .max
    archive.directorySize = .max
    archive.directoryPlace = .max
    #expect(try WeightFiles.open(archive.file())["fc.weight"]?.floats() == [1, 2, 3, 4, 5, 6])
  }

  @Test func theDirectoryIsUnambiguous() throws {
    #expect(try message { $0.comment = [1, 2, 3] }.contains("has 3 bytes, a comment or others"))
    #expect(try message { $0.after = [0] }.contains("has 1 bytes, a comment or others"))
    #expect(try message { $0.commentSize = 7 }.contains("has 0 bytes, a comment or others"))
    let many = [UInt8](repeating: 0, count: 70_000)
    #expect(try message { $0.after = many }.contains("is cut short"))
    #expect(try message { $0.entryCount = 3 }.contains("claims 3 entries and holds 4"))
    #expect(try message { $0.entryCount = 60_000 }.contains("claims 60000 entries"))
    #expect(try message { $0.disk = 1 }.contains("is one part of an archive of several"))
    #expect(try message { $0.directorySize = .max }.contains("claims 4294967295 bytes from byte"))
    #expect(try message { $0.directoryPlace = .max }.contains("from byte 4294967295 and ends at"))
    #expect(try message { $0.directorySize = 9 }.contains("claims 9 bytes from byte"))
    #expect(try message { $0.directoryPlace = 0 }.contains("from byte 0 and ends at byte"))
    #expect(try message { $0.entries[0].signature = 7 }.contains("expected an entry of its dir"))
  }

  @Test func wideRecordsAgree() throws {
    func message(_ change: @escaping (inout ZipWriter.Wide) -> Void) throws -> String {
      try self.message { $0.wide = change }
    }
    #expect(try message { $0.entries = 9 }.contains("say 4 and 9 of the same"))
    #expect(try message { $0.directorySize = .max }.contains("18446744073709551615 of the same"))
    #expect(try message { $0.directoryPlace += 1 }.contains("of the same"))
    #expect(try message { $0.place += 1 }.contains("record of its directory is said to be"))
    #expect(try message { $0.place = .max }.contains("record of its directory is said to be"))
    #expect(try message { $0.size = 45 }.contains("has 45 bytes; expected 44"))
    #expect(try message { $0.size = .max }.contains("has 18446744073709551615 bytes"))
    #expect(try message { $0.disks = 2 }.contains("is one part of an archive of several"))
    #expect(try message { $0.disk = 1 }.contains("say 0 and 1 of the same"))
    #expect(
      try self.message {
        $0.wide = { $0.directorySize = .max }
        $0.directorySize = .max
      }.contains("claims 18446744073709551615 bytes"))
    #expect(
      try self.message {
        $0.wide = { $0.entries = .max }
        $0.entryCount = .max
      }.contains("claims 18446744073709551615 entries") == false)
  }

  @Test func entriesLieInsideTheFileOnceEach() throws {
    #expect(try message { $0.entries[3].place = 0 }.contains("has another name, size or method"))
    #expect(try message { $0.entries[3].place = 7 }.contains("has no header at byte 7"))
    #expect(try message { $0.entries[3].place = 1 << 30 }.contains("begins at byte 1073741824"))
    #expect(try message { $0.entries[3].place = .max }.contains("are impossible"))
    #expect(
      try message {
        $0.entries[3].storedSize = 1 << 30
        $0.entries[3].wholeSize = 1 << 30
        $0.entries[3].localSize = .max
      }.contains("takes 1073741824 bytes"))
    #expect(
      try message {
        let size = UInt32($0.entries[0].contents.count + 1)
        $0.entries[0].storedSize = size
        $0.entries[0].wholeSize = size
        $0.entries[0].localSize = size
      }.contains("\"x/data.pkl\" and \"x/byteorder\" overlap"))
    #expect(try message { $0.entries[3].storedSize = 23 }.contains("are impossible"))
    #expect(try message { $0.entries[3].storedSize = .max }.contains("are impossible"))
    #expect(try message { $0.entries[3].disk = 1 }.contains("are impossible"))
    #expect(try message { $0.entries[3].localSize = 23 }.contains("has another name, size or"))
    #expect(try message { $0.entries[3].localSize = 0 }.contains("has another name, size or"))
    #expect(try message { $0.entries[3].localName = "x/data/1" }.contains("has another name"))
    #expect(try message { $0.entries[3].localMethod = 8 }.contains("has another name"))
    #expect(try message { $0.entries[3].localSignature = 0 }.contains("has no header at byte"))
    #expect(try message { $0.entries[3].flags = 1 }.contains("\"x/data/0\" is encrypted"))
    #expect(try message { $0.entries[3].extra = [1, 0, 9, 0, 1] }.contains("extra field"))
    #expect(try message { $0.entries[3].extra = [1] }.contains("extra field"))
    #expect(try message { $0.entries.append($0.entries[3]) }.contains("two entries named"))
    #expect(
      try message {
        $0.entries[3].storedSize = .max
        $0.entries[3].wholeSize = .max
        $0.entries[3].localSize = .max
        $0.entries[3].extra = [1, 0, 16, 0] + [UInt8](repeating: 0xff, count: 16)
      }.contains("are impossible"))
  }

  /// 65,000 entries that all are the same bytes, as in overlapping zip bombs.
  @Test func manyEntriesDoNotShareBytes() throws {
    var archive = ZipWriter(entries: [ZipWriter.Entry(name: "a", contents: [1, 2, 3])])
    archive.entries += (0..<65_000).map { number in
      ZipWriter.Entry(name: "\(number)", contents: [], localName: "", place: 0)
    }
    #expect(try message(archive).contains("has another name"))
  }

  @Test func nothingIsDecompressed() throws {
    #expect(
      try message { $0.entries[3].method = 8 }
        .contains("\"x/data/0\" is compressed (method 8); expected a file as torch.save writes it"))
    // 10 bytes that would grow to 4 GB.
    #expect(
      try message {
        $0.entries[3].contents = [UInt8](repeating: 0, count: 10)
        $0.entries[3].method = 8
        $0.entries[3].wholeSize = .max - 1
      }.contains("is compressed (method 8)"))
  }

  @Test func otherArchivesAreDescribed() throws {
    func message(_ names: String...) throws -> String {
      try self.message(
        ZipWriter(entries: names.map { ZipWriter.Entry(name: $0, contents: [1], method: 8) }))
    }
    #expect(try message("conv1_1_W.npy", "b.npy").contains("is an archive of NumPy arrays; open"))
    #expect(try message("model.weights.h5", "config.json").contains("is a file of Keras; open it"))
    #expect(try message("a.txt").contains("is a ZIP archive without data.pkl; expected one that"))
    #expect(try message("data.pkl").contains("is a ZIP archive without data.pkl"))
    #expect(try message("a/b/data.pkl").contains("is a ZIP archive without data.pkl"))
    #expect(try message("a/data.pkl", "b/data.pkl").contains("holds 2 files named data.pkl"))
    #expect(
      try message("a/data.pkl", "a/constants.pkl").contains(
        "is a TorchScript program; save its weights where torch is: "
          + "torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH), or export"))
  }

  @Test func namesOfEntriesAreText() throws {
    let bytes = TorchWriter.sample().file()
    let name = Array("x/byteorder".utf8)
    let damaged = bytes.indices.reduce(into: bytes) { damaged, place in
      if bytes[place...].starts(with: name) { damaged[place] = 0xff }
    }
    #expect(try WeightFiles.refusal(damaged).message.contains("an entry's name is no UTF-8 text"))
  }
}
