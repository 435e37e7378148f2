// Hears of commits on PostgreSQL servers as they happen, on connections of its own. It only makes those faster who look
// anyway: what is missed while a connection is gone is found at the next look.
#if PostgreSQL

internal import CPostgreSQL
internal import Glibc

// Safety (whole file): a connection belongs to this object, which one thread uses at a time, and is ended once.

/// Hears of commits.
final class PostgreSQLListener: ChangeListener {
    private let addresses: [PostgreSQLAddress]
    private var handles: [OpaquePointer?]
    private var triedAt: UInt64?

    /// Between two tries to connect again.
    private static let restNanoseconds: UInt64 = 1_000_000_000

    /// Hears of commits on some servers; nothing is connected yet.
    init(_ addresses: [PostgreSQLAddress]) {
        self.addresses = addresses
        handles = addresses.map { _ in nil }
    }

    deinit { for handle in handles { PQfinish(handle) } }

    var descriptors: [Int32] {
        connect()
        // Whoever hears of some servers only must look often.
        return handles.contains { $0 == nil } ? [] : handles.map { PQsocket($0) }
    }

    func take() {
        for index in handles.indices {
            guard let handle = handles[index] else { continue }
            guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else {
                PQfinish(handle)
                handles[index] = nil
                continue
            }
            while let told = PQnotifies(handle) { PQfreemem(told) }
        }
    }

    private func connect() {
        guard handles.contains(where: { $0 == nil }) else { return }
        let now = MonotonicClock.nanoseconds
        if let triedAt, now - triedAt < PostgreSQLListener.restNanoseconds { return }
        triedAt = now
        for index in handles.indices where handles[index] == nil {
            guard let handle = try? PostgreSQLConnection.connect(to: addresses[index], [], seconds: 2) else { continue }
            let answer = PQexec(handle, "LISTEN \(PostgreSQLConnection.changes)")
            let isHeard = PQresultStatus(answer) == PGRES_COMMAND_OK
            PQclear(answer)
            if isHeard { handles[index] = handle } else { PQfinish(handle) }
        }
    }
}

#endif
