// What is indexed: posts and accounts. A source says which documents an event touches, and reads them from the truth as
// they are now; so applying an event twice, or late, changes nothing.

/// What an index is made of.
package enum SearchSource: String, CaseIterable, Sendable {
    /// Posts by their texts; reposts are found as what they pass on.
    case posts
    /// Accounts by handle, name and bio.
    case users

    /// The document that an event may have changed; nil when there is none.
    func touched(by entry: EventEntry) -> Int64? {
        switch (self, entry) {
        case (.posts, .posted(_, let post)), (.posts, .postEdited(_, let post)), (.posts, .postDeleted(_, let post)):
            post.rawValue
        case (.users, .accountCreated(let id)), (.users, .accountChanged(let id)), (.users, .accountDeleted(let id)):
            id.rawValue
        default: nil
        }
    }

    /// The documents of a shard below an id, newest first, as far as one page goes, and where the next page begins;
    /// nil behind the last.
    func page(
        below id: Int64, of reader: any StoreReader, limit: Int
    ) throws -> (documents: [SearchDocument], next: Int64?) {
        guard id > 0 else { return ([], nil) }
        switch self {
        case .posts:
            let posts = try reader.posts(in: PostID.first...PostID(rawValue: id - 1), limit: limit)
            return (posts.compactMap { SearchDocument($0) }, posts.count < limit ? nil : posts.last?.id.rawValue)
        case .users:
            let ids = try reader.accountIDs().reversed().drop { $0.rawValue >= id }.prefix(limit)
            let accounts = try ids.compactMap { try reader.account($0) }
            return (accounts.map { SearchDocument($0) }, ids.count < limit ? nil : ids.last?.rawValue)
        }
    }

    /// The document with an id as it is now; nil when there is none.
    func document(_ id: Int64, of reader: any StoreReader) throws -> SearchDocument? {
        switch self {
        case .posts: try reader.post(PostID(rawValue: id)).flatMap { SearchDocument($0) }
        case .users: try reader.account(UserID(rawValue: id)).map { SearchDocument($0) }
        }
    }
}

/// What is indexed of a post or an account.
struct SearchDocument {
    let id: Int64
    /// Who wrote it.
    let author: Int64
    let text: String
    /// The post that it answers, whose author becomes a marker.
    let replyTo: PostID?
    /// For accounts the texts that are names, not prose.
    let names: [String]

    /// Nil for a repost.
    init?(_ post: PostRecord) {
        guard post.repostOf == nil else { return nil }
        id = post.id.rawValue
        author = post.author.rawValue
        text = post.text
        replyTo = post.replyTo
        names = []
    }

    init(_ account: AccountRecord) {
        id = account.id.rawValue
        author = id
        text = account.profile.bio ?? ""
        replyTo = nil
        names = [account.handle.key, account.profile.name ?? ""]
    }
}

extension SegmentBuilder {
    /// Adds a document.
    ///
    /// - Parameter answered: who wrote the post that it answers.
    mutating func add(_ document: SearchDocument, answered: UserID?) {
        var markers: [[UInt8]] = []
        if document.names.isEmpty {
            markers.append(Segment.term(.author(document.author)))
            if document.replyTo != nil { markers.append(Segment.term(.reply)) }
            if let answered { markers.append(Segment.term(.answered(answered.rawValue))) }
        }
        for (index, name) in document.names.enumerated() {
            let words = words(of: name)
            // A handle is found as a whole, and by its parts like a name.
            if index == 0 { markers.append(Segment.term(.handle(name))) }
            for word in words { markers.append(Segment.term(.name(word))) }
            offer(index == 0 ? words + [name] : words)
        }
        add(id: document.id, author: document.author, text: document.text, markers: markers)
    }
}
