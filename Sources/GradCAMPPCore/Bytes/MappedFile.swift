import Glibc
import GradCAMPPKernels

/// A regular file's bytes, mapped for reading or copied, and lent as spans.
///
/// This file is the only place where such memory is a pointer.
public final class MappedFile: @unchecked Sendable {
  /// How a file's bytes come into memory.
  public enum Mode: Sendable {
    /// Pages are read when they are first touched. The file must not change while it is open: bytes
    /// that somebody writes are seen here, and touching a page that was cut off ends the process.
    case mapped
    /// All bytes are read at once; what happens to the file afterwards does not matter.
    case copied
  }

  /// The path as it was given.
  public let path: String

  /// The file's size in bytes, at least 1.
  public let count: Int

  /// How the bytes came into memory.
  public let mode: Mode

  /// What may be made of the file's contents.
  public let limits: Limits

  private let base: UnsafeRawPointer
  /// Open as long as the file is mapped, to see whether it changes; nil for a copy.
  private let descriptor: Int32?
  private let changed: timespec

  /// Maps or copies the file at `path`.
  ///
  /// Throws `fileNotFound` when there is none, `inputOutput` when the system refuses it, when another
  /// program holds a write lease on it, or when it is no regular file (a pipe would block, a device
  /// has no end), `badData` when it is empty, or too large a copy for `limits`.
  public init(
    path: String, _ mode: Mode = .mapped, _ limits: Limits = Limits()
  ) throws(GradCAMError) {
    guard !path.utf8.contains(0) else {
      throw GradCAMError(.invalidArgument, "path \(path.quoted) contains a zero character")
    }
    // Without O_NONBLOCK, opening a pipe would wait for a writer, and a file with a lease for the end
    // of the lease.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.refusal(to: "open", path, errno) }
    var keepsOpen = false
    defer { if !keepsOpen { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.refusal(to: "examine", path, errno) }
    try Self.checkContents(status, path)
    let size = Int(status.st_size)
    if mode == .copied {
      try limits.check(size, .decodedBytes, "\(path): a copy of the file takes", "bytes")
    }
    let base = try Self.pages(size, mode == .mapped ? descriptor : nil, path)
    if mode == .copied {
      do throws(GradCAMError) {
        try Self.copy(descriptor, to: base, count: size, path)
      } catch {
        munmap(base, size)
        throw error
      }
    }
    keepsOpen = mode == .mapped
    self.path = path
    self.mode = mode
    self.limits = limits
    self.base = UnsafeRawPointer(base)
    self.descriptor = keepsOpen ? descriptor : nil
    count = size
    changed = status.st_mtim
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: base), count)
    if let descriptor { close(descriptor) }
  }

  /// Throws `inputOutput` when a mapped file has another size or time than when it was opened.
  ///
  /// That the file at the path was replaced by another one does not matter: the old one stays.
  public func verify() throws(GradCAMError) {
    guard let descriptor else { return }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.refusal(to: "examine", path, errno) }
    let time = status.st_mtim
    guard Int(status.st_size) == count, time.tv_sec == changed.tv_sec,
      time.tv_nsec == changed.tv_nsec
    else {
      throw GradCAMError(
        .inputOutput,
        "\(path) was changed while it was open (\(count) bytes then, \(status.st_size) now); open it "
          + "again when nobody writes it, or have it copied")
    }
  }

  /// Pages of a file, or new ones.
  private static func pages(
    _ size: Int, _ descriptor: Int32?, _ path: String
  ) throws(GradCAMError) -> UnsafeMutableRawPointer {
    let flags = MAP_PRIVATE | (descriptor == nil ? MAP_ANONYMOUS : 0)
    let protection = descriptor == nil ? PROT_READ | PROT_WRITE : PROT_READ
    guard let base = mmap(nil, size, protection, flags, descriptor ?? -1, 0), base != MAP_FAILED
    else { throw refusal(to: descriptor == nil ? "copy" : "map", path, errno) }
    return base
  }

  private static func copy(
    _ descriptor: Int32, to base: UnsafeMutableRawPointer, count: Int, _ path: String
  ) throws(GradCAMError) {
    var done = 0
    while done < count {
      // The system reads at most 2 GiB at a time.
      let size = Glibc.read(descriptor, base + done, count - done)
      if size < 0, errno == EINTR { continue }
      guard size >= 0 else { throw refusal(to: "read", path, errno) }
      guard size > 0 else {
        throw GradCAMError(
          .inputOutput,
          "\(path) was cut short while it was read: \(done) of \(count) bytes are left")
      }
      done += size
    }
  }

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
    if code == EWOULDBLOCK {
      return GradCAMError(
        .inputOutput,
        "cannot \(verb) \(path): another program holds a lease on it, as if to write it; try again "
          + "when that has closed it")
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
