// The verbs of `analytics`, and what they have in common: which accesses a question is about.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum AnalyticsNoun {
    static let commands = [
        AnalyticsRecord.command, AnalyticsImport.command, AnalyticsCount.command, AnalyticsTop.command,
        AnalyticsSeries.command, AnalyticsUniques.command, AnalyticsStatusVerb.command, AnalyticsPrune.command,
        AnalyticsExport.command,
    ]

    static let kind = Option(
        repeating: "kind", .accessKind,
        help: "Only accesses of this kind, such as view, download or like; several may be named")
    static let type = Option(
        repeating: "type",
        .choice("post", "user", "media", "video", "rendition", "tag", "search", "path", placeholder: "TYPE"),
        help: "Only resources of this type; several may be named")
    static let resource = Option(
        repeating: "resource", .resource, configurable: false, help: "Only this resource; several may be named")
    static let author = Option(
        "author", .handle, help: "Only the posts, uploads and films of this account, and its profile")
    static let audience = Option(
        "audience", .choice("people", "bots", "all", placeholder: "WHO"), default: "all",
        help: "Only accesses by people, or only by bots")
    static let since = Option("since", .zonedMoment, help: "Only accesses from then on; a date begins in the time zone")
    static let until = Option("until", .zonedMoment, help: "Only accesses before then")
    static let zone = Option(
        "tz", .text.named("ZONE"), default: "UTC",
        help: "Begin dates and days there: a name such as Europe/Lisbon, local, or an offset such as +02:00")
    static let compare = Option(
        "compare", .choice("previous", placeholder: "WHAT"),
        help: "Tell also what was in the time of the same length just before")

    /// The options of every question.
    static let filters: [any OptionDeclaring] = [kind, type, author, audience, since, until, zone]

    /// What is wrong with what a question names.
    static let missing = ExitStatus(67, "there is no such account or upload")
    /// That a name cannot be understood.
    static let misnamed = ExitStatus(64, "a resource, kind or time zone is none, or --compare has no --since")

    /// What counts without `--kind`, in words.
    static let defaultKinds = """
        Without --kind what counts is that something was looked at: view, profile-view of accounts, start of films \
        and search of words; of renditions, if they are asked for, segment.
        """
}

extension ValueType where Value == AccessKind {
    /// A kind of access.
    static var accessKind: ValueType<AccessKind> {
        ValueType(
            .custom("access-kind"), placeholder: "KIND", expecting: "a word of a-z, 0-9 and - such as view",
            format: \.name
        ) { (word) throws(ValueError) in
            guard let kind = AccessKind(word) else { throw ValueError() }
            return kind
        }
    }
}

/// A time as it was written: a moment, or a date, which begins where the time zone says.
enum ZonedMoment: Sendable {
    case moment(Moment)
    /// The milliseconds at which the date begins in UTC.
    case date(Int64)
}

extension ValueType where Value == ZonedMoment {
    /// RFC 3339, a date, or an age such as `24h`.
    static var zonedMoment: ValueType<ZonedMoment> {
        let moment = ValueType<Moment>.moment
        return ValueType<ZonedMoment>(.time, placeholder: "TIME", expecting: moment.expectation) {
            (word) throws(ValueError) in
            let parsed = try moment.parse(word)
            guard case .absolute(let time) = parsed, word.utf8.count == 10 else { return .moment(parsed) }
            return .date(time.milliseconds)
        }
    }
}
