// `upload delete`: remove an upload, and its bytes when nothing else refers to them.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadDelete {
    static let command = Command(
        ["upload", "delete"], "Delete an upload",
        discussion: """
            Posts that show it go on without it. The bytes go too, unless another upload has the same; what cannot be \
            removed at once is left to "upload gc". With --by, only if it is that account's.
            """,
        operands: [UploadNoun.id], options: [CommonOptions.by],
        examples: [Example("social upload delete ana/cat.png --by ana", "Delete ana's newest cat.png")],
        fields: [Field("id", .string, "the upload's id"), CommonOutput.changed],
        exits: [UploadNoun.missing, ExitStatus(77, "the upload is someone else's")],
        isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        // An id can be deleted twice; by a name nobody is found the second time.
        let reference = try line[UploadNoun.id]
        let id: MediaID
        if case .id(let named) = reference { id = named } else { id = try session.upload(reference).id }
        try session.confirm("delete upload \(id) for ever?")
        let removed = try session.change { network in
            let author = try line[CommonOptions.by].map { try network.accounts.named($0).id }
            return try network.uploads.delete(id, by: author)
        }
        try session.print(command.fields, [.id(id.description), .bool(removed != nil)])
    }
}
