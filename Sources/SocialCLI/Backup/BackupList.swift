// `backup list`: which backups there are.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupList {
    static let command = Command(
        ["backup", "list"], "List the backups in a folder, the oldest first", operands: [BackupNoun.place],
        examples: [Example("social backup list backups --fields backup,bytes", "Which backups there are")],
        fields: BackupNoun.fields, exits: [BackupNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let place = try session.absolute(session.invocation[BackupNoun.place])
        let records = try Backups(in: place, context: session.context).list()
        try session.printList(command.fields) { emit in
            for record in records where try !emit(BackupNoun.cells(record)) { return }
        }
    }
}
