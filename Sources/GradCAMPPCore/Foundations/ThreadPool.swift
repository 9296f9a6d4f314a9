import CProcessor
import Glibc
import Synchronization

/// Threads that share out the numbered tasks of one loop.
///
/// A loop's tasks are fixed by its shape and each task's arithmetic does not depend on who runs
/// it, so results are the same for every number of threads. One loop runs on the pool at a time;
/// a loop that finds the pool busy, because another thread of the host program is in it, runs on
/// its own thread alone, so that several callers never use more threads than processors.
///
/// `GRADCAMPP_NUM_THREADS`, if it is a number above 0, sets how many threads are used unless
/// `setThreadCount` says otherwise.
///
/// Threads start at the first loop that needs them. A child made by `fork` has none of its
/// parent's threads: the pool notices and starts anew.
public final class ThreadPool: @unchecked Sendable {
  /// The process's pool.
  public static let shared = ThreadPool()

  /// A task of a loop: its number, and the number of the worker that runs it.
  public typealias Task = (_ task: Int, _ worker: Int) -> Void

  /// The most workers that a loop can have; scratch memory is laid out for as many.
  public let limit: Int

  private let defaultCount: Int
  private let chosenCount: Atomic<Int>
  private let busy = Atomic<Bool>(false)
  private let nextTask = Atomic<Int>(0)

  /// Counts loops; written under `mutex`, read without it by workers that wait for the next one.
  private let generation = Atomic<Int>(0)
  /// Workers that are in the loop beside its caller; written under `mutex`.
  private let joined = Atomic<Int>(0)

  // Guarded by `mutex`; pointers, because POSIX objects must not move.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var started = 0
  private var loopWorkers = 0
  private var loopTasks = 0
  /// Nil when no worker may join any more.
  private var loopBody: UnsafePointer<Task>?

  /// Waits some tens of microseconds for something to become true, before the caller sleeps.
  ///
  /// A network's loops follow each other faster than a sleeping thread wakes.
  @inline(__always)
  private func look(for isTrue: () -> Bool) {
    var looks = 0
    while looks < 2000, !isTrue() {
      gcpp_pause()
      looks += 1
    }
  }

  private init() {
    limit = min(ProcessorCount.available(), 64)
    let wanted = getenv("GRADCAMPP_NUM_THREADS").flatMap { Int(String(cString: $0)) } ?? 0
    defaultCount = wanted > 0 ? min(wanted, limit) : limit
    chosenCount = Atomic(defaultCount)
    initializeLocks()
    pthread_atfork(nil, nil) { ThreadPool.shared.restartAfterFork() }
  }

  /// The number of threads that a loop uses: 1 to `limit`.
  public var threadCount: Int { chosenCount.load(ordering: .relaxed) }

  /// Chooses the number of threads, at most `limit`; nil restores the default.
  public func setThreadCount(_ count: Int?) {
    chosenCount.store(min(max(count ?? defaultCount, 1), limit), ordering: .relaxed)
  }

