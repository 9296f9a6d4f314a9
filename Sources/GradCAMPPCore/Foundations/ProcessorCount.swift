import Glibc

/// How many processors this process may keep busy.
///
/// The smaller of the affinity mask and the control group's quota (version 2's `cpu.max`, or
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

  private static func quota() -> Int? {
    if let text = text(of: "/sys/fs/cgroup/cpu.max") {
      let words = text.split(whereSeparator: \.isWhitespace)
      guard words.count == 2 else { return nil }
      return processors(quota: words[0], period: words[1])
    }
    guard let quota = text(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
      let period = text(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    else { return nil }
    return processors(
      quota: Substring(quota.filter { !$0.isWhitespace }),
      period: Substring(period.filter { !$0.isWhitespace }))
  }

  /// Processors for a quota and period in microseconds, rounded up; nil when unlimited.
  private static func processors(quota: Substring, period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else {
      return nil
    }
    return (quota + period - 1) / period
  }

  private static func text(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let size = read(file, &bytes, bytes.count)
    guard size > 0 else { return nil }
    return String(decoding: bytes[..<size], as: UTF8.self)
  }
}
