// A person's archive of another network becomes posts of an account. Each post keeps the name that it has there as its
// idempotency key, so that importing a newer archive adds only what is new, and answers to own posts find them.

package import Formats

/// How an archive is imported.
package struct ArchiveImport {
    /// Whose archive it is.
    package var archive: Archive
    /// The account that gets the posts.
    package var author: AccountRecord
    /// How many posts share a transaction.
    package var batchRows = Limits.importBatchRows

    /// How an archive is imported.
    package init(_ archive: Archive, author: AccountRecord) {
        self.archive = archive
        self.author = author
    }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Posts that were made.
        package var posts = 0
        /// Posts that were there already.
        package var present = 0
        /// How many items were passed over, and why.
        package var others: [ArchiveItem.Reason: Int] = [:]
    }

    /// Reads an archive and makes its posts, oldest first.
    ///
    /// - Throws: `FileError` with line and column for a bad item, unless those are left out; nothing is written then.
    package func run(_ source: ArchiveSource, _ badRows: BadRows, posts: Posts) throws -> Summary {
        try badRows.naming {
            var summary = Summary()
            var items: [ArchivePost] = []
            try archive.forEachList(in: source) { name, bytes in
                let outer = badRows.file
                badRows.file = name
                try read(bytes, badRows, posts.context, &summary, &items)
                badRows.file = outer
            }
            // Two lists of one archive may hold the same post.
            items.sort { ($0.timeMilliseconds, $0.key) < ($1.timeMilliseconds, $1.key) }
            try write(items, posts, &summary)
            return summary
        }
    }

    private func read(
        _ bytes: [UInt8], _ badRows: BadRows, _ context: Context, _ summary: inout Summary, _ posts: inout [ArchivePost]
    ) throws {
        var items = try archive.items(bytes)
        while let item = try items.next() {
            do {
                switch try archive.item(item) {
                case .other(let reason): summary.others[reason, default: 0] += 1
                case .post(let post):
                    try check(post, item, context)
                    posts.append(post)
                }
            } catch {
                try badRows.take(error, Array(item.value.text.utf8)[...])
            }
        }
    }

    private func check(_ post: ArchivePost, _ item: JSONItemReader.Item, _ context: Context) throws(DataError) {
        do {
            try Posts.check(post.text)
            try Posts.check(key: post.key)
        } catch { throw DataError(.syntax, line: item.line, column: item.column, error.message) }
        guard Timestamp(milliseconds: post.timeMilliseconds).isImportable(at: context.clock.now) else {
            throw DataError(
                .outOfRange, line: item.line, column: item.column, "the post's time lies before 2004 or in the future")
        }
    }

    // MARK: Writing

    private func write(_ items: [ArchivePost], _ posts: Posts, _ summary: inout Summary) throws {
        var known = try knownPosts(items, posts)
        var batch: [ArchivePost] = []
        var pending: Set<String> = []
        for item in items {
            if known[item.key] != nil || pending.contains(item.key) {
                summary.present += 1
                continue
            }
            let mustWait = posts.placement == .post && item.replyKey.map(pending.contains) ?? false
            if batch.count == batchRows || mustWait {
                summary.posts += try create(batch, posts, &known)
                batch = []
                pending = []
            }
            batch.append(item)
            pending.insert(item.key)
        }
        summary.posts += try create(batch, posts, &known)
    }

    /// The posts that earlier imports have made of these items and of those that they answer.
    ///
    /// A post that was deleted here since is known too, and so does not come back.
    private func knownPosts(_ items: [ArchivePost], _ posts: Posts) throws -> [String: PostID] {
        var keys = Set(items.map(\.key))
        for item in items { if let key = item.replyKey { keys.insert(key) } }
        let sorted = keys.sorted()
        let found = try posts.router.gather(sorted, slot: { slot(of: $0, posts) }) { reader, key in
            try reader.operation(author.id, Self.verb, key)
        }
        var known: [String: PostID] = [:]
        for (key, operation) in zip(sorted, found) {
            if let operation { known[key] = PostID(rawValue: operation.result) }
        }
        return known
    }

    /// Makes posts, a transaction a shard.
    private func create(_ items: [ArchivePost], _ posts: Posts, _ known: inout [String: PostID]) throws -> Int {
        let now = posts.context.clock.now
        let parents = try existingParents(of: items, posts, known)
        var made = known
        try posts.router.write(items, accounts: .names, slot: { slot(of: $0.key, posts) }) { writer, group in
            for item in group {
                let parent = item.replyKey.flatMap { key in
                    known[key] == nil ? made[key] : parents.contains(key) ? known[key] : nil
                }
                let draft = PostDraft(
                    author: author.id, slot: slot(of: item.key, posts), text: item.text,
                    time: Timestamp(milliseconds: item.timeMilliseconds), idempotencyKey: item.key,
                    replyTo: parent)
                made[item.key] = try writer.createPost(draft, now: now).value.id
            }
        } committed: { _, _ in
        }
        known = made
        return items.count
    }

    /// The keys of those answered posts that were there before and still are.
    private func existingParents(
        of items: [ArchivePost], _ posts: Posts, _ known: [String: PostID]
    ) throws -> Set<String> {
        let keys = Set(items.compactMap(\.replyKey)).filter { known[$0] != nil }.sorted()
        let found = try posts.records(of: keys.compactMap { known[$0] })
        return Set(zip(keys, found).compactMap { $1 == nil ? nil : $0 })
    }

    private func slot(of key: String, _ posts: Posts) -> Slot {
        posts.placement.slot(author: author.id, idempotencyKey: key, random: posts.context.random)
    }

    /// The verb under which the key of a post is remembered.
    private static let verb = "post create"
}
