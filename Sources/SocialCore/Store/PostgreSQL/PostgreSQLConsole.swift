// A connection on which commands are written out, as a person at a console would: for what is done rarely, cannot be
// part of a transaction, or copies whole tables.
#if PostgreSQL

internal import CPostgreSQL

// Safety (whole file): the connection belongs to this object, which one thread uses; results are cleared once, and what
// they hold is copied before that.

/// A connection for commands that are written out.
final class PostgreSQLConsole {
    /// Where the server is.
    let address: PostgreSQLAddress
    private let handle: OpaquePointer

    /// Connects.
    ///
    /// - Parameter isReplicating: whether commands of the replication protocol are understood.
    init(_ address: PostgreSQLAddress, isReplicating: Bool = false) throws(StorageError) {
        self.address = address
        let parameters = isReplicating ? [("replication", "database")] : []
        handle = try PostgreSQLConnection.connect(to: address, parameters, seconds: 10)
        // What a server has to tell beside its answers is of no interest here.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Runs a command: its rows, as text.
    @discardableResult
    func run(_ sql: String) throws(StorageError) -> [[String?]] {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return []
        case PGRES_TUPLES_OK:
            return (0..<PQntuples(result)).map { row in
                (0..<PQnfields(result)).map { column in
                    PQgetisnull(result, row, column) == 1
                        ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
                }
            }
        default: throw failure(result)
        }
    }

    /// The host and the port of the server that has taken the connection.
    var peer: String {
        let parts = [PQhost(handle), PQport(handle)].map { $0.map { String(cString: $0) } ?? "" }
        return parts.joined(separator: ":")
    }

    /// The first value that a command answers; nil when there is none.
    func value(_ sql: String) throws(StorageError) -> String? { try run(sql).first?.first ?? nil }

    /// Copies all rows of a table to a server that has none yet: how many.
    func copy(_ table: String, to other: PostgreSQLConsole) throws(StorageError) -> Int {
        let names = try run(
            """
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = '\(table)'::regclass AND attnum > 0 AND NOT attisdropped
            """)
        let columns = names.first?.first.flatMap { $0 } ?? ""
        try begin("COPY \(table) (\(columns)) TO STDOUT (FORMAT binary)", PGRES_COPY_OUT)
        try other.begin("COPY \(table) (\(columns)) FROM STDIN (FORMAT binary)", PGRES_COPY_IN)
        var bytes: UnsafeMutablePointer<CChar>?
        var count = PQgetCopyData(handle, &bytes, 0)
        while count > 0 {
            let isTaken = PQputCopyData(other.handle, bytes, count) == 1
            PQfreemem(bytes)
            guard isTaken else { throw other.lost }
            count = PQgetCopyData(handle, &bytes, 0)
        }
        guard PQputCopyEnd(other.handle, count == -1 ? nil : "the copy was broken off") == 1 else { throw other.lost }
        _ = try end()
        return try other.end()
    }

    private func begin(_ sql: String, _ status: ExecStatusType) throws(StorageError) {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == status else { throw failure(result) }
    }

    /// Waits for the end of a copy: how many rows it had.
    private func end() throws(StorageError) -> Int {
        var rows = 0
        var failure: StorageError?
        while let result = PQgetResult(handle) {
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                rows = Int(String(cString: PQcmdTuples(result))) ?? 0
            } else if failure == nil {
                failure = self.failure(result)
            }
            PQclear(result)
        }
        if let failure { throw failure }
        return rows
    }

    private func failure(_ result: OpaquePointer?) -> StorageError {
        PQstatus(handle) == CONNECTION_BAD ? lost : PostgreSQLFailure.error(of: result, address)
    }

    private var lost: StorageError {
        StorageError(
            .unreachable, "\(address.text): \(PostgreSQLConnection.message(of: handle))", hint: "try again")
    }

    /// A text as it stands in SQL.
    static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

#endif
