// What feeds are made of, packed: who follows whom (without mutes, which keep posts out of a feed) and who has posted
// what. Accounts have dense numbers, in the order of their ids, so that bulk work and wide pulls scan arrays at the
// speed of memory where the tables would be sought row by row. The packed part is as old as its vector; what the logs
// say since is kept beside it (FeedIndex+Changes).

/// A view of follows and posts for bulk fan-out, regeneration and pull.
///
/// 8 bytes a post, 8 an edge and about 40 an account.
package final class FeedIndex {
    /// The kind of the packed file: "SCFEEDX1".
    static let kind: UInt64 = 0x3158_4445_4546_4353

    /// The sections of the packed file.
    enum Section {
        /// Three words a log: shard, incarnation, number of commits.
        static let vector = 0
        /// The ids of the accounts, ascending (Int64).
        static let accounts = 1
        /// When each account was last active, in milliseconds; `gone` where it was deleted, and what others had to do
        /// with it has not been taken away everywhere (Int64).
        static let activity = 2
        /// Open addressing from an id to its account's number plus one (UInt32).
        static let lookup = 3
        /// Where each account's followers begin, and one more (UInt32); their numbers, ascending (UInt32).
        static let followerStarts = 4
        static let followers = 5
        /// The same for those whose posts belong in the account's feed.
        static let authorStarts = 6
        static let authors = 7
        /// Where each account's posts begin, and one more (UInt32); their ids, ascending (Int64).
        static let postStarts = 8
        static let posts = 9
        /// Each account's newest post, 0 when there is none (Int64).
        static let newest = 10
        static let count = 11
    }

    /// In the place of the activity of an account that was deleted.
    static let gone = Int64.min

    let packed: PackedFile
    /// How many accounts are packed; those made since have higher numbers.
    let packedCount: Int
    /// How far it has come in each log.
    package internal(set) var applied: OffsetVector
    /// What the logs say since.
    var changes = Changes()

    /// What has changed since the arrays were packed.
    struct Changes {
        /// The accounts made since, which come after those that are packed.
        var accounts: [UserID] = []
        var numbers: [UserID: Int] = [:]
        /// Activity noted since; `gone` where an account was deleted.
        var activity: [Int: Int64] = [:]
        /// Whose posts belong in the feeds of the readers for whom that has changed: all of them, ascending.
        var authors: [Int: [UInt32]] = [:]
        /// The readers among those, by author.
        var readers: [Int: [UInt32]] = [:]
        /// Posts made and deleted since, by author.
        var posts: [Int: PostChanges] = [:]
        /// How many entries of the logs have been applied.
        var entries = 0
    }

    /// What has become of one author's posts.
    struct PostChanges {
        /// Ids, ascending.
        var added: [Int64] = []
        var removed: Set<Int64> = []
    }

    init(packed: PackedFile, applied: OffsetVector) {
        self.packed = packed
        self.applied = applied
        packedCount = packed.count(Section.accounts, of: Int64.self)
    }

    /// Maps what was packed before.
    ///
    /// - Returns: nil when there is nothing of use.
    package convenience init?(opening path: String, files: FileSystem) {
        guard let packed = PackedFile(opening: path, kind: FeedIndex.kind, files: files),
            let words = try? packed.all(Section.vector, of: UInt64.self), words.count % 3 == 0
        else { return nil }
        var vector = OffsetVector()
        for start in stride(from: 0, to: words.count, by: 3) {
            vector[Int(truncatingIfNeeded: words[start])] = LogPosition(
                incarnation: words[start + 1], n: Int64(bitPattern: words[start + 2]))
        }
        self.init(packed: packed, applied: vector)
    }

    // MARK: Accounts

    /// How many accounts have numbers.
    package var count: Int { packedCount + changes.accounts.count }

    /// The number of an account; nil when it has none.
    package func number(of account: UserID) throws -> Int? {
        if let number = changes.numbers[account] { return number }
        let size = packed.count(Section.lookup, of: UInt32.self)
        guard size > 0 else { return nil }
        var place = FeedIndex.hash(account.rawValue) & (size - 1)
        while true {
            let entry = try packed.element(Section.lookup, place, of: UInt32.self)
            guard entry != 0 else { return nil }
            let number = Int(entry) - 1
            if try packed.element(Section.accounts, number, of: Int64.self) == account.rawValue { return number }
            place = (place + 1) & (size - 1)
        }
    }

    /// The account with a number.
    package func account(_ number: Int) throws -> UserID {
        if number >= packedCount { return changes.accounts[number - packedCount] }
        return UserID(rawValue: try packed.element(Section.accounts, number))
    }

    /// When an account was last active, in milliseconds.
    func activity(of number: Int) throws -> Int64 {
        if let time = changes.activity[number] { return time }
        return number < packedCount ? try packed.element(Section.activity, number) : 0
    }

    // MARK: Lists

    /// Calls a closure with the numbers of those whose posts belong in a reader's feed, ascending.
    func withAuthors<Result>(
        of reader: Int, _ body: (UnsafeBufferPointer<UInt32>) throws -> Result
    ) throws -> Result {
        if let list = changes.authors[reader] { return try list.withUnsafeBufferPointer(body) }
        return try body(try packedList(Section.authorStarts, Section.authors, reader))
    }

    /// Calls a closure with the number of each reader into whose feed an author's posts belong.
    func forEachReader(of author: Int, _ body: (Int) throws -> Void) throws {
        let hasChanges = !changes.authors.isEmpty
        for reader in try packedList(Section.followerStarts, Section.followers, author) {
            if hasChanges, changes.authors[Int(reader)] != nil { continue }
            try body(Int(reader))
        }
        if hasChanges { for reader in changes.readers[author] ?? [] { try body(Int(reader)) } }
    }

    /// How many readers an author's posts belong to; those of changed lists are counted too.
    package func readerCount(of author: Int) throws -> Int {
        if changes.authors.isEmpty { return try packedList(Section.followerStarts, Section.followers, author).count }
        var count = 0
        try forEachReader(of: author) { _ in count += 1 }
        return count
    }

    /// An author's packed post ids, ascending, without what has changed since.
    func packedPosts(of author: Int) throws -> UnsafeBufferPointer<Int64> {
        guard author < packedCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        let bounds = try packed.part(Section.postStarts, author..<author + 2, of: UInt32.self)
        return try packed.part(Section.posts, Int(bounds[0])..<max(Int(bounds[0]), Int(bounds[1])))
    }

    /// An author's post ids in a range, ascending.
    func posts(of author: Int, in range: ClosedRange<Int64>) throws -> [Int64] {
        let packed = try packedPosts(of: author)
        let lower = packed.firstIndex(notBelow: range.lowerBound)
        let upper = range.upperBound == .max ? packed.count : packed.firstIndex(notBelow: range.upperBound + 1)
        let ids = Array(packed[lower..<max(lower, upper)])
        guard let changes = changes.posts[author] else { return ids }
        let added = changes.added.filter(range.contains)
        return Array(Set(ids).union(added).subtracting(changes.removed)).sorted()
    }

    private func packedList(_ starts: Int, _ lists: Int, _ number: Int) throws -> UnsafeBufferPointer<UInt32> {
        guard number < packedCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        let bounds = try packed.part(starts, number..<number + 2, of: UInt32.self)
        return try packed.part(lists, Int(bounds[0])..<max(Int(bounds[0]), Int(bounds[1])))
    }

    /// The place at which the search for an id begins.
    static func hash(_ id: Int64) -> Int { Int(truncatingIfNeeded: Mixing.finalize(UInt64(bitPattern: id)) >> 1) }
}

extension UnsafeBufferPointer<Int64> {
    /// The first place whose number is not below a bound; the numbers ascend.
    func firstIndex(notBelow bound: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
