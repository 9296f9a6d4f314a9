import GradCAMPPKernels
import Synchronization

/// The plans that a model has made, the latest used last; the oldest are forgotten.
final class PlanCache: Sendable {
  private let capacity = 8
  private let entries = Mutex<[(request: PlanRequest, plan: Plan)]>([])

  /// The plan of a request, made now if it is not there.
  func plan(_ request: PlanRequest, for network: Network) throws(GradCAMError) -> Plan {
    if let plan = use(request) { return plan }
    var builder = try PlanBuilder(network: network, request: request)
    let plan = try builder.build()
    return entries.withLock { entries in
      // Another thread may have been faster: share its plan and workspaces.
      if let known = entries.first(where: { $0.request == request }) { return known.plan }
      entries.append((request, plan))
      if entries.count > capacity { entries.removeFirst() }
      return plan
    }
  }

  private func use(_ request: PlanRequest) -> Plan? {
    entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.request == request }) else { return nil }
      entries.append(entries.remove(at: index))
      return entries.last?.plan
    }
  }
}
