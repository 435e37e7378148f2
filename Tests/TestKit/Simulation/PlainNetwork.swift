// A network as plainly as can be said: arrays, and what each command line does to them. What a real directory answers
// is compared with what these arrays answer.

internal import Formats

/// The model of a network; its posts are known by the ids that the program gave them.
package struct PlainNetwork {
    struct Account {
        /// All handles that it has had, in lower case; the last is its own.
        var handles: [String]
        var bio: String?
        var isDeleted = false
        var handle: String { handles[handles.count - 1] }
    }

    struct Post {
        var id: Int64
        var author: Int
        var text: String
        var parent: Int64?
        var original: Int64?
        var time: Int64
        var expires: Int64?
    }

    struct Pair: Equatable {
        var one: Int
        var other: Int
        var time: Int64 = 0
        static func == (left: Pair, right: Pair) -> Bool { left.one == right.one && left.other == right.other }
    }

    struct Like: Equatable {
        var actor: Int
        var post: Int64
    }

    private(set) var accounts: [Account] = []
    private(set) var follows: [Pair] = []
    private(set) var mutes: [Pair] = []
    private(set) var blocks: [Pair] = []
    private(set) var posts: [Post] = []
    private(set) var deleted: [Int64] = []
    private(set) var likes: [Like] = []
    /// Whether mutes are forgotten, so that a test sees a difference being found.
    private let forgetsMutes: Bool

    /// Nobody and nothing.
    package init(forgetsMutes: Bool = false) { self.forgetsMutes = forgetsMutes }

    /// The handles of those who are there.
    package var handles: [String] { accounts.filter { !$0.isDeleted }.map(\.handle) }

    /// Does what a command line does; the exit status that it must have.
    ///
    /// - Parameters:
    ///   - id: the id that it printed.
    ///   - now: the clock, in milliseconds.
    package mutating func perform(_ words: [String], id: Int64?, now: Int64) -> Int32 {
        switch words.prefix(2).joined(separator: " ") {
        case "user create": create(words[2])
        case "user update": update(words[2], bio: words[4])
        case "user rename": rename(words[2], to: words[3])
        case "user delete": delete(words[2])
        case "follow add", "follow remove", "follow block", "follow unblock", "follow mute", "follow unmute":
            relate(words[1], words[2], words[3], now)
        case "post create": post(words, id, now)
        case "post repost": repost(words, id, now)
        case "post edit": edit(words, now)
        case "post delete": remove(words[2])
        case "post like", "post unlike": like(words, now)
        // What tends views and places changes nothing that anybody sees.
        default: 0
        }
    }

    // MARK: Accounts

    private func known(_ handle: String) -> Int? { accounts.firstIndex { $0.handles.contains(handle) } }

    private func alive(_ handle: String) -> Int? { known(handle).flatMap { accounts[$0].isDeleted ? nil : $0 } }

    private mutating func create(_ handle: String) -> Int32 {
        guard let one = known(handle) else {
            accounts.append(Account(handles: [handle]))
            return 0
        }
        let isSame = !accounts[one].isDeleted && accounts[one].handle == handle && accounts[one].bio == nil
        return isSame ? 0 : 73
    }

    private mutating func update(_ handle: String, bio: String) -> Int32 {
        guard let one = alive(handle) else { return 67 }
        accounts[one].bio = bio
        return 0
    }

    private mutating func rename(_ handle: String, to other: String) -> Int32 {
        guard let one = alive(handle) else { return 67 }
        guard known(other) ?? one == one else { return 73 }
        accounts[one].handles.removeAll { $0 == other }
        accounts[one].handles.append(other)
        return 0
    }

    private mutating func delete(_ handle: String) -> Int32 {
        guard let one = known(handle) else { return 67 }
        guard !accounts[one].isDeleted else { return 0 }
        accounts[one].isDeleted = true
        for post in posts where post.author == one { forget(post.id) }
        likes.removeAll { $0.actor == one }
        follows.removeAll { $0.one == one || $0.other == one }
        blocks.removeAll { $0.one == one || $0.other == one }
        mutes.removeAll { $0.one == one || $0.other == one }
        return 0
    }

    // MARK: Relations

    private mutating func relate(_ verb: String, _ one: String, _ other: String, _ now: Int64) -> Int32 {
        guard let one = alive(one), let other = alive(other) else { return 67 }
        // Nothing is there to be ended between somebody and himself.
        guard one != other else { return ["add", "block", "mute"].contains(verb) ? 65 : 0 }
        let pair = Pair(one: one, other: other, time: now)
        func add(_ pairs: inout [Pair]) { if !pairs.contains(pair) { pairs.append(pair) } }
        switch verb {
        case "add":
            if areApart(one, other) { return 77 }
            add(&follows)
        case "remove": follows.removeAll { $0 == pair }
        case "block":
            add(&blocks)
            follows.removeAll { $0 == pair || $0 == Pair(one: other, other: one) }
        case "unblock": blocks.removeAll { $0 == pair }
        case "mute": add(&mutes)
        default: mutes.removeAll { $0 == pair }
        }
        return 0
    }

    private func areApart(_ one: Int, _ other: Int) -> Bool {
        blocks.contains(Pair(one: one, other: other)) || blocks.contains(Pair(one: other, other: one))
    }

    private func isUnseen(_ author: Int, by reader: Int) -> Bool {
        areApart(author, reader) || !forgetsMutes && mutes.contains(Pair(one: reader, other: author))
    }

    // MARK: Posts

    /// A post that is there, or what a repost passes on.
    private func source(_ word: String, _ now: Int64) -> Post? {
        guard let post = posts.first(where: { String($0.id) == word && !isOver($0, now) }) else { return nil }
        guard let original = post.original else { return post }
        return posts.first { $0.id == original && !isOver($0, now) }
    }

    private func isOver(_ post: Post, _ now: Int64) -> Bool { post.expires.map { $0 <= now } ?? false }

    private func option(_ name: String, _ words: [String]) -> String? {
        words.firstIndex(of: name).map { words[$0 + 1] }
    }

    private mutating func post(_ words: [String], _ id: Int64?, _ now: Int64) -> Int32 {
        guard let author = alive(option("--by", words) ?? "") else { return 67 }
        var parent: Post?
        if let word = option("--reply-to", words) {
            guard let found = source(word, now) else { return 67 }
            if areApart(found.author, author) { return 77 }
            parent = found
        }
        guard let id else { return 0 }
        let minutes = option("--expires", words).flatMap { Int64($0.dropLast()) }
        posts.append(
            Post(
                id: id, author: author, text: words[2], parent: parent?.id, original: nil, time: now,
                expires: minutes.map { now + $0 * 60_000 }))
        return 0
    }

    private mutating func repost(_ words: [String], _ id: Int64?, _ now: Int64) -> Int32 {
        guard let author = alive(option("--by", words) ?? "") else { return 67 }
        guard let original = source(words[2], now) else { return 67 }
        if areApart(original.author, author) { return 77 }
        guard let id, !posts.contains(where: { $0.author == author && $0.original == original.id }) else { return 0 }
        posts.append(
            Post(id: id, author: author, text: "", parent: nil, original: original.id, time: now, expires: nil))
        return 0
    }

    private mutating func edit(_ words: [String], _ now: Int64) -> Int32 {
        guard let index = posts.firstIndex(where: { String($0.id) == words[2] && !isOver($0, now) }) else { return 67 }
        guard posts[index].original == nil else { return 65 }
        posts[index].text = words[3]
        return 0
    }

    private mutating func remove(_ word: String) -> Int32 {
        if deleted.contains(where: { String($0) == word }) { return 0 }
        guard let post = posts.first(where: { String($0.id) == word }) else { return 67 }
        forget(post.id)
        return 0
    }

    private mutating func forget(_ id: Int64) {
        deleted.append(id)
        posts.removeAll { $0.id == id }
        likes.removeAll { $0.post == id }
    }

    private mutating func like(_ words: [String], _ now: Int64) -> Int32 {
        guard let actor = alive(option("--by", words) ?? "") else { return 67 }
        guard let post = source(words[2], now) else { return 67 }
        let like = Like(actor: actor, post: post.id)
        if words[1] == "unlike" {
            likes.removeAll { $0 == like }
        } else if areApart(post.author, actor) {
            return 77
        } else if !likes.contains(like) {
            likes.append(like)
        }
        return 0
    }
}

