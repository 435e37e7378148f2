// `backup verify`: whether backups could be restored.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupVerify {
    static let backup = Option("backup", .text.named("BACKUP"), configurable: false, help: "Only this one")

    static let command = Command(
        ["backup", "verify"], "Read everything that backups need, and hash it",
        discussion: "Prints what is damaged or missing, if anything is.",
        operands: [BackupNoun.place], options: [backup],
        examples: [Example("social backup verify backups && echo 'all right'", "Check all backups")],
        fields: [Field("message", .string, "what was found")],
        exits: [ExitStatus(1, "something was found"), BackupNoun.missing, BackupNoun.unknown],
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let place = try session.absolute(session.invocation[BackupNoun.place])
        let backups = Backups(in: place, context: session.context)
        let problems = try backups.problems(of: session.invocation[backup])
        try session.printList(command.fields) { emit in
            for problem in problems where try !emit([.text(problem)]) { return }
        }
        if !problems.isEmpty { session.exit = ExitTable.no }
    }
}
