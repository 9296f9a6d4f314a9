import GradCAMPPKernels

/// Gives tensors their places in one workspace, so that tensors which are never alive at the same
/// time share memory.
///
/// Greedy by size: the largest tensor first, each at the lowest offset where it overlaps no tensor
/// placed before whose life overlaps its own (Pisarchyk and Lee 2020, arXiv:2001.03288,
/// "greedy by size for offset calculation").
struct SlotLayout {
  /// Names a tensor to be placed.
  typealias Ticket = Int

  private struct Tenant {
    let size: Int
    var life: ClosedRange<Int>
    var offset = 0
  }

  private var tenants: [Tenant] = []

  /// Elements of the workspace, once `place` has run.
  private(set) var count = 0

  /// Asks for `count` elements that are alive during steps `life`.
  mutating func reserve(_ count: Int, life: ClosedRange<Int>) -> Ticket {
    // Slots begin on cache lines: 16 numbers of 4 bytes.
    tenants.append(Tenant(size: (count + 15) / 16 * 16, life: life))
    return tenants.count - 1
  }

  /// Prolongs a tensor's life to `step`.
  mutating func extend(_ ticket: Ticket, to step: Int) {
    let life = tenants[ticket].life
    tenants[ticket].life = min(life.lowerBound, step)...max(life.upperBound, step)
  }

  /// Computes all offsets.
  mutating func place() {
    let order = tenants.indices.sorted { (-tenants[$0].size, $0) < (-tenants[$1].size, $1) }
    var placed: [Int] = []
    for index in order {
      let life = tenants[index].life
      let rivals = placed.filter { tenants[$0].life.overlaps(life) }
        .sorted { tenants[$0].offset < tenants[$1].offset }
      var offset = 0
      for rival in rivals {
        guard offset + tenants[index].size > tenants[rival].offset else { break }
        offset = max(offset, tenants[rival].offset + tenants[rival].size)
      }
      tenants[index].offset = offset
      count = max(count, offset + tenants[index].size)
      placed.append(index)
    }
  }

  /// Where a tensor lies.
  func offset(_ ticket: Ticket) -> Int { tenants[ticket].offset }
}
