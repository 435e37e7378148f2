// Short ways to make what the store tests need.

import SocialCore
import TestKit
import Testing

let noon = StoreFixture.now

extension Store {
    /// Makes an account and returns it.
    @discardableResult
    func account(_ name: String, now: Timestamp = noon) throws -> AccountRecord {
        let handle = try Handle(name)
        return try write { try $0.createAccount(AccountDraft(handle: handle), now: now) }.value
    }

    /// Makes a post in its author's slot and returns it.
    @discardableResult
    func post(_ author: UserID, _ text: String, at time: Timestamp? = nil, key: String? = nil) throws -> PostRecord {
        let draft = PostDraft(author: author, slot: author.slot, text: text, time: time, idempotencyKey: key)
        return try write { try $0.createPost(draft, now: noon) }.value
    }

    /// Passes on a post and returns what stands for that.
    @discardableResult
    func repost(_ author: UserID, _ original: PostID) throws -> Creation<PostRecord> {
        let draft = PostDraft(author: author, slot: author.slot, text: "", repostOf: original)
        return try write { try $0.createPost(draft, now: noon) }
    }

    /// Answers a post.
    @discardableResult
    func reply(_ author: UserID, _ text: String, to parent: PostID) throws -> PostRecord {
        let draft = PostDraft(author: author, slot: author.slot, text: text, replyTo: parent)
        return try write { try $0.createPost(draft, now: noon) }.value
    }

    /// All rows, in an order of their own.
    func rows() throws -> [TruthRow] {
        var rows: [TruthRow] = []
        try read { try $0.forEachRow(damaged: { Issue.record("\($0) is damaged") }) { rows.append($0) } }
        return rows.sorted { ($0.digest.high, $0.digest.low) < ($1.digest.high, $1.digest.low) }
    }

    /// What a write must leave as it was when it throws.
    func image() throws -> StoreImage {
        try read { (reader) throws in
            StoreImage(
                state: try reader.state(), slots: try reader.slots().filter { $0.last != 0 },
                events: try reader.events(after: 0, entryLimit: .max), rows: try rows())
        }
    }

    /// Makes sure that the stored count and sum are those of the rows.
    func expectSums(_ location: SourceLocation = #_sourceLocation) throws {
        let rows = try rows()
        let state = try read { try $0.state() }
        #expect(state.rows == Int64(rows.count), sourceLocation: location)
        #expect(state.sum == rows.reduce(0) { $0 &+ $1.sumShare }, sourceLocation: location)
    }
}

/// Makes sure that every window of a list is read as the list says, from both ends, in pages of every size.
///
/// - Parameter bounds: keys, in the list or not, between which windows are tried.
func expectPages<Item: Equatable, Key: Comparable & Sendable>(
    _ list: [Item], key: (Item) -> Key, bounds: [Key], _ location: SourceLocation = #_sourceLocation,
    _ read: (Page<Key>) throws -> [Item]
) throws {
    for limit in [0, 1, 2, 5, Int.max] {
        for after in [nil] + bounds.map(Optional.some) {
            for before in [nil] + bounds.map(Optional.some) {
                let window = list.filter { item in
                    (after.map { key(item) > $0 } ?? true) && (before.map { key(item) < $0 } ?? true)
                }
                let isFromEnd = after == nil && before != nil
                let expected = Array(isFromEnd ? window.suffix(limit) : window.prefix(limit))
                let found = try read(Page(after: after, before: before, limit: limit))
                #expect(found == expected, "limit \(limit)", sourceLocation: location)
            }
        }
    }
}

/// All that a source holds.
struct StoreImage: Equatable {
    var state: SourceState
    var slots: [SlotRecord]
    var events: [Event]
    var rows: [TruthRow]
}

/// The code of the refusal that a block ends with; nil when it ends well.
func refusal(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as any RoomError { return error.codeName } catch { return "\(error)" }
}

/// Stands for any failure of a command between its operations.
struct Interruption: Error {}

extension RoomError {
    /// The stable name of the code.
    fileprivate var codeName: String { code.rawValue }
}
