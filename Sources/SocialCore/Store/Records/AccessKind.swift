// What somebody did with a resource. The names are data, not code: whoever counts something else names it.

/// A kind of access.
package struct AccessKind: Hashable, Comparable, Sendable {
    /// A lower-case word such as `view`.
    package let name: String

    private init(known name: String) { self.name = name }

    /// A kind by its name; nil unless that is a word of `a–z 0–9 -` that begins with a letter, of at most 32 bytes.
    package init?(_ name: String) {
        let bytes = Array(name.utf8)
        let isLetter = bytes.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
        let isWord = bytes.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
        guard isLetter, isWord, bytes.count <= Limits.accessKindBytes else { return nil }
        self.name = name
    }

    /// A page, a post or a picture was looked at.
    package static let view = AccessKind(known: "view")
    /// A file was fetched to be kept.
    package static let download = AccessKind(known: "download")
    /// A post was shown in a feed.
    package static let impression = AccessKind(known: "impression")
    /// Somebody liked a post.
    package static let like = AccessKind(known: "like")
    /// Somebody looked at an account's profile.
    package static let profileView = AccessKind(known: "profile-view")
    /// Something was searched for.
    package static let search = AccessKind(known: "search")
    /// A segment of one quality of a film was fetched; its amount is the time that it plays, in milliseconds.
    package static let segment = AccessKind(known: "segment")
    /// A film was begun.
    package static let start = AccessKind(known: "start")
    /// Any segment of a film was fetched; its amount is the time that it plays, in milliseconds.
    package static let watch = AccessKind(known: "watch")
    /// The last segment of a film was fetched.
    package static let completion = AccessKind(known: "completion")
    /// A server sent the client elsewhere.
    package static let redirect = AccessKind(known: "redirect")
    /// A server refused, or failed.
    package static let error = AccessKind(known: "error")
    /// A request that reads nothing: a change, a question about a resource, or what is no request at all.
    package static let other = AccessKind(known: "other")

    /// The kinds that the program itself counts, in the order in which they are listed.
    package static let known = [
        view, download, impression, like, profileView, search, segment, start, watch, completion, redirect, error,
        other,
    ]

    /// By name.
    package static func < (left: AccessKind, right: AccessKind) -> Bool { left.name < right.name }
}
