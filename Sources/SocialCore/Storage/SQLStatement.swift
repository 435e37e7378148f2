// What the engines of the truth and of the records have in common: statements in the SQL that all of them understand,
// with places written `?` or `?1`, and rows whose columns are whole numbers, texts and bytes.

/// A connection that runs SQL, inside a transaction that somebody else begins and ends.
protocol SQLDatabase: AnyObject {
    /// A statement that is kept for the next time; it must not be used again before its rows have been read.
    func statement(_ sql: String) throws -> any SQLStatement
    /// A statement of its own, which reads many rows while others are used.
    func scan(_ sql: String) throws -> any SQLStatement
    /// Asks several questions, a server all at once, and reads their answers in their order.
    func ask(_ questions: [SQLQuestion]) throws
    /// How many rows the last statement has changed.
    var changesCount: Int { get }
    /// Does what statements have put off.
    func settle() throws
    /// Whether the transaction still stands: an engine may have ended it after a failure.
    var isInsideTransaction: Bool { get }
    /// What is added to the reading of a row that nobody else may change until the transaction has ended.
    var rowLock: String { get }
    /// Whether single slots move to other shards, so that rows may lie here that are not shown.
    var movesSlots: Bool { get }
    /// Runs a block, and says of the engine's own errors what was being read.
    func translating<Result>(_ file: String, _ body: () throws -> Result) throws -> Result
    /// What the engine itself finds wrong with its pages, trees and indexes.
    func engineProblems(isDeep: Bool) throws -> [String]
}

extension SQLDatabase {
    func ask(_ questions: [SQLQuestion]) throws {
        for question in questions {
            let select = try statement(question.sql)
            question.bind(select)
            try select.forEach(question.read)
        }
    }
}

/// A question with what is asked for, and what is done with each row of the answer.
struct SQLQuestion {
    let sql: String
    let bind: (any SQLStatement) -> Void
    let read: (any SQLStatement) throws -> Void

    /// A question.
    ///
    /// - Parameters:
    ///   - bind: binds the places.
    ///   - read: reads a row; it asks nothing itself.
    init(
        _ sql: String, bind: @escaping (any SQLStatement) -> Void, read: @escaping (any SQLStatement) throws -> Void
    ) {
        (self.sql, self.bind, self.read) = (sql, bind, read)
    }
}

/// A statement with places to be bound, and the row on which it stands.
protocol SQLStatement: AnyObject {
    /// Binds an integer at a position that begins at 1.
    func bind(_ value: Int64, at position: Int32)
    /// Binds an integer or NULL.
    func bind(_ value: Int64?, at position: Int32)
    /// Binds a text or NULL.
    func bind(_ value: String?, at position: Int32)
    /// Binds bytes.
    func bind(_ value: [UInt8], at position: Int32)
    /// Binds what another statement's row has in a column, which begins at 0, in the same place.
    func copy(_ column: Int32, of row: any SQLStatement)
    /// Steps to the next row; false at the end, when the statement is ready to be bound again.
    func next() throws -> Bool
    /// Ends a row-by-row reading early; the statement is ready to be bound again.
    func stop()
    /// Runs the statement, which has no rows.
    ///
    /// An engine may put it off until the next statement that has an answer, and then its errors come later too.
    func run() throws
    /// Whether a column, which begins at 0, is NULL.
    func isNull(_ column: Int32) -> Bool
    /// The integer in a column; 0 when NULL.
    func integer(_ column: Int32) -> Int64
    /// The text in a column; empty when NULL.
    func text(_ column: Int32) -> String
    /// The bytes in a column; none when NULL.
    func bytes(_ column: Int32) -> [UInt8]
}

extension SQLStatement {
    /// Binds integers from position 1 on.
    @discardableResult
    func bind(_ values: Int64...) -> Self {
        for (index, value) in values.enumerated() { bind(value, at: Int32(index + 1)) }
        return self
    }

    /// The first row, if there is one, read by a closure; the statement is ready to be bound again afterwards.
    func first<Value>(_ read: (any SQLStatement) throws -> Value) throws -> Value? {
        guard try next() else { return nil }
        defer { stop() }
        return try read(self)
    }

    /// All rows, each read by a closure.
    func all<Value>(_ read: (any SQLStatement) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try forEach { values.append(try read($0)) }
        return values
    }

    /// Calls a closure for each row; the statement is ready to be bound again afterwards, also when the closure throws.
    func forEach(_ visit: (any SQLStatement) throws -> Void) throws {
        do {
            while try next() { try visit(self) }
        } catch {
            stop()
            throw error
        }
    }

    /// The integer in a column, nil when NULL.
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// The text in a column, nil when NULL.
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}
