// The verbs without a noun: what concerns the data directory as a whole.

internal import CommandSpec

enum DirectoryVerbs {
    static let commands = [
        Init.command, Demo.command, Status.command, Verify.command, DigestVerb.command, ExportVerb.command,
        ImportVerb.command, MigrateVerb.command, ServeVerb.command, Batch.command, CompletionVerb.command,
        CompleteVerb.command,
    ]
}
