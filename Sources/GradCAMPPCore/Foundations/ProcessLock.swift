import Glibc

/// One lock for the whole process, for short looks into caches.
///
/// It is held across `fork`, so that a child never finds it taken by a thread that the child does
/// not have. (A lock of the standard library would stop the child there.) The thread that holds it
/// must not ask for it again.
public final class ProcessLock: @unchecked Sendable {
  /// The process's lock.
  public static let shared = ProcessLock()

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  private init() {
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    pthread_atfork(
      { pthread_mutex_lock(ProcessLock.shared.mutex) },
      { pthread_mutex_unlock(ProcessLock.shared.mutex) },
      { pthread_mutex_unlock(ProcessLock.shared.mutex) })
  }

  /// Runs `body` while no other thread is in such a call.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
