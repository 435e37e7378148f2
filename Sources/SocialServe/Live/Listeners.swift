// Who listens, and to whom: for each author the readers who are connected, so that a post finds them without asking
// the store.

internal import SocialCore

/// The listeners of a hub.
struct Listeners {
    /// One who came back, and has not heard everything yet.
    struct Late {
        let sink: any LiveSink
        var feed: FeedTail
        /// What is found and not told yet.
        var pending: ArraySlice<FeedTail.Item> = []
        /// What was told.
        var told: Set<PostID> = []
    }

    private struct Listener {
        let reader: UserID
        let sink: any LiveSink
        var late: Late?
        /// What was told already, though the logs say it once more, until they have come so far.
        var told: (posts: Set<PostID>, until: OffsetVector)?
    }

    private struct Reader {
        var numbers: [Int]
        var authors: [UserID]
    }

    private var listeners: [Int: Listener] = [:]
    private var readers: [UserID: Reader] = [:]
    private var byAuthor: [UserID: Set<UserID>] = [:]
    /// Those who are late, in the order in which they came.
    private(set) var catchingUp: [Int] = []
    /// Those who have something told that may come once more.
    private var doubtful: Set<Int> = []

    var isEmpty: Bool { listeners.isEmpty }
    var isCatchingUp: Bool { !catchingUp.isEmpty }

    // MARK: Coming and going

    /// Adds a listener.
    mutating func add(_ number: Int, _ reader: UserID, _ authors: [UserID], _ sink: any LiveSink, _ feed: FeedTail?) {
        let late = feed.map { Late(sink: sink, feed: $0) }
        listeners[number] = Listener(reader: reader, sink: sink, late: late)
        if late != nil { catchingUp.append(number) }
        readers[reader, default: Reader(numbers: [], authors: [])].numbers.append(number)
        set(reader, authors: authors)
    }

    /// Takes a listener away.
    mutating func remove(_ number: Int) {
        guard let listener = listeners.removeValue(forKey: number) else { return }
        if listener.late != nil { catchingUp.removeAll { $0 == number } }
        doubtful.remove(number)
        guard var reader = readers[listener.reader] else { return }
        reader.numbers.removeAll { $0 == number }
        if reader.numbers.isEmpty {
            set(listener.reader, authors: [])
            readers[listener.reader] = nil
        } else {
            readers[listener.reader] = reader
        }
    }

    /// Takes all away.
    mutating func removeAll() -> [any LiveSink] {
        let sinks = listeners.sorted { $0.key < $1.key }.map(\.value.sink)
        self = Listeners()
        return sinks
    }

    // MARK: Who hears whom

    /// Whether an account listens.
    func has(_ reader: UserID) -> Bool { readers[reader] != nil }

    /// Says whose posts show in a reader's feed.
    mutating func set(_ reader: UserID, authors: [UserID]) {
        for author in readers[reader]?.authors ?? [] {
            byAuthor[author]?.remove(reader)
            if byAuthor[author]?.isEmpty == true { byAuthor[author] = nil }
        }
        for author in authors { byAuthor[author, default: []].insert(reader) }
        readers[reader]?.authors = authors
    }

    /// The readers in whose feeds an author's posts show, in the order of their ids.
    func readers(of author: UserID) -> [UserID] { byAuthor[author]?.sorted() ?? [] }

    /// Where a post is to be told to a reader.
    func sinks(of reader: UserID, for post: PostID) -> [any LiveSink] {
        (readers[reader]?.numbers ?? []).compactMap { number in
            guard let listener = listeners[number], listener.late == nil else { return nil }
            if let told = listener.told, told.posts.contains(post) { return nil }
            return listener.sink
        }
    }

    /// Where anything else is to be told to a reader.
    func sinks(of reader: UserID) -> [any LiveSink] {
        (readers[reader]?.numbers ?? []).compactMap { listeners[$0]?.late == nil ? listeners[$0]?.sink : nil }
    }

    /// The readers of whom it may have changed whose posts show in their feeds.
    static func changed(by entry: EventEntry) -> [UserID] {
        switch entry {
        case .followed(let reader, _), .unfollowed(let reader, _), .followsImported(let reader): [reader]
        case .related(let kind, let actor, let target), .unrelated(let kind, let actor, let target):
            kind == .block || kind == .mute ? [actor, UserID(rawValue: target.rawValue)] : []
        default: []
        }
    }

    // MARK: Coming back

    /// One who has not heard everything yet.
    func late(_ number: Int) -> Late? { listeners[number]?.late }

    /// Notes how far one has come.
    mutating func set(_ number: Int, _ late: Late) { listeners[number]?.late = late }

    /// One has heard everything up to a place in the logs.
    mutating func isCaughtUp(_ number: Int, at offsets: OffsetVector) {
        catchingUp.removeAll { $0 == number }
        guard let told = listeners[number]?.late?.told else { return }
        listeners[number]?.late = nil
        listeners[number]?.told = (told, offsets)
        doubtful.insert(number)
    }

    /// The logs have been read up to a place: what was told before cannot come once more.
    mutating func forgetCaughtUp(by offsets: OffsetVector) {
        for number in doubtful where listeners[number]?.told.map({ offsets.covers($0.until) }) ?? true {
            listeners[number]?.told = nil
            doubtful.remove(number)
        }
    }
}
