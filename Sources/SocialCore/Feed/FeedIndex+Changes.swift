// Keeping an index up with the logs. Posts are noted as the logs tell them, in order; of readers it is only noted that
// something has changed, and whom they follow now is read from the truth.

extension FeedIndex {
    /// Applies what the logs say that has not been applied yet.
    ///
    /// - Parameter entryLimit: gives up before more entries than this have been applied since the index was packed.
    /// - Returns: whether it is current; false when it cannot go on, and must be made again.
    package func catchUp(graph: Graph, heads: OffsetVector, entryLimit: Int) throws -> Bool {
        let router = graph.router
        if applied == heads { return true }
        var readers: Set<UserID> = []
        let goesOn = try OrderedLogs(router: router).forEach(after: &applied, to: heads) { part in
            for event in part.events {
                changes.entries += event.entries.count
                for entry in event.entries { try apply(entry, &readers, router) }
            }
            return changes.entries <= entryLimit
        }
        guard goesOn, changes.entries <= entryLimit else { return false }
        for reader in readers { try refresh(reader, graph) }
        return true
    }

    private func apply(_ entry: EventEntry, _ readers: inout Set<UserID>, _ router: Router) throws {
        switch entry {
        case .accountChanged, .postEdited, .released, .adopted, .uploaded, .mediaChanged, .mediaDeleted: break
        case .accountCreated(let account), .accountActive(let account):
            let record = try router.read(account.slot) { try $0.account(account) }
            changes.activity[try knownNumber(of: account)] = record?.activeAt.milliseconds ?? FeedIndex.gone
        case .accountDeleted(let account):
            changes.activity[try knownNumber(of: account)] = FeedIndex.gone
            readers.insert(account)
        case .followed(let reader, _), .unfollowed(let reader, _), .followsImported(let reader),
            .related(.mute, let reader, _), .unrelated(.mute, let reader, _):
            readers.insert(reader)
        case .related, .unrelated: break
        case .posted(let author, let post): try note(post.rawValue, by: author)
        case .postDeleted(let author, let post):
            let number = try knownNumber(of: author)
            changes.posts[number, default: PostChanges()].removed.insert(post.rawValue)
        }
    }

    private func note(_ post: Int64, by author: UserID) throws {
        let number = try knownNumber(of: author)
        if changes.posts[number] == nil, try packedPosts(of: number).last ?? 0 < post {
            changes.posts[number] = PostChanges(added: [post])
            return
        }
        let packed = try packedPosts(of: number)
        let place = packed.firstIndex(notBelow: post)
        let isPacked = place < packed.count && packed[place] == post
        changes.posts[number, default: PostChanges()].add(post, isPacked: isPacked)
    }

    /// The number of an account, which it gets now if it has none.
    private func knownNumber(of account: UserID) throws -> Int {
        if let number = try number(of: account) { return number }
        let number = count
        changes.accounts.append(account)
        changes.numbers[account] = number
        return number
    }

    /// Reads whose posts belong in a reader's feed.
    private func refresh(_ reader: UserID, _ graph: Graph) throws {
        let number = try knownNumber(of: reader)
        let authors = try graph.feedAuthors(of: reader).map { UInt32(try knownNumber(of: $0)) }.sorted()
        for author in changes.authors[number] ?? [] {
            changes.readers[Int(author)]?.removeAll { $0 == UInt32(number) }
        }
        changes.authors[number] = authors
        for author in authors { changes.readers[Int(author), default: []].append(UInt32(number)) }
    }
}

extension FeedIndex.PostChanges {
    /// Notes a post; one that is packed counts only as no longer removed.
    mutating func add(_ post: Int64, isPacked: Bool) {
        removed.remove(post)
        if isPacked { return }
        if added.last ?? 0 < post {
            added.append(post)
        } else {
            let place = added.withUnsafeBufferPointer { $0.firstIndex(notBelow: post) }
            if added[place] != post { added.insert(post, at: place) }
        }
    }
}