  /// Runs `body` for every task in `0..<count` and returns when all are done.
  ///
  /// Tasks are claimed in order by whichever worker is free. Workers are numbered from 0 to
  /// `limit - 1`, and no two tasks with the same worker number run at the same time.
  public func parallel(_ count: Int, _ body: Task) {
    let workers = min(threadCount, count)
    guard workers > 1, !busy.exchange(true, ordering: .acquiring) else {
      for task in 0..<max(count, 0) { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { run($0, tasks: count, workers: workers) }
    }
    busy.store(false, ordering: .releasing)
  }

  /// Runs `body` for consecutive ranges that cover `0..<count`, each of `length` but the last.
  ///
  /// 16384 float32 numbers are 64 KiB: long enough to be worth a task.
  public func parallelRuns(_ count: Int, length: Int = 16384, _ body: (Range<Int>) -> Void) {
    parallel((count + length - 1) / length) { task, _ in
      body(task * length..<min(count, (task + 1) * length))
    }
  }

  /// Whether `body` is true for every range that `parallelRuns` would make.
  public func allRuns(_ count: Int, length: Int, _ body: (Range<Int>) -> Bool) -> Bool {
    let isTrue = Atomic<Bool>(true)
    parallelRuns(count, length: length) { run in
      if !body(run) { isTrue.store(false, ordering: .relaxed) }
    }
    return isTrue.load(ordering: .relaxed)
  }

  private func run(_ body: UnsafePointer<Task>, tasks: Int, workers: Int) {
    pthread_mutex_lock(mutex)
    startThreads(workers - 1)
    nextTask.store(0, ordering: .relaxed)
    loopBody = body
    loopTasks = tasks
    loopWorkers = workers
    generation.wrappingAdd(1, ordering: .relaxed)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
    claimTasks(body, tasks: tasks, worker: 0)
    // Whoever has not woken by now is not waited for.
    pthread_mutex_lock(mutex)
    loopBody = nil
    pthread_mutex_unlock(mutex)
    look { joined.load(ordering: .acquiring) == 0 }
    guard joined.load(ordering: .acquiring) > 0 else { return }
    pthread_mutex_lock(mutex)
    while joined.load(ordering: .relaxed) > 0 { pthread_cond_wait(finished, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// Runs tasks until none is left; not inlined, so that nothing of `body` outlives the call.
  @inline(never)
  private func claimTasks(_ body: UnsafePointer<Task>, tasks: Int, worker: Int) {
    while true {
      let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body.pointee(task, worker)
    }
  }

  /// Starts threads up to `count`; when the system refuses one, the loop does with fewer.
  private func startThreads(_ count: Int) {
    guard started < count else { return }
    // A thread inherits the mask: signals go to the host program's threads (Ctrl-C in Python, for
    // one), but faults stay with the thread that makes them.
    var signals = sigset_t()
    var before = sigset_t()
    sigfillset(&signals)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS] {
      sigdelset(&signals, fault)
    }
    pthread_sigmask(SIG_SETMASK, &signals, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    while started < count {
      var thread = pthread_t()
      let context = UnsafeMutablePointer<Int>.allocate(capacity: 1)
      context.initialize(to: started + 1)
      let status = pthread_create(
        &thread, nil,
        { context in
          let worker = context?.assumingMemoryBound(to: Int.self)
          let number = worker?.pointee ?? 0
          worker?.deallocate()
          ThreadPool.shared.serve(worker: number)
          return nil
        }, context)
      guard status == 0 else {
        context.deallocate()
        return
      }
      pthread_detach(thread)
      started += 1
    }
  }

  /// A worker thread's life: wait for a loop, take part if its number is wanted.
  private func serve(worker: Int) {
    // Started by a loop, which is not yet seen.
    var seen = generation.load(ordering: .relaxed) &- 1
    while true {
      look { generation.load(ordering: .relaxed) != seen }
      pthread_mutex_lock(mutex)
      while generation.load(ordering: .relaxed) == seen { pthread_cond_wait(wake, mutex) }
      seen = generation.load(ordering: .relaxed)
      let body = worker < loopWorkers ? loopBody : nil
      let tasks = loopTasks
      if body != nil { joined.wrappingAdd(1, ordering: .relaxed) }
      pthread_mutex_unlock(mutex)
      guard let body else { continue }
      claimTasks(body, tasks: tasks, worker: worker)
      pthread_mutex_lock(mutex)
      joined.wrappingSubtract(1, ordering: .releasing)
      pthread_cond_signal(finished)
      pthread_mutex_unlock(mutex)
    }
  }

  private func initializeLocks() {
    mutex.initialize(to: pthread_mutex_t())
    wake.initialize(to: pthread_cond_t())
    finished.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(finished, nil)
  }

  private func restartAfterFork() {
    initializeLocks()
    started = 0
    joined.store(0, ordering: .relaxed)
    loopBody = nil
    busy.store(false, ordering: .relaxed)
  }
}
