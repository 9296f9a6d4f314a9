import Glibc

/// How many processors this process may keep busy.
///
/// The smaller of the affinity mask and the control groups' quota (version 2's `cpu.max`, or
/// version 1's `cpu.cfs_quota_us`), since a container sees every processor of its host but is
/// throttled when it uses more than its quota.
enum ProcessorCount {
  /// At least 1.
  static func available() -> Int {
    var count = affinity() ?? 1
    if let quota = quota() { count = min(count, quota) }
    return max(1, count)
  }

  /// Set bits of the affinity mask, which the kernel writes as comma-separated hexadecimal words.
  private static func affinity() -> Int? {
    guard let status = text(of: "/proc/self/status"),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
    else { return nil }
    return line.drop { $0 != ":" }.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
  }

  /// The smallest quota of the process's control group and the groups around it.
  private static func quota() -> Int? {
    // Version 2: one line `0::/path`; its quota is `max` or a number, then the period.
    let group = text(of: "/proc/self/cgroup")?.split(separator: "\n")
      .first { $0.hasPrefix("0::") }?.dropFirst(3)
    var path = group.map(String.init) ?? "/"
    var smallest: Int?
    while true {
      let words = text(of: "/sys/fs/cgroup\(path)/cpu.max")?.split(whereSeparator: \.isWhitespace)
      if let words, words.count == 2, let count = processors(quota: words[0], period: words[1]) {
        smallest = min(smallest ?? count, count)
      }
      guard let slash = path.lastIndex(of: "/"), path.count > 1 else { break }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    if let smallest { return smallest }
    // Version 1, as seen from inside a container.
    guard let quota = text(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
      let period = text(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    else { return nil }
    return processors(
      quota: Substring(quota.filter { !$0.isWhitespace }),
      period: Substring(period.filter { !$0.isWhitespace }))
  }

  /// Processors for a quota and period in microseconds, rounded up; nil when unlimited.
  private static func processors(quota: Substring, period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0,
      quota <= 1 << 50
    else { return nil }
    return (quota + period - 1) / period
  }

  /// A file of the kernel's, which says no size; at most a mebibyte of it.
  private static func text(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 8192)
    while bytes.count < 1 << 20 {
      let size = read(file, &part, part.count)
      guard size > 0 else { break }
      bytes += part[..<size]
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
