// `video-segment list`: the uploads that were cut, newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum VideoSegmentList {
    static let by = Option("by", .handle, help: "Only this account's films")
    static let paging = Paging(.mediaID, .descending)

    static let command = Command(
        ["video-segment", "list"], "List films that were cut, newest first", options: [by] + paging.options,
        groups: [paging.group],
        examples: [
            Example("social video-segment list --by ana", "Print ana's films"),
            Example("social video-segment list --json | jq 'map(.bytes) | add'", "Sum up their sizes"),
        ],
        fields: FilmOutput.fields + [CommonOutput.cursor], exits: [ExitStatus(67, "there is no such account")],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let author = try line[by].map { try network.accounts.named($0).id }
        try session.printList(command.fields) { emit in
            func fetch(_ page: Page<MediaID>) throws -> [MediaRecord] {
                let last = page.after.map { $0.rawValue - 1 } ?? .max
                let first = max(page.before.map { $0.rawValue + 1 } ?? 1, 1)
                guard first <= last else { return [] }
                return try network.media.page(
                    by: author, in: MediaID(rawValue: first)...MediaID(rawValue: last), limit: page.limit,
                    fromOldest: page.takesEnd)
            }
            try paging.forEach(
                line, in: paging.window(line), at: \.id, fetch: fetch,
                select: { $0.filter { $0.content.segmentation != nil } }
            ) { records in
                let authors = try network.accounts.records(of: records.map(\.author))
                for (record, author) in zip(records, authors) {
                    let film = try network.films.film(of: record)
                    let cells = FilmOutput.cells(film, record: record, author: author?.handle.display)
                    guard try emit(cells + [.text(record.id.description)]) else { return false }
                }
                return true
            }
        }
    }
}
