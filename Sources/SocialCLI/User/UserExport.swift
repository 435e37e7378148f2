// `user export`: what is held about one person, for that person.

internal import CommandSpec
internal import SocialCore

enum UserExport {
    static let handle = Operand("HANDLE", .handle, help: "Whose")
    static let media = Option(
        "media", .directory, configurable: false,
        help: "Write the bytes of the account's uploads into this folder, which is new or empty")

    static let command = Command(
        ["user", "export"], "Print all that is held about an account",
        discussion: """
            An object a line, whatever --format says, always in the same order: person, then in the forms of "social \
            export" the account, its handles, whom it follows, its posts with what they said before, its blocks, \
            mutes and likes, its idempotency keys and its uploads; who follows it; the names of its tokens, and \
            neither these nor their hashes; its preferences, marks and notices; the messages of queues that were \
            pushed for it; its notifications; and how often it, its posts and its uploads were accessed. "social help \
            formats" lists the keys.

            With --media the bytes of its uploads become files, named by id and file name; what is neither a letter, \
            a digit nor one of . _ - becomes _ there. What others hold about the account, such as a block, is theirs.
            """,
        operands: [handle], options: [media],
        examples: [
            Example("social user export ana > ana.ndjson", "Print what is held about ana"),
            Example("social user export ana --media ana.files | jq -r .type | sort | uniq -c", "With her uploads"),
        ],
        exits: [
            ExitStatus(67, "there is no such account"), ExitStatus(73, "the folder is not empty"), UploadNoun.damaged,
            ExitStatus(75, "others keep changing the network"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let account = try network.accounts.named(try session.invocation[handle])
        let held = network.personalExport
        // Nothing is printed of what cannot be given whole.
        if let folder = session.invocation[media] { _ = try held.writeUploads(of: account.id, to: folder) }
        try session.printExport { printer in
            printer.person(account)
            try held.run(account.id, printer.item)
        }
    }
}
