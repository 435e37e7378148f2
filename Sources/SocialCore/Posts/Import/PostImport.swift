// A file of posts becomes posts. The file is read twice, first to check and count it, so that a bad row changes nothing
// and "evenly over three days" is known from the first post on. How far the import has come is stored with the posts:
// the same command goes on where it was stopped, and changes nothing once it has ended.

package import Formats

/// How a file of posts is imported.
package struct PostImport: Sendable {
    /// Whose posts they are, as far as rows do not say.
    package enum Authors: Sendable {
        /// One account's.
        case one(AccountRecord)
        /// Dealt round robin to all accounts in the order of their handles.
        case all
        /// Each row says.
        case named
    }

    /// The form of the file.
    package var form: PostForm
    /// Whose posts they are.
    package var authors: Authors
    /// The posts are laid evenly over this time before now, in milliseconds; nil: all now.
    package var overMilliseconds: Int64?
    /// Tells this import from another of the same file.
    package var idempotencyKey = ""
    /// How many rows share a transaction.
    package var batchRows = Limits.importBatchRows

    /// How a file of posts is imported.
    package init(form: PostForm, authors: Authors, overMilliseconds: Int64? = nil) {
        self.form = form
        self.authors = authors
        self.overMilliseconds = overMilliseconds
    }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Posts that were made.
        package var posts = 0
        /// Posts that an earlier run of the same import had made.
        package var present = 0
    }

    /// Reads a file and makes its posts.
    ///
    /// - Throws: `FileError` with line and column for a bad row, unless those are left out; nothing is written then.
    package func run(
        _ input: InputFile, _ badRows: BadRows, accounts: Accounts, posts: Posts
    ) throws -> Summary {
        try badRows.naming {
            let survey = try survey(input, badRows, accounts, posts.context)
            posts.context.observer?.begin("importing posts", total: survey.rows)
            defer { posts.context.observer?.end() }
            var run = try PostImportRun(
                key: survey.key, total: survey.rows, batchRows: batchRows, dealtTo: survey.everyone, posts: posts)
            try write(input, badRows, survey, posts.context, into: &run)
            return run.summary
        }
    }

    // MARK: The first pass

    private struct Survey {
        /// Under which the progress is kept.
        var key = ""
        /// How many rows there are, bad ones counted.
        var rows = 0
        /// Those whom rows name, by key.
        var byKey: [String: UserID] = [:]
        /// Those to whom the rest is dealt.
        var dealt: [UserID] = []
        /// All accounts, where posts are dealt to all.
        var everyone: [UserID]?
    }

    private func survey(
        _ input: InputFile, _ badRows: BadRows, _ accounts: Accounts, _ context: Context
    ) throws -> Survey {
        var survey = Survey()
        var names: [String: (handle: Handle, fault: DataError)] = [:]
        let hash = ContentHash()
        var rows = try PostRows(form, hash.watching(try input.open()), now: context.clock.now)
        badRows.heading = rows.heading
        while let row = try rows.next() {
            survey.rows += 1
            switch row {
            case .bad(let error): try badRows.pass(error)
            case .post(let post):
                if let author = post.author {
                    if names[author.key] == nil { names[author.key] = (author, noAccount(author, post)) }
                } else if case .named = authors {
                    try badRows.pass(noAuthor(post))
                }
            }
        }
        guard survey.rows > 0 else { throw DataError(.syntax, line: 1, column: 1, "there is no post in the file") }
        survey.byKey = try accounts.ids(of: names.values.map(\.handle))
        let unknown = names.filter { survey.byKey[$0.key] == nil }.map(\.value.fault)
        if let first = unknown.min(by: { ($0.line, $0.column) < ($1.line, $1.column) }) { try badRows.pass(first) }
        switch authors {
        case .one(let account): survey.dealt = [account.id]
        case .named: break
        case .all:
            try accounts.forEach { survey.dealt.append($0.id) }
            guard !survey.dealt.isEmpty else {
                throw AccountsError(
                    .noSuchAccount, "there is no account yet", hint: "make one with \"social user create\"")
            }
            survey.everyone = survey.dealt
        }
        hash.add(Array(" \(form) \(authorsText) \(overMilliseconds ?? -1) \(idempotencyKey)".utf8)[...])
        survey.key = "post import \(hash.text)"
        return survey
    }

    /// The authors as the import's key has them.
    private var authorsText: String {
        switch authors {
        case .one(let account): "\(account.id)"
        case .all: "all"
        case .named: "named"
        }
    }

    private func noAccount(_ author: Handle, _ row: PostRow) -> DataError {
        row.fault("there is no account \"\(author)\"")
    }

    private func noAuthor(_ row: PostRow) -> DataError {
        row.fault("\"author\" is missing (or say --by)")
    }

    // MARK: The second pass

    private func write(
        _ input: InputFile, _ badRows: BadRows, _ survey: Survey, _ context: Context, into run: inout PostImportRun
    ) throws {
        let start = context.clock.now.advanced(byMilliseconds: -(overMilliseconds ?? 0))
        var rows = try PostRows(form, try input.open(), now: context.clock.now)
        var index = 0
        while let row = try rows.next() {
            // The number of the row, not of the good ones: which are good may change while the import is stopped.
            defer { index += 1 }
            switch row {
            case .bad(let error): try badRows.take(error, rows.lastRow)
            case .post(let post):
                let author: UserID
                if let name = post.author {
                    guard let id = survey.byKey[name.key] else {
                        try badRows.take(noAccount(name, post), rows.lastRow)
                        continue
                    }
                    author = id
                } else if survey.dealt.isEmpty {
                    try badRows.take(noAuthor(post), rows.lastRow)
                    continue
                } else {
                    author = survey.dealt[index % survey.dealt.count]
                }
                var time = post.time
                if time == nil, let over = overMilliseconds {
                    let share = Double(index + 1) / Double(survey.rows)
                    time = start.advanced(byMilliseconds: Int64(Double(over) * share))
                }
                try run.add(post.text, by: author, at: time, index: index)
            }
        }
        try run.end()
    }
}
