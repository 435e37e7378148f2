// One connection to a PostgreSQL server. Statements whose answers nobody needs yet are sent without waiting (libpq's
// pipeline mode), so that a transaction costs as many trips to the server as it asks questions.
#if PostgreSQL

internal import CPostgreSQL
internal import Glibc

// Safety (whole file): the connection and its results belong to this object, which one thread uses at a time. Results
// are cleared once; what libpq returns as text is copied at once.

/// A connection to a server, on which one transaction runs at a time.
final class PostgreSQLConnection {
    /// Where the server is.
    let address: PostgreSQLAddress
    /// Whether it was made for reading, from a standby where there is one.
    let isForReading: Bool
    private let handle: OpaquePointer
    /// What has been sent and not been answered.
    private var waiting: [Sent] = []
    /// Rows that have not been sent yet.
    private var insertion: PostgreSQLInsertion?
    /// Rows that the last statement has changed.
    private var lastChanges = 0
    /// What went wrong where it could not be thrown.
    private var failure: StorageError?
    /// Whether a transaction has begun and not ended.
    private(set) var isInTransaction = false
    /// Whether the server can still be asked.
    private(set) var isAlive = true
    /// Whether the server has said that a commit may not have reached its standbys.
    private var isUnconfirmed = false
    private var databases: [String: PostgreSQLDatabase] = [:]
    private var preparedCount = 0

    /// How much is sent before answers are read.
    private static let waitingLimit = 1_024

    private enum Sent {
        case preparation(PostgreSQLStatement)
        case command
        /// What only helps others; whether it works does not matter.
        case hint
    }

    /// What those hear who wait for changes.
    static let changes = "social_changes"
    /// Whether the server lets commits be heard of.
    private var tellsOfChanges = true

    /// Connects.
    ///
    /// - Throws: `unreachable`, or `permissionDenied` when the server does not let us in.
    init(
        _ address: PostgreSQLAddress, isForReading: Bool = false, lockWaitMilliseconds: Int64, connectSeconds: Int
    ) throws(StorageError) {
        self.address = address
        self.isForReading = isForReading
        handle = try PostgreSQLConnection.connect(
            to: address, isForReading ? [("target_session_attrs", "prefer-standby")] : [], seconds: connectSeconds)
        PQenterPipelineMode(handle)
        PQsetNoticeReceiver(
            handle,
            { connection, result in
                guard let connection else { return }
                Unmanaged<PostgreSQLConnection>.fromOpaque(connection).takeUnretainedValue().notice(result)
            }, Unmanaged.passUnretained(self).toOpaque())
        try send("SET lock_timeout = \(max(1, lockWaitMilliseconds))")
        // Otherwise it would belong to the first transaction, and be forgotten with it.
        try settle()
    }

    deinit { PQfinish(handle) }

    /// Connects with parameters beside those of the address; the caller closes what is returned.
    static func connect(
        to address: PostgreSQLAddress, _ parameters: [(String, String)], seconds: Int
    ) throws(StorageError) -> OpaquePointer {
        let words =
            [
                ("connect_timeout", "\(max(2, seconds))"), ("fallback_application_name", "social"),
                ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
                ("dbname", address.text), ("client_encoding", "UTF8"),
            ] + parameters
        var keywords = words.map { strdup($0.0).map { UnsafePointer($0) } } + [nil]
        var values = words.map { strdup($0.1).map { UnsafePointer($0) } } + [nil]
        defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
        guard let made = PQconnectdbParams(&keywords, &values, 1) else {
            throw StorageError(.ioError, "there is no memory for a connection")
        }
        guard PQstatus(made) == CONNECTION_OK else {
            let message = message(of: made)
            PQfinish(made)
            throw PostgreSQLFailure.connecting(message, address)
        }
        return made
    }

    /// The tables of a schema, seen through this connection.
    func database(_ schema: PostgreSQLSchema) -> PostgreSQLDatabase {
        if let known = databases[schema.name] { return known }
        let database = PostgreSQLDatabase(self, schema)
        databases[schema.name] = database
        return database
    }

    // MARK: Transactions

