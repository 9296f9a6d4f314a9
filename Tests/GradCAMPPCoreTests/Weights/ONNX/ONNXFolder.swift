import Foundation
import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// A temporary folder with a model and whatever it names.
struct ONNXFolder {
  let path: String

  /// Makes a folder, passes it on, and removes it.
  static func temporary<Result>(_ body: (ONNXFolder) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("gradcampp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(ONNXFolder(path: url.path))
  }

  /// Writes a file and returns its path; folders within are made.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Makes a symbolic link.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  /// What the bytes of a model say.
  static func read(_ model: [UInt8]) throws -> ONNXDocument {
    try WeightFiles.temporary(model) { path in try ONNXDocument(path: path) }
  }

  /// The sentence that reading a model, and writing out its functions, ends in.
  static func refusal(_ model: [UInt8]) throws -> String {
    try WeightFiles.temporary(model) { path in try refusal(path: path) }
  }

  /// The sentence that reading the model at a path ends in, without the path.
  static func refusal(path: String, _ kind: GradCAMError.Kind = .badData) throws -> String {
    let error = try #require(throws: GradCAMError.self) {
      try ONNXDocument(path: path).inlined()
    }
    #expect(error.kind == kind)
    #expect(error.message.hasPrefix(path))
    #expect(!error.message.contains { $0.isNewline })
    return String(error.message.dropFirst(path.count))
  }
}
