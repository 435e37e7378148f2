// A file of posts becomes posts: one a line of plain text, or NDJSON objects. The file is read twice, first to check
// and count it, so that a bad line changes nothing and "evenly over three days" is known from the first post on.

package import Formats

/// How a file of posts is imported.
package struct PostImport: Sendable {
    /// The forms of a file.
    package enum Form: String, CaseIterable, Sendable {
        /// A post a line.
        case text
        /// An object a line: `text`, and optionally `author` and `created_at`.
        case ndjson
    }

    /// Whose posts they are.
    package enum Authors: Sendable {
        /// One account's.
        case one(AccountRecord)
        /// Dealt round robin to all accounts in the order of their handles.
        case all
        /// As each object says.
        case named
    }

    /// The form of the file.
    package var form: Form
    /// Whose posts they are.
    package var authors: Authors
    /// The posts are laid evenly over this time before now, in milliseconds; nil: all now.
    package var overMilliseconds: Int64?

    /// How a file of posts is imported.
    package init(form: Form, authors: Authors, overMilliseconds: Int64? = nil) {
        self.form = form
        self.authors = authors
        self.overMilliseconds = overMilliseconds
    }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Posts that were made.
        package var posts = 0
    }

    /// Reads a file and makes its posts.
    ///
    /// - Parameter open: begins to read the file; called twice.
    /// - Throws: `DataError` with line and column for anything that is no post; nothing is written then.
    package func run(_ open: () throws -> LineReader, accounts: Accounts, posts: Posts) throws -> Summary {
        var count = 0
        var names: [String: Int] = [:]
        try forEach(try open()) { item in
            count += 1
            if let author = item.author, names[author.key] == nil { names[author.key] = item.line }
            if let time = item.time { try check(time, item.line, posts.context) }
        }
        guard count > 0 else { throw DataError(.syntax, line: 1, column: 1, "there is no post in the file") }
        let everyone = try writers(names, accounts)
        posts.context.observer?.begin("importing posts", total: count)
        defer { posts.context.observer?.end() }
        let now = posts.context.clock.now
        let start = now.advanced(byMilliseconds: -(overMilliseconds ?? 0))
        var batch: [PostDraft] = []
        var index = 0
        var stored = 0
        try forEach(try open()) { item in
            guard let author = item.author.flatMap({ everyone.byKey[$0.key] }) ?? everyone.writer(of: index) else {
                return
            }
            var time = item.time
            if time == nil, let over = overMilliseconds {
                let share = Double(index + 1) / Double(count)
                time = start.advanced(byMilliseconds: Int64(Double(over) * share))
            }
            let slot = posts.placement.slot(author: author, idempotencyKey: nil, random: posts.context.random)
            batch.append(PostDraft(author: author, slot: slot, text: item.text, time: time))
            index += 1
            if batch.count == Limits.importBatchRows {
                try posts.create(batch, &stored, of: count)
                batch.removeAll(keepingCapacity: true)
            }
        }
        try posts.create(batch, &stored, of: count)
        return Summary(posts: count)
    }

    // MARK: Reading

    private struct Item {
        var text: String
        var author: Handle?
        var time: Timestamp?
        var line: Int
    }

    private func forEach(_ lines: LineReader, _ visit: (Item) throws -> Void) throws {
        switch form {
        case .text:
            var lines = lines
            while let line = try lines.next() {
                if line.bytes.isEmpty { continue }
                let text = try TextEncoding.decode(line.bytes, line: line.number, column: 1)
                try check(text, line.number)
                try visit(Item(text: text, line: line.number))
            }
        case .ndjson:
            var reader = NDJSONReader(lines)
            while let record = try reader.next() { try visit(try item(record.value, record.line)) }
        }
    }

    private func item(_ object: JSONValue, _ line: Int) throws -> Item {
        func fail(_ message: String) -> DataError { DataError(.syntax, line: line, column: 1, message) }
        guard let text = object["text"]?.string else { throw fail("\"text\" is missing or no string") }
        try check(text, line)
        var item = Item(text: text, line: line)
        if let name = object["author"] {
            guard let string = name.string else { throw fail("\"author\" is no string") }
            do { item.author = try Handle(string) } catch { throw fail("\"\(string)\": \(error)") }
        } else if case .named = authors {
            throw fail("\"author\" is missing (or say --by)")
        }
        if let time = object["created_at"] {
            guard let string = time.string else { throw fail("\"created_at\" is no string") }
            do { item.time = Timestamp(milliseconds: try RFC3339.parse(string)) } catch {
                throw fail("\"created_at\": \(error.message)")
            }
        }
        return item
    }

    private func check(_ text: String, _ line: Int) throws(DataError) {
        do { try Posts.check(text) } catch { throw DataError(.syntax, line: line, column: 1, error.message) }
    }

    private func check(_ time: Timestamp, _ line: Int, _ context: Context) throws(DataError) {
        let latest = context.clock.now.advanced(byMilliseconds: Limits.futureMilliseconds)
        guard time <= latest, time >= IdentityLayout.earliest else {
            throw DataError(.outOfRange, line: line, column: 1, "\"created_at\" lies before 2004 or in the future")
        }
    }

    /// Who wrote what: the accounts that items name, and those to whom the rest is dealt.
    private struct Writers {
        var byKey: [String: UserID]
        var inOrder: [UserID]

        /// The writer of an item that names none; nil where each item names its own.
        func writer(of index: Int) -> UserID? { inOrder.isEmpty ? nil : inOrder[index % inOrder.count] }
    }

    private func writers(_ names: [String: Int], _ accounts: Accounts) throws -> Writers {
        var byKey: [String: UserID] = [:]
        let handles = names.keys.compactMap { try? Handle($0) }
        byKey = try accounts.ids(of: handles)
        if let (name, line) = names.filter({ byKey[$0.key] == nil }).min(by: { $0.value < $1.value }) {
            throw DataError(.syntax, line: line, column: 1, "there is no account \"\(name)\"")
        }
        switch authors {
        case .one(let account): return Writers(byKey: byKey, inOrder: [account.id])
        case .named: return Writers(byKey: byKey, inOrder: [])
        case .all:
            var everyone: [UserID] = []
            try accounts.forEach { everyone.append($0.id) }
            guard !everyone.isEmpty else {
                throw AccountsError(
                    .noSuchAccount, "there is no account yet", hint: "make one with \"social user create\"")
            }
            return Writers(byKey: byKey, inOrder: everyone)
        }
    }
}

extension Posts {
    /// Makes many posts: one transaction a shard.
    ///
    /// - Parameter stored: counts the posts that are durable; an error says so.
    func create(_ drafts: [PostDraft], _ stored: inout Int, of total: Int) throws {
        let now = context.clock.now
        let groups = Dictionary(grouping: drafts) { router.shard(of: $0.slot) }
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            guard let first = group.first else { continue }
            do {
                try router.write(first.slot, accounts: .names) { writer in
                    for draft in group {
                        _ = try writer.createPost(draft, now: now)
                        context.observer?.advance(by: 1)
                    }
                }
            } catch let error as StorageError where stored > 0 {
                throw StorageError(
                    error.code, "\(error.message); \(stored) of \(total) posts are stored",
                    hint: "importing the file again would store these a second time")
            }
            stored += group.count
        }
    }
}
