// The SQL of the operations, which SQLite takes as it stands, in the words of PostgreSQL: places have numbers, tables
// lie in a schema, and what only SQLite's planner wants to hear is left out.

/// Puts statements and tables into PostgreSQL's SQL.
///
/// It goes through words and knows no grammar; the conformance tests run every statement of the operations through it.
enum PostgreSQLDialect {
    /// What a statement becomes.
    struct Statement: Equatable {
        /// The SQL.
        var sql: String
        /// The number of places that are bound.
        var placeCount: Int
    }

    /// Words that name columns and have a meaning of their own in PostgreSQL.
    private static let reserved: Set<String> = ["offset"]
    /// Words after which a table stands.
    private static let beforeTables: Set<String> = ["FROM", "JOIN", "INTO", "UPDATE"]

    /// A statement on tables of a schema.
    ///
    /// - Parameter tables: the names that lie in the schema; others, such as those of a `WITH`, stay as they are.
    static func statement(_ sql: String, schema: String, tables: Set<String>) -> Statement {
        var words = Words(sql)
        var text = ""
        var places = 0
        var last = 0
        var isTableNext = false
        while let word = words.next() {
            switch word {
            case .place(let number):
                last = number ?? last + 1
                places = max(places, last)
                // What follows a place without a number is the next after the largest so far.
                last = places
                text += "$\(number ?? last)"
            case .name(let name):
                if name == "INDEXED" {
                    words.skip(names: 2)
                } else if isTableNext, tables.contains(name) {
                    text += "\(schema).\(name)"
                } else if reserved.contains(name) {
                    text += "\"\(name)\""
                } else {
                    text += name
                }
                isTableNext = beforeTables.contains(name)
            case .other(let other): text += other
            }
        }
        return Statement(sql: text, placeCount: places)
    }

    /// The tables that SQLite's statements make, for a schema that is the first in which names are looked up.
    ///
    /// Whole numbers have 64 bits, and texts are ordered by their bytes as in SQLite.
    static func tables(_ sql: String) -> String {
        var words = Words(sql)
        var text = ""
        while let word = words.next() {
            switch word {
            case .name("INTEGER"): text += "BIGINT"
            case .name("BLOB"): text += "BYTEA"
            case .name("TEXT"): text += "TEXT COLLATE \"C\""
            case .name("WITHOUT"): words.skip(names: 1)
            case .name(let name): text += reserved.contains(name) ? "\"\(name)\"" : name
            case .place: break
            case .other(let other): text += other
            }
        }
        return text
    }

    /// The names of the tables that statements make.
    static func names(in sql: String) -> Set<String> {
        var words = Words(sql)
        var names: Set<String> = []
        var before = ("", "")
        while let word = words.next() {
            guard case .name(let name) = word else { continue }
            if before == ("CREATE", "TABLE") { names.insert(name) }
            before = (before.1, name)
        }
        return names
    }

    /// A text cut into names, places to be bound, and whatever is between them.
    private struct Words {
        enum Word {
            case name(String)
            case place(Int?)
            case other(String)
        }

        private var rest: Substring.UTF8View

        init(_ sql: String) { rest = Substring(sql).utf8 }

        mutating func next() -> Word? {
            guard let first = rest.first else { return nil }
            if Words.isName(first) { return .name(take(while: Words.isName)) }
            if first == UInt8(ascii: "?") {
                rest.removeFirst()
                return .place(Int(take { Words.isDigit($0) }))
            }
            if first == UInt8(ascii: "'") {
                rest.removeFirst()
                let quoted = take { $0 != UInt8(ascii: "'") }
                rest = rest.dropFirst()
                return .other("'\(quoted)'")
            }
            return .other(
                take { !Words.isName($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "'") })
        }

        /// Leaves out names with what is between them, and the space behind them.
        mutating func skip(names count: Int) {
            var left = count
            while left > 0, let word = next() {
                if case .name = word { left -= 1 }
            }
            if rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        }

        private mutating func take(while belongs: (UInt8) -> Bool) -> String {
            let part = rest.prefix(while: belongs)
            rest = rest[part.endIndex...]
            return String(decoding: part, as: UTF8.self)
        }

        private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

        private static func isName(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || isDigit(byte) || byte == UInt8(ascii: "_")
        }
    }
}
