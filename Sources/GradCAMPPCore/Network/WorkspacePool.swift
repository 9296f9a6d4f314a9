import GradCAMPPKernels

/// Workspaces that runs of one model have given back, for later runs of any of its plans.
///
/// No more are kept than loops can run at once, so a burst of callers leaves no memory behind.
final class WorkspacePool: @unchecked Sendable {
  /// Smallest first; guarded by the process's lock.
  private var idle: [MemoryBlock<Float>] = []

  /// Lends a workspace of at least `count` elements that nobody else uses during `body`.
  func withWorkspace<Result>(
    count: Int, _ body: (MemoryBlock<Float>) throws(GradCAMError) -> Result
  ) throws(GradCAMError) -> Result {
    let known = ProcessLock.shared.withLock {
      idle.firstIndex { $0.count >= count }.map { idle.remove(at: $0) }
    }
    let memory: MemoryBlock<Float>
    if let known {
      memory = known
    } else {
      memory = try MemoryBlock(count: count)
    }
    defer { giveBack(memory) }
    return try body(memory)
  }

  private func giveBack(_ memory: MemoryBlock<Float>) {
    let dropped: MemoryBlock<Float>? = ProcessLock.shared.withLock {
      idle.insert(memory, at: idle.firstIndex { $0.count >= memory.count } ?? idle.count)
      return idle.count > ThreadPool.shared.limit ? idle.removeFirst() : nil
    }
    // Freed here, outside the lock.
    withExtendedLifetime(dropped) {}
  }
}
