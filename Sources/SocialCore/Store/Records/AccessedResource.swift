// What is accessed: a thing of the network, or any path that a web server has served.

/// What a resource is, as far as its name tells.
package enum ResourceType: UInt8, CaseIterable, Sendable {
    // The raw values are stored.
    case path = 0
    case post = 1
    case user = 2
    case media = 3
    case video = 4
    case tag = 5
    case search = 6
    case rendition = 7

    /// The word for it.
    package var name: String { "\(self)" }
}

/// The name of something that is accessed: `post/ID`, `user/ID`, `media/ID`, `video/ID`, `tag/NAME`, `search/WORDS`,
/// or a path.
///
/// Accounts are stored by their ids, because handles change.
package struct AccessedResource: Hashable, Comparable, Sendable {
    /// The name.
    package let name: String

    /// A resource by its name; nil when it is empty, too long, or holds control characters.
    package init?(_ name: String) {
        let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard !name.isEmpty, isPlain, name.utf8.count <= Limits.resourceBytes else { return nil }
        self.name = name
    }

    private init(known name: String) { self.name = name }

    /// What was asked for without a name that could be kept.
    package static let unnamed = AccessedResource(known: "-")
    /// A post.
    package static func post(_ id: PostID) -> AccessedResource { AccessedResource(known: "post/\(id.rawValue)") }
    /// An account.
    package static func user(_ id: UserID) -> AccessedResource { AccessedResource(known: "user/\(id.rawValue)") }
    /// An upload.
    package static func media(_ id: MediaID) -> AccessedResource { AccessedResource(known: "media/\(id.rawValue)") }
    /// A film that was cut.
    package static func video(_ id: MediaID) -> AccessedResource { AccessedResource(known: "video/\(id.rawValue)") }
    /// One quality of a film.
    package static func rendition(_ id: MediaID, _ name: String) -> AccessedResource? {
        AccessedResource("video/\(id.rawValue)/\(name)")
    }
    /// A tag, without its `#`; nil when it is too long.
    package static func tag(_ name: String) -> AccessedResource? { AccessedResource("tag/\(name.lowercased())") }
    /// What was searched for; nil when that is empty or too long.
    package static func search(_ query: String) -> AccessedResource? {
        let words = query.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.isEmpty ? nil : AccessedResource("search/\(words)")
    }

    /// What it is.
    package var type: ResourceType {
        let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts[1].isEmpty else { return .path }
        let isNumbered = identity != nil
        switch (parts[0], parts.count) {
        case ("post", 2) where isNumbered: return .post
        case ("user", 2) where isNumbered: return .user
        case ("media", 2) where isNumbered: return .media
        case ("video", 2) where isNumbered: return .video
        case ("video", 3) where isNumbered: return .rendition
        case ("tag", 2): return .tag
        case ("search", _): return .search
        default: return .path
        }
    }

    /// The id in the name; nil when there is none.
    package var identity: Int64? {
        let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let number = Int64(parts[1]), number > 0 else { return nil }
        return number
    }

    /// By name.
    package static func < (left: AccessedResource, right: AccessedResource) -> Bool { left.name < right.name }
}

/// Who accesses: people, or programs that say so.
package enum Audience: UInt8, CaseIterable, Sendable {
    // The raw values are stored.
    case people = 0
    case bots = 1
}
