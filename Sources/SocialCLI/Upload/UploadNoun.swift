// The verbs of `upload`, and what they have in common.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadNoun {
    static let commands = [
        UploadPut.command, UploadShow.command, UploadList.command, UploadGet.command, UploadUpdate.command,
        UploadSimilar.command, UploadVerify.command, UploadDelete.command, UploadGC.command,
    ]

    static let id = Operand("ID", .media, help: "Which upload: its id, HANDLE/FILENAME, its hash or key:KEY")

    static let caption = Option("caption", .text, configurable: false, help: "Say what it is about")
    static let alt = Option(
        "alt", .text, configurable: false, help: "Say what is to be seen, for those who do not see it")
    static let tags = Option(
        repeating: "tags", .text.named("TAG,TAG"), configurable: false, help: "Give it these tags, with or without #")

    /// The tags of a line, each by itself.
    static func tags(_ line: Invocation) -> [String] {
        line[tags].flatMap { $0.split { $0 == "," || $0.isWhitespace } }.map(String.init)
    }

    /// That there is no such upload.
    static let missing = ExitStatus(67, "there is no such upload or account")
    /// That a program is missing.
    static let noTool = ExitStatus(69, "ffmpeg, which decodes this kind of file, is not installed")
    /// That bytes are damaged.
    static let damaged = ExitStatus(74, "the bytes are damaged or gone in every place")
}

/// The fields and cells of uploads.
enum UploadOutput {
    static let fields = [
        Field("id", .string, "the upload's id"), Field("author", .string, "the handle of who uploaded it, without @"),
        Field("name", .string, "the file name; AUTHOR/NAME finds the newest of that name"),
        Field("type", .string, "the media type, by the content"), Field("bytes", .integer, "its size"),
        Field("width", .integer, nullable: true, "pixels from left to right, as it is shown"),
        Field("height", .integer, nullable: true, "pixels from top to bottom"),
        Field("frames", .integer, nullable: true, "how many pictures follow one another"),
        Field("duration_ms", .integer, nullable: true, "how long it moves or sounds"),
        Field("caption", .string, nullable: true, "what it is about"),
        Field("alt", .string, nullable: true, "what is to be seen"), Field("tags", .array, "its tags, without #"),
        Field("created_at", .time, "when it was uploaded"),
        Field("object", .string, "the SHA-256 of its bytes, under which they are kept"),
        Field("colour", .string, nullable: true, "the average colour of the picture"),
        Field("blur", .string, nullable: true, "a placeholder: the picture in 32 letters, blurred"),
    ]

    static func cells(_ record: MediaRecord, _ author: String) -> [Cell] {
        let content = record.content
        return [
            .id(record.id.description), .text(author), .text(content.name), .text(content.type),
            .integer(content.sizeBytes), .integer(orNull: content.width), .integer(orNull: content.height),
            .integer(orNull: content.frames), .integer(orNull: content.durationMilliseconds),
            .text(orNull: content.caption), .text(orNull: content.alt), .list(content.tagList),
            .time(record.id.time.text), .text(content.object.description),
            .text(orNull: content.look.map { MediaRecord.Look.text(ofColour: $0.colour) }),
            .text(orNull: content.look?.blur),
        ]
    }

    /// The cells of many uploads; those whose author is gone are left out.
    static func rows(_ records: [MediaRecord], _ network: Network) throws -> [(record: MediaRecord, cells: [Cell])] {
        var ids: [UserID] = []
        for id in records.map(\.author).sorted() where id != ids.last { ids.append(id) }
        let accounts = try network.accounts.records(of: ids)
        return records.compactMap { record in
            guard let place = ids.firstIndex(of: record.author), let account = accounts[place] else { return nil }
            return (record, cells(record, account.handle.display))
        }
    }
}

extension Cell {
    /// A number, or null.
    static func integer(orNull number: Int64?) -> Cell { number.map { .integer($0) } ?? .null }
}
