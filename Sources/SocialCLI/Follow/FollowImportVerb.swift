// `follow import`: an edge list becomes follows.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowImportVerb {
    static let file = Operand("FILE", .fileOrDash, help: "An edge list: two names a line, by blanks or a comma")
    static let undirected = Switch("undirected", help: "Each line means both directions")
    static let prefix = Option("prefix", .text, default: "", help: "Put this before each name")
    static let createUsers = Switch("create-users", help: "Make the accounts that are missing")

    static let command = Command(
        ["follow", "import"], "Import an edge list",
        discussion: """
            Reads the lists of SNAP and Network Repository: two names a line, separated by blanks or a comma; lines \
            that begin with # or % are comments, and a heading is recognised. The whole file is checked before the \
            first edge is written, so a bad line changes nothing.
            """,
        operands: [file], options: [undirected, prefix, createUsers],
        examples: [
            Example("printf '1 2\\n2 3\\n' | social follow import - --prefix u --create-users", "Import two follows")
        ],
        fields: [
            Field("edges", .integer, "edges in the file, counted in both directions when undirected"),
            Field("added", .integer, "edges that are new"), Field("users_created", .integer, "accounts that were made"),
            CommonOutput.changed,
        ], exits: [ExitStatus(65, "the file is no edge list, or names an account that is not there")], isChange: true,
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        let work = FollowImport(
            isUndirected: line.isOn(undirected), prefix: line[prefix], createsAccounts: line.isOn(createUsers))
        let network = try session.network()
        let summary: FollowImport.Summary
        do {
            summary = try work.run(try session.lines(of: source), accounts: network.accounts, graph: network.graph)
        } catch let error as DataError { throw Failure(error, file: source.name) }
        let isChanged = summary.added > 0 || summary.accountsCreated > 0
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(summary.edges)), .integer(Int64(summary.added)),
                .integer(Int64(summary.accountsCreated)), .bool(isChanged),
            ])
    }
}
