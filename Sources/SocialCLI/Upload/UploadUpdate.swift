// `upload update`: change what is said about an upload.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadUpdate {
    enum ClearableField: String, CaseIterable, Sendable {
        case caption, alt, tags
    }

    static let name = Option("name", .text.named("FILENAME"), configurable: false, help: "Give it this file name")
    static let clear = Option(
        repeating: "clear", .choice(of: ClearableField.self, placeholder: "FIELD"), configurable: false,
        help: "Empty this field: caption, alt or tags")

    static let look = Switch(
        "look", help: "Look at a picture or film that was uploaded with --quick, or while ffmpeg was not installed")

    static let command = Command(
        ["upload", "update"], "Change what is said about an upload",
        discussion: "What is not named stays as it is. With --by, only if it is that account's.",
        operands: [UploadNoun.id],
        options: [UploadNoun.caption, UploadNoun.alt, UploadNoun.tags, name, clear, look, CommonOptions.by],
        examples: [
            Example("social upload update ana/cat.png --alt 'a cat asleep on a sofa'", "Say what is to be seen"),
            Example("social upload update ana/cat.png --tags cats,naps --clear caption", "Change its tags"),
        ],
        fields: UploadOutput.fields + [CommonOutput.changed],
        exits: [
            ExitStatus(65, "a text is too long, or the name can be none"), UploadNoun.missing,
            UploadNoun.noTool, ExitStatus(77, "the upload is someone else's"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let record = try session.upload(try line[UploadNoun.id])
        let updated = try session.change { network in
            let author = try line[CommonOptions.by].map { try network.accounts.named($0).id }
            let isSeen = try line.isOn(look) && network.uploads.look(at: record.id, by: author).isNew
            var updated = try network.uploads.update(record.id, by: author) { content in
                for field in line[clear] {
                    switch field {
                    case .caption: content.caption = nil
                    case .alt: content.alt = nil
                    case .tags: content.tags = nil
                    }
                }
                if let caption = line[UploadNoun.caption] { content.caption = caption }
                if let alt = line[UploadNoun.alt] { content.alt = alt }
                if let name = line[name] { content.name = name }
                if line.isGiven(UploadNoun.tags) { content.tags = Media.tagText(UploadNoun.tags(line)) }
            }
            updated.isNew = updated.isNew || isSeen
            return updated
        }
        for row in try UploadOutput.rows([updated.value], session.network()) {
            try session.print(command.fields, row.cells + [.bool(updated.isNew)])
        }
    }
}
