import GradCAMPPKernels

/// The plans that a model has made, the latest used last; the oldest are forgotten.
final class PlanCache: @unchecked Sendable {
  private let capacity = 8
  /// Guarded by the process's lock.
  private var entries: [(request: PlanRequest, plan: Plan)] = []

  /// The plan of a request, made now if it is not there.
  func plan(_ request: PlanRequest, for network: Network) throws(GradCAMError) -> Plan {
    if let plan = use(request) { return plan }
    var builder = try PlanBuilder(network: network, request: request)
    let plan = try builder.build()
    return ProcessLock.shared.withLock {
      // Another thread may have been faster: share its plan and workspaces.
      if let known = entries.first(where: { $0.request == request }) { return known.plan }
      entries.append((request, plan))
      if entries.count > capacity { entries.removeFirst() }
      return plan
    }
  }

  private func use(_ request: PlanRequest) -> Plan? {
    ProcessLock.shared.withLock {
      guard let index = entries.firstIndex(where: { $0.request == request }) else { return nil }
      entries.append(entries.remove(at: index))
      return entries.last?.plan
    }
  }
}
