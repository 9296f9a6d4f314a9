import Glibc
import GradCAMPPKernels

/// A regular file's bytes, mapped for reading and lent as spans.
///
/// Pages are read when they are first touched. The file must not be shortened while it is mapped.
/// This file is the only place where mapped memory is a pointer.
public final class MappedFile: @unchecked Sendable {
  /// The path as it was given.
  public let path: String

  /// The file's size in bytes, at least 1.
  public let count: Int

  private let base: UnsafeRawPointer

  /// Maps the file at `path` and closes its descriptor.
  ///
  /// Throws `fileNotFound` when there is none, `inputOutput` when the system refuses it or it is
  /// no regular file (a pipe would block, a device has no end), `badData` when it is empty.
  public init(path: String) throws(GradCAMError) {
    guard !path.utf8.contains(0) else {
      throw GradCAMError(.invalidArgument, "path \(path.quoted) contains a zero character")
    }
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.refusal(to: "open", path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.refusal(to: "examine", path, errno) }
    try Self.checkContents(status, path)
    let size = Int(status.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw Self.refusal(to: "map", path, errno) }
    self.path = path
    self.count = size
    self.base = UnsafeRawPointer(base)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }

  /// Lends all bytes.
  public func read<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try read(0..<count, body)
  }

  /// Lends the bytes of `range`, which lies inside the file.
  public func read<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside file")
    let buffer = UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    return try body(buffer.bytes)
  }

  /// Copies the bytes of `range`, which lies inside the file.
  public func bytes(_ range: Range<Int>) -> [UInt8] {
    read(range) { span in span.withUnsafeBytes { [UInt8]($0) } }
  }

  private static func refusal(to verb: String, _ path: String, _ code: Int32) -> GradCAMError {
    if code == ENOENT || code == ENOTDIR {
      return GradCAMError(.fileNotFound, "there is no file at \(path.isEmpty ? "\"\"" : path)")
    }
    return GradCAMError(
      code == ENOMEM ? .outOfMemory : .inputOutput,
      "cannot \(verb) \(path): \(String(cString: strerror(code)))")
  }

  private static func checkContents(_ status: stat, _ path: String) throws(GradCAMError) {
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR {
      throw GradCAMError(.inputOutput, "\(path) is a directory; give the path of a file in it")
    }
    guard type == S_IFREG else {
      throw GradCAMError(.inputOutput, "\(path) is a pipe, socket or device, not a regular file")
    }
    guard status.st_size > 0 else {
      throw GradCAMError(.badData, "\(path) is empty: it has 0 bytes")
    }
  }
}
