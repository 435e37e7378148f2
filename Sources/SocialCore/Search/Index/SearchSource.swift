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

    /// The ids of all documents of a shard, where they are not read in their order anyway; nil where they are.
    func identifiers(of reader: any StoreReader) throws -> [Int64]? {
        switch self {
        case .posts: nil
        case .users: try reader.accountIDs().map(\.rawValue)
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

/// All documents of a shard, newest first, a page at a time.
struct SearchPages {
    private let source: SearchSource
    /// The ids of those that are left; nil: those below a bound.
    private var identifiers: [Int64]?
    private var bound = Int64.max
    /// Whether the last page has been read.
    private(set) var isAtEnd = false

    init(_ source: SearchSource, _ identifiers: [Int64]?) {
        self.source = source
        self.identifiers = identifiers
    }

    /// The next page, which may be empty before the last one.
    mutating func next(_ reader: any StoreReader) throws -> [SearchDocument] {
        if let left = identifiers {
            let page = left.suffix(Limits.searchPage)
            identifiers = left.dropLast(page.count)
            isAtEnd = page.count == left.count
            return try page.reversed().compactMap { try source.document($0, of: reader) }
        }
        let range = PostID.first...max(.first, PostID(rawValue: bound - 1))
        let posts = bound > PostID.first.rawValue ? try reader.posts(in: range, limit: Limits.searchPage) : []
        isAtEnd = posts.count < Limits.searchPage
        bound = posts.last?.id.rawValue ?? 0
        return posts.compactMap { SearchDocument($0) }
    }
}

/// What is indexed of a post or an account.
struct SearchDocument {
    let id: Int64
    /// Who wrote it.
    let author: Int64
    let text: String
    /// The post that it answers.
    let replyTo: PostID?
    /// Who wrote that.
    var answered: UserID?
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
    mutating func add(_ document: SearchDocument) {
        if document.names.isEmpty { addPost(document) } else { addAccount(document) }
    }

    private mutating func addPost(_ document: SearchDocument) {
        add(id: document.id, author: document.author, text: document.text) { list in
            var markers = [Segment.term(.author(document.author))]
            if document.replyTo != nil { markers.append(Segment.term(.reply)) }
            if let answered = document.answered { markers.append(Segment.term(.answered(answered.rawValue))) }
            if list.hasLink { markers.append(Segment.term(.link)) }
            if let language = LanguageGuess.language(of: list) {
                markers.append(Segment.term(.language(language.rawValue)))
            }
            return markers
        }
    }

    private mutating func addAccount(_ document: SearchDocument) {
        var markers: [[UInt8]] = []
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
