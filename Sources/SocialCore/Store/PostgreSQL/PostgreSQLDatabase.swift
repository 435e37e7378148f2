// The tables of one schema, as the operations see them.
#if PostgreSQL

/// A schema seen through a connection.
final class PostgreSQLDatabase: SQLDatabase {
    private unowned let connection: PostgreSQLConnection
    private let schema: PostgreSQLSchema
    /// What has been prepared, by the SQL of the operations.
    private var statements: [String: PostgreSQLStatement] = [:]
    private var cursorCount = 0

    /// A schema seen through a connection.
    init(_ connection: PostgreSQLConnection, _ schema: PostgreSQLSchema) {
        self.connection = connection
        self.schema = schema
    }

    func statement(_ sql: String) throws -> any SQLStatement { known(sql) }

    private func known(_ sql: String) -> PostgreSQLStatement {
        if let known = statements[sql] { return known }
        let statement = PostgreSQLStatement(schema.statement(sql), on: connection)
        statements[sql] = statement
        return statement
    }

    func scan(_ sql: String) throws -> any SQLStatement {
        cursorCount += 1
        let cursor = "\(schema.name)_\(cursorCount)"
        return PostgreSQLStatement(schema.statement(sql), on: connection, cursor: cursor)
    }

    func ask(_ questions: [SQLQuestion]) throws {
        var rest = questions[...]
        while !rest.isEmpty {
            let part = rest.prefix(PostgreSQLConnection.questions)
            rest = rest.dropFirst(part.count)
            let statements = part.map { known($0.sql) }
            let answers = try connection.ask(
                zip(part, statements).lazy.map { question, statement in
                    question.bind(statement)
                    return statement
                })
            var (index, failure): (Int, (any Error)?) = (0, nil)
            for (question, statement) in zip(part, statements) {
                // Each answer is taken, and cleared, whatever becomes of those before it.
                do {
                    try statement.forEach(of: answers[index], failure == nil ? question.read : { _ in })
                } catch { failure = failure ?? error }
                index += 1
            }
            if let failure { throw failure }
        }
    }

    var changesCount: Int { connection.changes }

    func settle() throws { try connection.settle() }

    var isInsideTransaction: Bool { connection.isInTransaction }

    /// Whoever writes in a schema waits for whoever does so already, so that commits are seen in their order.
    var rowLock: String { " FOR UPDATE" }

    /// Schemas move as a whole.
    var movesSlots: Bool { false }

    func translating<Result>(_ file: String, _ body: () throws -> Result) throws -> Result { try body() }

    /// The server looks after its own pages.
    func engineProblems(isDeep: Bool) throws -> [String] { [] }
}

#endif
