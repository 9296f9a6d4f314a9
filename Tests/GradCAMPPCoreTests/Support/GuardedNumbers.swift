import Glibc

/// Numbers that touch a page which nobody may read or write: a loop that leaves them by one
/// element stops the test process.
final class GuardedNumbers {
  /// Which end of the numbers touches such a page; near the other end another one lies.
  enum Edge: CaseIterable { case first, last }

  let buffer: UnsafeMutableBufferPointer<Float>
  private let pages: UnsafeMutableRawPointer
  private let length: Int

  /// Memory with these values.
  init(_ values: [Float], _ edge: Edge) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let inner = (values.count * 4 + page - 1) / page * page
    length = inner + 2 * page
    guard
      let pages = mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      pages != MAP_FAILED, inner == 0 || mprotect(pages + page, inner, PROT_READ | PROT_WRITE) == 0
    else { preconditionFailure("no memory for the test") }
    self.pages = pages
    let first = pages + page + (edge == .first ? 0 : inner - values.count * 4)
    buffer = UnsafeMutableBufferPointer(
      start: first.bindMemory(to: Float.self, capacity: values.count), count: values.count)
    for (index, value) in values.enumerated() { buffer[index] = value }
  }

  /// Memory of so many elements, all NaN, so that what is not written shows.
  convenience init(count: Int, _ edge: Edge) {
    self.init([Float](repeating: .nan, count: count), edge)
  }

  deinit { munmap(pages, length) }

  var values: [Float] { Array(buffer) }

  func read<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(buffer).span)
  }

  func write<Result>(_ body: (inout MutableSpan<Float>) throws -> Result) rethrows -> Result {
    var span = buffer.mutableSpan
    return try body(&span)
  }
}
