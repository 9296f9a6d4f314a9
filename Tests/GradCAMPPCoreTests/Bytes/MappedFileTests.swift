import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct MappedFileTests {
  /// A fresh folder, removed afterwards.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gradcampp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func refusal(_ path: String) throws -> GradCAMError {
    try #require(throws: GradCAMError.self) { try MappedFile(path: path) }
  }

  @Test func rangesAreLent() throws {
    try WeightFiles.temporary([10, 11, 12, 13]) { path throws in
      let file = try MappedFile(path: path)
      #expect(file.count == 4)
      #expect(file.bytes(1..<3) == [11, 12])
      #expect(file.bytes(4..<4) == [])
      #expect(file.read { $0.byteCount } == 4)
      #expect(file.read(1..<3) { $0.integer(UInt16.self, at: 0, .big) } == 0x0b0c)
      #expect(file.read(1..<3) { $0.integer(UInt16.self, at: 0, .little) } == 0x0c0b)
      #expect(file.read(1..<3) { $0.integer(UInt16.self, at: 1, .little) } == nil)
      #expect(file.read(1..<3) { $0.integer(UInt32.self, at: 0, .little) } == nil)
      #expect(file.read { $0.integer(UInt8.self, at: -1, .little) } == nil)
      #expect(file.read { $0.integer(UInt8.self, at: .max, .little) } == nil)
    }
  }

  @Test func contentsOutliveTheDirectoryEntry() throws {
    let file = try WeightFiles.temporary([1, 2, 3]) { path in try MappedFile(path: path) }
    #expect(file.bytes(0..<3) == [1, 2, 3])
  }

  @Test func missingFileIsNotFound() throws {
    try inFolder { folder throws in
      let path = folder.appendingPathComponent("none.npy").path
      #expect(try refusal(path) == GradCAMError(.fileNotFound, "there is no file at \(path)"))
      let below = folder.appendingPathComponent("file")
      try Data([1]).write(to: below)
      #expect(try refusal(below.path + "/x").kind == .fileNotFound)
      #expect(try refusal("").kind == .fileNotFound)
    }
  }

  @Test func whatIsNoRegularFileIsRefused() throws {
    try inFolder { folder throws in
      let error = try refusal(folder.path)
      #expect(error.kind == .inputOutput)
      #expect(error.message.hasPrefix("\(folder.path) is a directory;"))
      let pipe = folder.appendingPathComponent("pipe").path
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(try refusal(pipe).kind == .inputOutput)
      #expect(try refusal("/dev/zero").kind == .inputOutput)
    }
  }

  @Test func emptyFileIsBadData() throws {
    try WeightFiles.temporary([]) { path throws in
      #expect(try refusal(path) == GradCAMError(.badData, "\(path) is empty: it has 0 bytes"))
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func unreadableFileIsRefused() throws {
    try WeightFiles.temporary([1]) { path throws in
      try #require(chmod(path, 0) == 0)
      #expect(try refusal(path).kind == .inputOutput)
    }
  }

  @Test func pathWithZeroCharacterIsRefused() throws {
    try WeightFiles.temporary([1]) { path throws in
      #expect(try refusal(path + "\0.jpg").kind == .invalidArgument)
    }
  }
}
