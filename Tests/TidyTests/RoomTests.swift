// The rooms of the core depend only on the rooms before them.

import Testing

@Suite("Rooms")
struct RoomTests {
    /// The rooms of the core; each may use those before it.
    private static let order = [
        "Identity", "Storage", "Tools", "Shards", "Store", "Events", "Accounts", "Graph", "Posts", "Media", "Queue",
        "Services", "Search", "Video", "Feed", "Notifications", "Analytics", "Work", "Maintenance",
    ]

    /// What is allowed against the order, and why.
    private static let exceptions: [String: String] = [
        "Identity FileTap": "the context carries the tap that tests put under every file"
    ]

    /// The types that each room declares at the top level.
    private static let declarations: [Substring: String] = {
        var owners: [Substring: String] = [:]
        let pattern = /(?:(?:package|public|internal|final|indirect) )*(?:struct|class|enum|protocol|typealias) (\w+).*/
        for file in SourceTree.sources {
            guard let room = file.room else { continue }
            for line in file.lines {
                guard !line.hasPrefix(" "), let match = line.wholeMatch(of: pattern) else { continue }
                owners[match.output.1] = room
            }
        }
        return owners
    }()

    /// A word of each statement of SQL.
    private static let verbs = ["SELECT", "INTO", "SET", "DELETE", "CREATE", "PRAGMA", "BEGIN"]

    /// The words that begin with a capital letter.
    private static func names(in line: Substring) -> [Substring] {
        let words = line.utf8.split { byte in
            !(byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) && byte != UInt8(ascii: "_")
                && !(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
                && !(byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
        return words.map(Substring.init).filter { $0.first?.isUppercase == true }
    }

    @Test("every folder of the core is a room with a place in the order")
    func rooms() {
        #expect(Set(SourceTree.sources.compactMap(\.room)) == Set(Self.order))
        #expect(Self.declarations.count > 40)
        #expect(Self.declarations["FileSystem"] == "Storage")
    }

    @Test("a room uses no type of a room behind it")
    func dependencies() {
        var used: Set<String> = []
        for file in SourceTree.sources {
            guard let room = file.room, let place = Self.order.firstIndex(of: room) else { continue }
            for (number, line) in file.code {
                // What stands in a string is no use; interpolations are rare enough to be overlooked.
                let code = line.has("\"") ? Substring(line.replacing(/"(?:\\.|[^"\\])*"/, with: "")) : line
                for word in Self.names(in: code) {
                    guard let owner = Self.declarations[word], let other = Self.order.firstIndex(of: owner) else {
                        continue
                    }
                    guard other > place else { continue }
                    let exception = "\(room) \(word)"
                    used.insert(exception)
                    if Self.exceptions[exception] == nil {
                        Issue.record("\(file.path):\(number): \(room) uses \(word) of \(owner)")
                    }
                }
            }
        }
        #expect(used == Set(Self.exceptions.keys), "an exception is no longer needed, or missing")
    }

    @Test("the core knows nothing of the command line")
    func modules() {
        for file in SourceTree.sources where file.path.hasPrefix("Sources/SocialCore/") {
            for (number, line) in file.code
            where line.has("import") && line.contains(/import (CommandSpec|Terminal|SocialCLI)\b/) {
                Issue.record("\(file.path):\(number): \(line)")
            }
        }
    }

    @Test("SQL is written in the storage and the SQLite store only")
    func sql() {
        let pattern =
            /\b(SELECT|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA|BEGIN IMMEDIATE)\b/
        var count = 0
        for file in SourceTree.sources {
            let homes = ["Store/SQL/", "Store/SQLite/", "Store/PostgreSQL/", "Storage/"]
            let isHome = homes.contains { file.path.hasPrefix("Sources/SocialCore/\($0)") }
            for (number, line) in file.code where Self.verbs.contains(where: line.has) && line.contains(pattern) {
                count += 1
                if !isHome { Issue.record("\(file.path):\(number): \(line)") }
            }
        }
        #expect(count > 20)
    }
}