// MARK: Questions

extension PlainNetwork {
    /// Whom an account follows, or who follows it.
    func follows(of handle: String, isReverse: Bool) -> [String] {
        guard let one = alive(handle) else { return [] }
        return follows.filter { (isReverse ? $0.other : $0.one) == one }
            .map { accounts[isReverse ? $0.one : $0.other].handle }.sorted()
    }

    /// The posts that are listed, with their author, text, likes, replies and reposts, the newest first.
    func listing(at now: Int64) -> [String] {
        posts.filter { $0.original == nil && !isOver($0, now) }.sorted { $0.id > $1.id }.map { post in
            let liked = likes.count { $0.post == post.id }
            let replies = posts.count { $0.parent == post.id }
            let reposts = posts.count { $0.original == post.id }
            return "\(post.id) \(accounts[post.author].handle) \(liked) \(replies) \(reposts) \(post.text)"
        }
    }

    /// The posts in which a word occurs, the newest first.
    func search(_ word: String, at now: Int64) -> [String] {
        posts.filter { $0.original == nil && !isOver($0, now) && $0.text.split(separator: " ").contains { $0 == word } }
            .map(\.id).sorted(by: >).map(String.init)
    }

    /// What a reader's feed shows, the newest first.
    func feed(of handle: String, at now: Int64) -> [String] {
        guard let reader = alive(handle) else { return [] }
        let mine = posts.filter { post in
            follows.contains(Pair(one: reader, other: post.author)) && isShown(post, to: reader, now)
        }
        return mine.filter { post in
            guard let original = post.original else { return true }
            guard let source = posts.first(where: { $0.id == original }), isShown(source, to: reader, now) else {
                return false
            }
            // What came into the feed within the day before comes no second time.
            let start = post.time - 86_400_000
            return !mine.contains { other in
                other.id < post.id && other.time >= start && (other.id == original || other.original == original)
            }
        }
        .map(\.id).sorted(by: >).map(String.init)
    }

