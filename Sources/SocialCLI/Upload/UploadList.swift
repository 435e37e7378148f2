// `upload list`: what was uploaded, newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadList {
    static let by = Option("by", .handle, help: "Only this account's uploads")
    static let kind = Option("kind", .choice(of: MediaKind.self), help: "Only images, films or other files")
    static let tag = Option("tag", .tag, help: "Only uploads with this tag, with or without #")
    static let paging = Paging(.mediaID, .descending)

    static let command = Command(
        ["upload", "list"], "List uploads, newest first",
        options: [by, kind, tag, CommonOptions.since, CommonOptions.until] + paging.options, groups: [paging.group],
        examples: [
            Example("social upload list --by ana --limit 5", "Print ana's five newest uploads"),
            Example("social upload list --json | jq 'map(.bytes) | add'", "Sum up their sizes"),
        ],
        fields: UploadOutput.fields + [CommonOutput.cursor],
        exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let author = try line[by].map { try network.accounts.named($0).id }
        let tag = line[tag].map { ($0.hasPrefix("#") ? String($0.dropFirst()) : $0).lowercased() }
        let range = CommonOptions.range(session)
        try session.printList(command.fields) { emit in
            guard let range else { return }
            func fetch(_ page: Page<MediaID>) throws -> [MediaRecord] {
                let last = min(range.upperBound.rawValue, page.after.map { $0.rawValue - 1 } ?? .max)
                let first = max(range.lowerBound.rawValue, page.before.map { $0.rawValue + 1 } ?? 1, 1)
                guard first <= last else { return [] }
                return try network.media.page(
                    by: author, in: MediaID(rawValue: first)...MediaID(rawValue: last), limit: page.limit,
                    fromOldest: page.takesEnd)
            }
            func isSelected(_ record: MediaRecord) -> Bool {
                if let tag, !record.content.tagList.contains(tag) { return false }
                return line[kind].map { $0 == MediaKind(record.content.type) } ?? true
            }
            try paging.forEach(
                line, in: paging.window(line), at: \.id, fetch: fetch, select: { $0.filter(isSelected) }
            ) { records in
                for row in try UploadOutput.rows(records, network) {
                    guard try emit(row.cells + [.text(row.record.id.description)]) else { return false }
                }
                return true
            }
        }
    }
}