    /// Begins a transaction; nothing is waited for.
    func begin(readOnly: Bool) throws(StorageError) {
        try send(
            readOnly ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED")
        isInTransaction = true
    }

    /// Ends a transaction that has changed nothing, or is to be forgotten: the server hears of it at once, and its
    /// answer is not waited for.
    func rollBack() {
        guard isInTransaction else { return }
        insertion = nil
        // What was put off and fails now was to be forgotten anyway.
        try? settle()
        isInTransaction = false
        try? send("ROLLBACK")
        PQflush(handle)
    }

    /// Commits, and waits until the server says that this is durable.
    ///
    /// - Throws: `outcomeUnknown` when the server went away meanwhile, or says that its standbys may lack the commit.
    func commit() throws {
        // What was put off fails here, while it is certain that nothing is committed.
        try settle()
        isInTransaction = false
        isUnconfirmed = false
        do {
            try send("COMMIT")
            if tellsOfChanges { try sendHint("NOTIFY \(PostgreSQLConnection.changes)") }
            let result = try settleKeepingLast()
            defer { PQclear(result) }
            guard let result, String(cString: PQcmdStatus(result)) == "COMMIT" else {
                throw StorageError(.ioError, "the server has rolled the change back", hint: "run the command again")
            }
        } catch let error as StorageError where !isAlive || error.code == .unreachable {
            throw StorageError(
                .outcomeUnknown, "the server went away while it committed: \(error)",
                hint: "look whether the change is there before you run the command again")
        }
        guard !isUnconfirmed else {
            throw StorageError(
                .outcomeUnknown, "the change is committed, but its standbys may not have it",
                hint: "look whether the change is there before you run the command again")
        }
    }

    // MARK: Sending

    /// Sends a command without places; its answer comes when something waits for it.
    func send(_ sql: String) throws(StorageError) {
        try sendCollected()
        let isSent = PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1
        try sent(.command, isSent)
    }

    /// Sends what only helps others.
    ///
    /// Behind a commit it is a transaction of its own, which waits for no disk: within, it would let one transaction of
    /// the whole database be committed at a time.
    private func sendHint(_ sql: String) throws(StorageError) {
        let isSent = PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1
        try sent(.hint, isSent)
    }

    /// Sends a command with values; its answer comes when something waits for it.
    func send(_ sql: String, _ values: PostgreSQLValues) throws(StorageError) {
        try sendCollected()
        let isSent = values.withPointers { count, types, pointers, lengths, formats in
            PQsendQueryParams(handle, sql, count, types, pointers, lengths, formats, 1) == 1
        }
        try sent(.command, isSent)
    }

    /// Sends a prepared statement, which is prepared first where it has not been.
    func send(_ statement: PostgreSQLStatement) throws(StorageError) {
        try sendCollected()
        try sendAlone(statement)
    }

    /// Lets the row of an insertion wait for more of them.
    func collect(_ statement: PostgreSQLStatement) throws(StorageError) {
        if let insertion, insertion.statement !== statement || insertion.isFull { try sendCollected() }
        if insertion == nil { insertion = PostgreSQLInsertion(statement) } else { insertion?.add(statement.values) }
    }

    private func sendCollected() throws(StorageError) {
        guard let collected = insertion else { return }
        insertion = nil
        try collected.forEachStatement { (statement) throws(StorageError) in try sendAlone(statement) }
    }

    private func sendAlone(_ statement: PostgreSQLStatement) throws(StorageError) {
        if statement.name == nil {
            preparedCount += 1
            let name = "s\(preparedCount)"
            statement.name = name
            let isSent = statement.values.withPointers { count, types, _, _, _ in
                PQsendPrepare(handle, name, statement.sql, count, types) == 1
            }
            try sent(.preparation(statement), isSent)
        }
        let name = statement.name ?? ""
        let isSent = statement.values.withPointers { count, _, pointers, lengths, formats in
            PQsendQueryPrepared(handle, name, count, pointers, lengths, formats, 1) == 1
        }
        try sent(.command, isSent)
    }

    private func sent(_ command: Sent, _ isSent: Bool) throws(StorageError) {
        guard isSent else { throw lost() }
        waiting.append(command)
        // Answers that nobody reads would fill the buffers between us and the server, and both would wait.
        if waiting.count >= PostgreSQLConnection.waitingLimit { try settle() }
    }

    // MARK: Answers

    /// How many rows the last statement has changed; what went wrong is thrown by whatever comes next.
    var changes: Int {
        do throws(StorageError) { try settle() } catch { failure = error }
        return lastChanges
    }

    /// Waits for all answers.
    func settle() throws(StorageError) {
        try sendCollected()
        if waiting.isEmpty, failure == nil { return }
        PQclear(try settleKeepingLast())
    }

    /// How many questions are asked at once.
    static let questions = 250

    /// Sends questions and waits for all answers at once: one for each, which the caller clears.
    func ask(_ statements: some Sequence<PostgreSQLStatement>) throws(StorageError) -> [OpaquePointer?] {
        try sendCollected()
        // Nothing of this may be settled on the way.
        if waiting.count + 2 * PostgreSQLConnection.questions >= PostgreSQLConnection.waitingLimit { try settle() }
        let before = waiting.count
        var preparations = 0
        for statement in statements {
            if statement.name == nil { preparations += 1 }
            try send(statement)
        }
        return try settle(keeping: waiting.count - before - preparations)
    }

    /// Waits for all answers: the last one, which the caller clears.
    ///
    /// - Throws: what went wrong first; what was sent behind it has not been done.
    func settleKeepingLast() throws(StorageError) -> OpaquePointer? {
        try settle(keeping: 1).last ?? nil
    }

    /// Waits for all answers: those of so many commands at the end, which the caller clears.
    private func settle(keeping count: Int) throws(StorageError) -> [OpaquePointer?] {
        try sendCollected()
        if let failure {
            self.failure = nil
            throw failure
        }
        let commands = waiting
        waiting = []
        var left = commands.count { if case .command = $0 { true } else { false } }
        guard isAlive, PQpipelineSync(handle) == 1 else { throw lost() }
        var failure: StorageError?
        var kept: [OpaquePointer?] = []
        for command in commands {
            guard let result = PQgetResult(handle) else { throw failure ?? lost() }
            let status = PQresultStatus(result)
            let isDone = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
            if !isDone {
                if case .preparation(let statement) = command { statement.name = nil }
                if case .hint = command {
                    // An engine that knows no such thing is not asked again.
                    if failure == nil { tellsOfChanges = false }
                } else if failure == nil {
                    failure = PostgreSQLFailure.error(of: result, address)
                }
            }
            if case .command = command {
                if isDone { lastChanges = Int(String(cString: PQcmdTuples(result))) ?? 0 }
                left -= 1
                if left < count { kept.append(result) } else { PQclear(result) }
            } else {
                PQclear(result)
            }
            while let more = PQgetResult(handle) { PQclear(more) }
            if PQstatus(handle) == CONNECTION_BAD {
                for result in kept { PQclear(result) }
                throw lost(failure)
            }
        }
        // The mark that ends what was sent together.
        PQclear(PQgetResult(handle))
        if let failure {
            for result in kept { PQclear(result) }
            throw failure
        }
        return kept
    }

    /// The server has gone away.
    private func lost(_ failure: StorageError? = nil) -> StorageError {
        isAlive = false
        insertion = nil
        isInTransaction = false
        waiting = []
        return StorageError(
            .unreachable, failure?.message ?? "\(address.text): \(PostgreSQLConnection.message(of: handle))",
            hint: "try again")
    }

    private func notice(_ result: OpaquePointer?) {
        // "canceling wait for synchronous replication": a warning without a code of its own, also where messages are
        // in another language, which comes with a commit only.
        guard let result, let state = PQresultErrorField(result, CInt(UInt8(ascii: "C"))) else { return }
        if String(cString: state) == "01000" { isUnconfirmed = true }
    }

    /// What the client library says of the last failure.
    static func message(of handle: OpaquePointer) -> String {
        let text = String(cString: PQerrorMessage(handle))
        return text.split(separator: "\n").map { $0.trimmed }.joined(separator: "; ")
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " || $0 == "\t" } }
}

#endif
