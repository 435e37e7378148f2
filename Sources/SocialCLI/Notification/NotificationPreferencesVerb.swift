// `notification preferences`: what an account wants to be told.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum NotificationPreferencesVerb {
    /// What is muted, as it was named.
    enum Muted: Sendable {
        case post(PostID)
        case user(Handle)
    }

    static let turnsOn = Option(
        repeating: "on", .choice(of: NotificationKind.self, placeholder: "KIND"), configurable: false,
        help: "Tell this kind")
    static let turnsOff = Option(
        repeating: "off", .choice(of: NotificationKind.self, placeholder: "KIND"), configurable: false,
        help: "Tell this kind no longer")
    static let mute = Option(
        repeating: "mute", .muted, configurable: false,
        help: "Tell nothing of post/ID and its answers, or of user/HANDLE")
    static let unmute = Option(repeating: "unmute", .muted, configurable: false, help: "End that")

    static let command = Command(
        ["notification", "preferences"], "Show or change what an account is told",
        discussion: """
            Without options it shows what holds. All kinds are on but post: the posts of followed accounts with more \
            than feed.push-limit followers. What is off is left out when notifications are read, so that turning it \
            on again shows what has happened meanwhile.

            Muting a post leaves out what is done to it and to its answers. Muting an account here leaves its posts \
            in the feed; "follow mute" takes them out of both.
            """,
        operands: [NotificationNoun.handle], options: [turnsOn, turnsOff, mute, unmute],
        examples: [
            Example("social notification preferences ana --off like --on post", "Tell ana of posts and not of likes"),
            Example("social notification preferences ana --mute user/bob", "Tell ana nothing of bob"),
        ],
        fields: [
            Field("handle", .string, "whose preferences"), Field("on", .array, "the kinds that are told"),
            Field("off", .array, "the kinds that are not"),
            Field("muted", .array, "posts and accounts of which nothing is told"), CommonOutput.changed,
        ], exits: [ExitStatus(67, "there is no such account or post")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[NotificationNoun.handle])
        let muted = try line[mute].map { try target($0, network, mustExist: true) }
        let unmuted = try line[unmute].map { try target($0, network, mustExist: false) }
        let found = try network.notifications.setPreferences(of: reader.id) { preferences in
            preferences.kinds.formUnion(line[turnsOn])
            preferences.kinds.subtract(line[turnsOff])
            for target in muted {
                switch target {
                case .post(let id): preferences.mutedPosts.insert(id)
                case .user(let id): preferences.mutedAccounts.insert(id)
                }
            }
            for target in unmuted {
                switch target {
                case .post(let id): preferences.mutedPosts.remove(id)
                case .user(let id): preferences.mutedAccounts.remove(id)
                }
            }
        }
        let kinds = NotificationKind.allCases.map(\.rawValue)
        let on = Set(found.value.kinds.map(\.rawValue))
        let posts = found.value.mutedPosts.sorted().map { "post/\($0)" }
        let accounts = try network.accounts.records(of: found.value.mutedAccounts.sorted())
        let users = accounts.compactMap { $0.map { "user/\($0.handle)" } }
        try session.print(
            command.fields,
            [
                .text(reader.handle.display), .list(kinds.filter(on.contains)),
                .list(kinds.filter { !on.contains($0) }), .list(posts + users), .bool(found.isNew),
            ])
    }

    private enum Target {
        case post(PostID)
        case user(UserID)
    }

    private static func target(_ muted: Muted, _ network: Network, mustExist: Bool) throws -> Target {
        switch muted {
        case .user(let handle): .user(try network.accounts.named(handle).id)
        case .post(let id): .post(mustExist ? try network.posts.named(id).id : id)
        }
    }
}

extension ValueType where Value == NotificationPreferencesVerb.Muted {
    /// A post or an account.
    static var muted: ValueType<NotificationPreferencesVerb.Muted> {
        ValueType(
            .custom("resource"), placeholder: "post/ID|user/HANDLE", expecting: "post/ID or user/HANDLE"
        ) { (word) throws(ValueError) in
            if word.hasPrefix("post/"), let id = PostID(decimal: word.dropFirst(5)) { return .post(id) }
            if word.hasPrefix("user/"), let handle = try? Handle(String(word.dropFirst(5))) { return .user(handle) }
            throw ValueError()
        }
    }
}
