// Options that mean the same in every verb that has them.

internal import CommandSpec
internal import SocialCore

/// Options that several verbs share.
enum CommonOptions {
    /// Who acts.
    static let by = Option("by", .handle, environment: "SOCIAL_USER", help: "Act as this account")
    /// How many rows of a ranked list.
    static let limit = Option(
        "limit", short: "n", .integer(in: 1...Int.max), default: 20, environment: "SOCIAL_LIMIT",
        help: "Print at most so many")
    /// How many rows of a list that is otherwise printed whole.
    static let listLimit = Option(
        "limit", short: "n", .integer(in: 1...Int.max), environment: "SOCIAL_LIMIT",
        help: "Print at most so many; otherwise all")
    /// No limit.
    static let all = Switch("all", help: "Print all there are")

    /// How many rows a line asks for at most.
    static func limit(_ line: Invocation, isRanked: Bool = true) -> Int {
        if line.isOn(all) { return .max }
        return isRanked ? line[limit] : line[listLimit] ?? .max
    }

    /// From when on posts are listed.
    static let since = Option("since", .moment, help: "Only posts from then on")
    /// Up to when.
    static let until = Option("until", .moment, help: "Only posts before then")

    /// The posts of the time that a line names; nil when there can be none.
    static func range(_ session: Session) -> ClosedRange<PostID>? {
        func bound(_ option: Option<Moment?>) -> Int64? {
            session.invocation[option].map { IdentityLayout.firstIdentifier(at: $0.resolved(at: session.now)) }
        }
        let first = bound(since) ?? 0
        let end = bound(until) ?? .max
        return end > first ? PostID(rawValue: first)...PostID(rawValue: end - 1) : nil
    }

    /// Names the command, so that a repetition is recognised.
    static let idempotencyKey = Option(
        "idempotency-key", .text.named("KEY"), configurable: false,
        help: "Return the first result when the same command comes again under this key")
}
