// The verbs of `backup`: copies of one moment that outlive the disk.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupNoun {
    static let commands = [
        BackupCreate.command, BackupList.command, BackupVerify.command, BackupRestore.command, BackupPrune.command,
    ]

    static let place = Operand("DIR", .directory, help: "Where backups are kept, best on another disk")
    static let missing = ExitStatus(66, "there are no backups")
    static let unknown = ExitStatus(67, "there is no such backup")

    static let fields = [
        Field("backup", .string, "its name: the moment that it shows"), Field("created_at", .time, "the moment"),
        Field("digest", .string, "what \"social digest\" prints of what it holds"),
        Field("rows", .integer, "rows of truth"), Field("files", .integer, "files of truth and records"),
        Field("objects", .integer, "pictures, films and other files"),
        Field("bytes", .integer, "bytes of all of that"),
    ]

    static func cells(_ record: BackupRecord) -> [Cell] {
        [
            .text(record.id), .time(record.createdAt.text), .text(record.digest), .integer(Int64(record.rows)),
            .integer(Int64(record.files.count)), .integer(Int64(record.objects.count)),
            .integer(Int64(record.sizeBytes)),
        ]
    }
}
