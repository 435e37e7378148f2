// `follow import`: an edge list becomes follows.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowImportVerb {
    static let file = Operand("FILE", .fileOrDash, help: "An edge list, which may be compressed with gzip")
    static let undirected = Switch("undirected", help: "Each line means both directions")
    static let prefix = Option("prefix", .text, default: "", help: "Put this before each name")
    static let createUsers = Switch("create-users", help: "Make the accounts that are missing")

    static let command = Command(
        ["follow", "import"], "Import an edge list",
        discussion: """
            Reads the lists of SNAP and Network Repository: two names a line, separated by blanks or a comma; lines \
            that begin with # or % are comments, and a heading is recognised. The whole file is checked before the \
            first edge is written, so a bad line changes nothing. Edges that are there stay as they are: an import \
            that was stopped is simply repeated.
            """,
        operands: [file], options: [undirected, prefix, createUsers] + ImportOptions.all,
        examples: [
            Example("printf '1 2\\n2 3\\n' | social follow import - --prefix u --create-users", "Import two follows"),
            Example(
                "printf 'ana bob\\nana ana\\n' | social follow import - --rejects bad.txt || cat bad.txt.reasons",
                "Import what can be imported, and see what cannot"),
        ],
        fields: [
            Field("edges", .integer, "edges in the file, counted in both directions when undirected"),
            Field("added", .integer, "edges that are new"), Field("users_created", .integer, "accounts that were made"),
            ImportOptions.rejected, CommonOutput.changed,
        ], exits: [ImportOptions.exit], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        var work = FollowImport(
            isUndirected: line.isOn(undirected), prefix: line[prefix], createsAccounts: line.isOn(createUsers))
        if let size = line[ImportOptions.batchSize] { work.batchRows = size }
        let network = try session.network()
        let (summary, rejected) = try session.importing(source) {
            try work.run(session.input(of: source), $0, accounts: network.accounts, graph: network.graph)
        }
        let isChanged = summary.added > 0 || summary.accountsCreated > 0
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(summary.edges)), .integer(Int64(summary.added)),
                .integer(Int64(summary.accountsCreated)), rejected, .bool(isChanged),
            ])
    }
}
