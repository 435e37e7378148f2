// `search rebuild`: make the search indexes again from the truth.

internal import CommandSpec
internal import SocialCore
internal import Terminal

enum SearchRebuild {
    static let command = Command(
        ["search", "rebuild"], "Make the search indexes again from the truth",
        discussion: """
            Nothing needs this, since searching makes what is missing; but the first search after a large import is \
            faster when this has come before. While another process writes an index it waits for --lock-wait, then \
            exits with 75.
            """,
        examples: [
            Example("social search rebuild", "Index everything again"),
            Example("0 4 * * 0 social --data /srv/social search rebuild -q", "The same from cron, silently"),
        ], fields: SearchStatus.fields, exits: [ExitStatus(75, "another process is writing an index")],
        isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let rows = try session.network().search.rebuild()
        if session.isQuiet { return }
        try SearchStatus.print(session, rows)
        let counts = SearchSource.allCases.map { source in
            let count = rows.reduce(0) { $0 + ($1.source == source ? $1.documents : 0) }
            return "\(count.grouped) \(source.rawValue)"
        }
        let list = "\(counts.dropLast().joined(separator: ", ")) and \(counts.last ?? "")"
        try session.note("indexed \(list)")
    }
}
