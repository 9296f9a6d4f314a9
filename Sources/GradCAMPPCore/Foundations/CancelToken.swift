import Synchronization

/// Ends a long call from outside: a run looks at it between its steps.
///
/// Any thread may cancel; a cancelled token stays so.
public final class CancelToken: Sendable {
  private let flag = Atomic<Bool>(false)
  private let poll: (@Sendable () -> Bool)?

  /// A token; `poll`, if there is one, is called by the thread that runs, between steps, and
  /// cancels by returning true.
  public init(poll: (@Sendable () -> Bool)? = nil) { self.poll = poll }

  /// Cancels.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Throws `cancelled` once somebody has cancelled.
  public func check() throws(GradCAMError) {
    if let poll, poll() { cancel() }
    guard flag.load(ordering: .relaxed) else { return }
    throw GradCAMError(.cancelled, "the call was cancelled before it was done")
  }
}