    private func isShown(_ post: Post, to reader: Int, _ now: Int64) -> Bool {
        !isOver(post, now) && !isUnseen(post.author, by: reader)
    }

    /// What somebody is told: the kind, the post and how many did it, in no order.
    func notifications(of handle: String, at now: Int64) -> [String] {
        guard let reader = alive(handle) else { return [] }
        var items: [(key: String, actor: Int)] = []
        func post(_ id: Int64?) -> Post? { posts.first { $0.id == id && !isOver($0, now) } }
        for one in posts where one.author != reader {
            if let original = one.original {
                if post(original)?.author == reader { items.append(("repost \(original)", one.author)) }
            } else if !isOver(one, now) {
                // Whose post is answered is told, also when it is over.
                if let parent = one.parent, posts.first(where: { $0.id == parent })?.author == reader {
                    items.append(("reply \(one.id)", one.author))
                } else if one.text.split(separator: " ").contains(where: {
                    $0.hasPrefix("@") && accounts[reader].handles.contains(String($0.dropFirst()))
                }) {
                    items.append(("mention \(one.id)", one.author))
                }
            }
        }
        for like in likes where like.actor != reader && post(like.post)?.author == reader {
            items.append(("like \(like.post)", like.actor))
        }
        for edge in follows where edge.other == reader {
            items.append(("follow \(RFC3339.format(edge.time).prefix(10))", edge.one))
        }
        let seen = items.filter { !isUnseen($0.actor, by: reader) }
        return Set(seen.map(\.key)).sorted().map { key in "\(key) \(seen.count { $0.key == key })" }
    }
}
