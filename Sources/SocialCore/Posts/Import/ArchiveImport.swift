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
        /// Pictures and films that posts show.
        package var media = 0
        /// Attachments whose files are not in the archive, or are no pictures or films.
        package var missingMedia = 0
        /// How many items were passed over, and why.
        package var others: [ArchiveItem.Reason: Int] = [:]
    }

    /// A picture or film of an archive.
    package struct File: Sendable {
        /// The name of the file.
        package var name: String
        /// What is in it.
        package var bytes: [UInt8]
        /// What is to be seen.
        package var alt: String?
        /// When it was posted.
        package var time: Timestamp
    }

    /// Stores files, so that posts can show them: for each its upload, or nil where it is no picture or film.
    package typealias Uploader = ([File]) throws -> [MediaID?]

    /// Reads an archive and makes its posts, oldest first.
    ///
    /// - Parameter upload: stores the pictures and films of the posts that are made; they come before these.
    /// - Throws: `FileError` with line and column for a bad item, unless those are left out; nothing is written then.
    package func run(
        _ source: ArchiveSource, _ badRows: BadRows, posts: Posts, upload: Uploader = { $0.map { _ in nil } }
    ) throws -> Summary {
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
            let known = try knownPosts(items, posts)
            let media = try media(of: items.filter { known[$0.key] == nil }, source, &summary, upload)
            try write(items, known, media, posts, &summary)
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
            try Posts.check(post.text, isAlone: post.attachments.isEmpty)
            try Posts.check(key: post.key)
        } catch { throw DataError(.syntax, line: item.line, column: item.column, error.message) }
        guard Timestamp(milliseconds: post.timeMilliseconds).isImportable(at: context.clock.now) else {
            throw DataError(
                .outOfRange, line: item.line, column: item.column, "the post's time lies before 2004 or in the future")
        }
    }

    // MARK: Attachments

    /// Stores what posts show: for each key of an attachment its uploads.
    private func media(
        of items: [ArchivePost], _ source: ArchiveSource, _ summary: inout Summary, _ upload: Uploader
    ) throws -> [String: [MediaID]] {
        var wanted: [String: (alt: String?, time: Int64)] = [:]
        for item in items {
            for attachment in item.attachments { wanted[attachment.key] = (attachment.alt, item.timeMilliseconds) }
        }
        if wanted.isEmpty { return [:] }
        var uploads: [String: [MediaID]] = [:]
        var found: Set<String> = []
        var (files, keys, sizeBytes): ([File], [String], Int) = ([], [], 0)
        func flush() throws {
            for (key, media) in zip(keys, try upload(files)) {
                if let media { uploads[key, default: []].append(media) } else { summary.missingMedia += 1 }
            }
            (files, keys, sizeBytes) = ([], [], 0)
        }
        try archive.forEachAttachment(in: source) { key, name, read in
            guard let post = wanted[key] else { return }
            found.insert(key)
            let file = File(name: name, bytes: try read(), alt: post.alt, time: Timestamp(milliseconds: post.time))
            files.append(file)
            keys.append(key)
            sizeBytes += file.bytes.count
            if files.count >= Limits.uploadGroup || sizeBytes >= Limits.heldUploadBytes { try flush() }
        }
        try flush()
        summary.media = uploads.values.reduce(0) { $0 + $1.count }
        summary.missingMedia += wanted.keys.count { !found.contains($0) }
        return uploads
    }

    // MARK: Writing

    private func write(
        _ items: [ArchivePost], _ known: [String: PostID], _ media: [String: [MediaID]], _ posts: Posts,
        _ summary: inout Summary
    ) throws {
        var known = known
        var batch: [ArchivePost] = []
        var pending: Set<String> = []
        for item in items {
            if known[item.key] != nil || pending.contains(item.key) {
                summary.present += 1
                continue
            }
            let isEmpty = item.text.isEmpty && item.attachments.allSatisfy { media[$0.key] == nil }
            if isEmpty {
                summary.others[.noText, default: 0] += 1
                continue
            }
            let mustWait = posts.placement == .post && item.replyKey.map(pending.contains) ?? false
            if batch.count == batchRows || mustWait {
                summary.posts += try create(batch, media, posts, &known)
                batch = []
                pending = []
            }
            batch.append(item)
            pending.insert(item.key)
        }
        summary.posts += try create(batch, media, posts, &known)
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
    private func create(
        _ items: [ArchivePost], _ media: [String: [MediaID]], _ posts: Posts, _ known: inout [String: PostID]
    ) throws -> Int {
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
                    replyTo: parent,
                    media: Array(item.attachments.flatMap { media[$0.key] ?? [] }.prefix(Limits.postMedia)))
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
