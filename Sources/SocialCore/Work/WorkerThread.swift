// A thread of its own, for work that blocks: it takes nothing away from the threads on which tasks of the runtime run.

internal import CZlib
internal import Glibc

/// A thread that runs a block.
///
/// Safety: it is joined by one thread, whoever has started it.
package final class WorkerThread: @unchecked Sendable {
    private var handle: pthread_t
    private var hasEnded = false

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Bytes of the thread's stack.
    private static let stackBytes = 8 << 20

    /// How much a patient thread lets others go first, from 0 to 19.
    private static let patience: Int32 = 10

    /// Starts a thread.
    ///
    /// - Parameter isPatient: whether others go first where there are too few processors, as they do before the threads
    ///   and the programs that it starts.
    /// - Throws: `ioError` when there are too many.
    package init(isPatient: Bool = false, _ run: @escaping @Sendable () -> Void) throws(StorageError) {
        var attributes = pthread_attr_t()
        // Safety: the attributes live for the calls; the body is retained for the thread, which releases it.
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, WorkerThread.stackBytes)
        let body = Unmanaged.passRetained(
            Body {
                // On Linux this is about the calling thread alone, and what it starts.
                if isPatient { setpriority(Int32(PRIO_PROCESS.rawValue), 0, WorkerThread.patience) }
                run()
            })
        handle = pthread_t()
        let code = pthread_create(
            &handle, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw StorageError(errno: code, while: "start a thread")
        }
    }

    /// Waits until the block has ended.
    package func join() {
        guard !hasEnded else { return }
        pthread_join(handle, nil)
        hasEnded = true
    }
}
