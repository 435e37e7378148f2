// The kinds of value that this program adds to those of the parser: handles, ids and points in time.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// A point in time as it was written: absolute, or an age that the clock of the run turns into one.
enum Moment: Sendable {
    case absolute(Timestamp)
    case age(milliseconds: Int64)

    /// The point in time that is meant.
    func resolved(at now: Timestamp) -> Timestamp {
        switch self {
        case .absolute(let time): time
        case .age(let age): now.advanced(byMilliseconds: -age)
        }
    }
}

extension ValueType where Value == Handle {
    /// A handle, with or without `@`.
    static var handle: ValueType<Handle> {
        ValueType(.custom("handle"), placeholder: "HANDLE", expecting: "a handle", format: \.display) {
            (word) throws(ValueError) in
            do { return try Handle(word) } catch { throw ValueError("\(error)") }
        }
    }
}

/// An account as it was named: by a handle, or by its id, which is all that is left of one that was erased.
enum AccountReference: Sendable {
    case handle(Handle)
    case id(UserID)
}

extension ValueType where Value == AccountReference {
    /// A handle, or the id of an account.
    static var account: ValueType<AccountReference> {
        ValueType(.custom("handle"), placeholder: "HANDLE", expecting: "a handle or the id of an account") {
            (word) throws(ValueError) in
            if let id = UserID(decimal: word) { return .id(id) }
            return .handle(try ValueType<Handle>.handle.parse(word))
        }
    }
}

extension ValueType where Value == String {
    /// The key of a handle: the cursor of lists of accounts in the order of their handles.
    static var handleKey: ValueType<String> {
        ValueType(.custom("handle"), placeholder: "HANDLE", expecting: "a handle") { (word) throws(ValueError) in
            try ValueType<Handle>.handle.parse(word).key
        }
    }
}

extension ValueType where Value == String {
    /// A tag, with or without `#`.
    static var tag: ValueType<String> {
        ValueType(.custom("tag"), placeholder: "TAG", expecting: "a tag") { (word) throws(ValueError) in word }
    }
}

extension ValueType where Value: EntityIdentifier {
    fileprivate static func identifier(_ kind: String, _ expectation: String) -> ValueType<Value> {
        ValueType(.custom(kind), placeholder: "ID", expecting: expectation) { (word) throws(ValueError) in
            guard let id = Value(decimal: word) else { throw ValueError("ids are decimal numbers") }
            return id
        }
    }
}

extension ValueType where Value == UserID {
    /// The id of an account.
    static var user: ValueType<UserID> { identifier("user", "the id of an account") }
}

extension ValueType where Value == PostID {
    /// The id of a post.
    static var post: ValueType<PostID> { identifier("post", "the id of a post") }
}

extension ValueType where Value == EntityID {
    /// The id of an account or a post.
    static var entity: ValueType<EntityID> { identifier("post", "the id of an account or a post") }
}

extension ValueType where Value == FeedCursor {
    /// What `feed show` prints as the cursor of an item.
    static var feedCursor: ValueType<FeedCursor> {
        ValueType(
            .custom("post"), placeholder: "CURSOR", expecting: "the id of a post or another cursor of a feed"
        ) { (word) throws(ValueError) in
            guard let cursor = FeedCursor(word) else { throw ValueError() }
            return cursor
        }
    }
}

extension ValueType where Value == FeedTail.Position {
    /// What `feed watch` prints as the cursor of an item, or the id of a post.
    static var feedPosition: ValueType<FeedTail.Position> {
        ValueType(
            .custom("post"), placeholder: "CURSOR", expecting: "a cursor of \"feed watch\" or the id of a post"
        ) { (word) throws(ValueError) in
            guard let position = FeedTail.Position(word) else { throw ValueError() }
            return position
        }
    }
}

/// A post as it was named: by its id, or by the idempotency key of the command that made it.
enum PostReference: Sendable {
    case id(PostID)
    case key(String)
}

extension ValueType where Value == PostReference {
    /// The id of a post, or `key:KEY`.
    static var postReference: ValueType<PostReference> {
        ValueType(
            .custom("post"), placeholder: "ID", expecting: "the id of a post or key:KEY"
        ) { (word) throws(ValueError) in
            if word.hasPrefix("key:") { return .key(String(word.dropFirst(4))) }
            guard let id = PostID(decimal: word) else { throw ValueError("ids are decimal numbers") }
            return .id(id)
        }
    }
}

extension Session {
    /// The id of a post that was named; a key belongs to the account that acts.
    func postID(_ reference: PostReference) throws -> PostID {
        switch reference {
        case .id(let id): return id
        case .key(let key): return try network().posts.named(key: key, of: actor().id)
        }
    }

    /// The account that acts: `--by` or `SOCIAL_USER`.
    func actor() throws -> AccountRecord {
        let handle = try required(invocation[CommonOptions.by], "--by", "SOCIAL_USER")
        return try network().accounts.named(handle)
    }
}

extension ValueType where Value == Moment {
    /// RFC 3339, a date, or an age such as `24h`.
    static var moment: ValueType<Moment> {
        ValueType(
            .time, placeholder: "TIME", expecting: "a time such as 2026-01-02, 2026-01-02T03:04:05Z or 24h",
            format: { "\($0)" }
        ) { (word) throws(ValueError) in
            if let age = DurationText.parse(word) { return .age(milliseconds: age) }
            let milliseconds: Int64
            do throws(DataError) { milliseconds = try RFC3339.parse(word) } catch {
                // What is wrong from the first letter on is simply no time; otherwise the caret shows how far it is
                // one.
                if error.column == 1 { throw ValueError() }
                let end = word.unicodeScalars.count
                throw ValueError(error.message, at: min(error.column - 1, end)..<max(error.column, end))
            }
            return .absolute(Timestamp(milliseconds: milliseconds))
        }
    }
}

extension ValueType where Value == String {
    /// A field of what the command prints, which only the command can check.
    static var field: ValueType<String> {
        ValueType(.custom("field"), placeholder: "FIELD", expecting: "a field", format: { $0 }) {
            (word) throws(ValueError) in word
        }
    }
}
