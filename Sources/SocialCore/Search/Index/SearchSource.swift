// What is indexed: posts, accounts and uploads. A source says which documents an event touches, and reads them from the
// truth as they are now; so applying an event twice, or late, changes nothing.

/// What an index is made of.
package enum SearchSource: String, CaseIterable, Sendable {
    /// Posts by their texts; reposts are found as what they pass on.
    case posts
    /// Accounts by handle, name and bio.
    case users
    /// Uploads by what is said about them, and by what they look like.
    case media

    /// The document that an event may have changed; nil when there is none.
    func touched(by entry: EventEntry) -> Int64? {
        switch (self, entry) {
        case (.posts, .posted(_, let post)), (.posts, .postEdited(_, let post)), (.posts, .postDeleted(_, let post)):
            post.rawValue
        case (.users, .accountCreated(let id)), (.users, .accountChanged(let id)), (.users, .accountDeleted(let id)):
            id.rawValue
        case (.media, .uploaded(_, let media)), (.media, .mediaChanged(_, let media)),
            (.media, .mediaDeleted(_, let media)):
            media.rawValue
        default: nil
        }
    }

    /// The ids of all documents of a shard, where they are not read in their order anyway; nil where they are.
    func identifiers(of reader: any StoreReader) throws -> [Int64]? {
        switch self {
        case .posts, .media: nil
        case .users: try reader.accountIDs().map(\.rawValue)
        }
    }

    /// The document with an id as it is now; nil when there is none.
    func document(_ id: Int64, of reader: any StoreReader) throws -> SearchDocument? {
        switch self {
        case .posts: try reader.post(PostID(rawValue: id)).flatMap { SearchDocument($0) }
        case .users: try reader.account(UserID(rawValue: id)).map { SearchDocument($0) }
        case .media: try reader.media(MediaID(rawValue: id)).map { SearchDocument($0) }
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
        let last = max(1, bound - 1)
        switch source {
        case .media:
            let range = MediaID(rawValue: 1)...MediaID(rawValue: last)
            let media = try reader.media(by: nil, in: range, limit: Limits.searchPage, fromOldest: false)
            advance(past: media.last?.id, count: media.count)
            return media.map { SearchDocument($0) }
        case .posts, .users:
            let posts = try reader.posts(in: PostID.first...PostID(rawValue: last), limit: Limits.searchPage)
            advance(past: posts.last?.id, count: posts.count)
            return posts.compactMap { SearchDocument($0) }
        }
    }

    /// Notes what was read: less than a page was the last, and so was one that ends with the first id.
    private mutating func advance(past last: (any EntityIdentifier)?, count: Int) {
        bound = last?.rawValue ?? 1
        isAtEnd = count < Limits.searchPage || bound <= 1
    }
}

/// What is indexed of a post, an account or an upload.
struct SearchDocument {
    /// The id of what it is of.
    let id: Int64
    /// What is said, in one or several texts.
    let texts: [String]
    /// What it has beside words, as far as the row tells.
    var markers: [Segment.Marker] = []
    /// Names, not prose: an account's handle, and the name beside it.
    var names: [String] = []
    /// The post that it answers; who wrote that has to be found out.
    var replyTo: PostID?
    /// Whether it is of interest in which language it is, and whether there is an address in it.
    var isProse = true
    /// What it is as a picture.
    var picture: DocumentPicture?

    /// Nil for a repost.
    init?(_ post: PostRecord) {
        guard post.repostOf == nil else { return nil }
        id = post.id.rawValue
        texts = [post.text]
        replyTo = post.replyTo
        markers.append(.author(post.author.rawValue))
        if replyTo != nil { markers.append(.reply) }
        if !post.media.isEmpty { markers.append(.media) }
    }

    init(_ account: AccountRecord) {
        id = account.id.rawValue
        texts = [account.profile.bio ?? ""]
        names = [account.handle.key, account.profile.name ?? ""]
        isProse = false
    }

    init(_ media: MediaRecord) {
        let content = media.content
        id = media.id.rawValue
        let tags = content.tagList.map { "#\($0)" }.joined(separator: " ")
        texts = [content.caption, content.alt, tags, Self.words(ofFileName: content.name)].compactMap { $0 }
        markers = [.author(media.author.rawValue)] + MediaKind.names(of: content.type).map { .type($0) }
        picture = DocumentPicture(content)
    }

    /// The name of a file as people would say it: without its end, and with spaces between its words.
    private static func words(ofFileName name: String) -> String {
        let end = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
        return String(name[..<end].map { $0 == "_" ? " " : $0 })
    }
}

extension SegmentBuilder {
    /// Adds a document.
    mutating func add(_ document: SearchDocument) {
        var names: [[UInt8]] = []
        for (index, name) in document.names.enumerated() {
            let words = words(of: name)
            // A handle is found as a whole, and by its parts like a name.
            if index == 0 { names.append(Segment.term(.handle(name))) }
            for word in words { names.append(Segment.term(.name(word))) }
            offer(index == 0 ? words + [name] : words)
        }
        add(id: document.id, document.texts, picture: document.picture) { list in
            var markers = names + document.markers.map { Segment.term($0) }
            guard document.isProse else { return markers }
            if list.hasLink { markers.append(Segment.term(.link)) }
            if let language = LanguageGuess.language(of: list) {
                markers.append(Segment.term(.language(language.rawValue)))
            }
            return markers
        }
    }
}
