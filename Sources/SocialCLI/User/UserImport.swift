// `user import`: a file of people becomes accounts.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserImport {
    enum Source: String, CaseIterable, Sendable {
        case auto, ndjson, csv
    }

    static let file = Operand("FILE", .fileOrDash, help: "NDJSON or CSV, which may be compressed with gzip")
    static let from = Option("from", .choice(of: Source.self), default: .auto, help: "The form of the file")
    static let ifExists = Option(
        "if-exists", .choice(of: AccountImport.Existing.self), default: .error,
        help: "An account that is there and differs makes its row bad, stays, or gets the row's profile")

    static let command = Command(
        ["user", "import"], "Import accounts from a file",
        discussion: """
            NDJSON objects and the columns of CSV have handle, and may have name, bio, location, link, created_at and \
            last_active_at; all others become further fields of the profile. The whole file is checked before the \
            first account is made, so a bad row changes nothing. Accounts that are there and equal stay as they are: \
            an import that was stopped is simply repeated.
            """,
        operands: [file], options: [from, ifExists] + ImportOptions.all,
        examples: [
            Example("printf 'handle,name\\neva,Eva\\n' | social user import - --from csv", "Import an account"),
            Example("social user list --format ndjson | social user import -", "Import what is there: nothing changes"),
        ],
        fields: [
            Field("users_created", .integer, "accounts that were made"),
            Field("users_updated", .integer, "accounts that got another profile"),
            Field("present", .integer, "accounts that stay as they are"), ImportOptions.rejected, CommonOutput.changed,
        ], exits: [ImportOptions.exit], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        let network = try session.network()
        let input = try session.input(of: source)
        var work = AccountImport(form: try form(line, input, source))
        work.existing = line[ifExists]
        if let size = line[ImportOptions.batchSize] { work.batchRows = size }
        let (summary, rejected) = try session.importing(source) {
            try work.run(input, $0, accounts: network.accounts)
        }
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(summary.created)), .integer(Int64(summary.updated)), .integer(Int64(summary.present)),
                rejected, .bool(summary.created + summary.updated > 0),
            ])
    }

    /// The form of a file: as said, or by its first byte; the standard input must say it unless it is NDJSON.
    private static func form(
        _ line: Invocation, _ input: InputFile, _ source: FileOrDash
    ) throws -> FieldReader.Form {
        if let form = FieldReader.Form(rawValue: line[from].rawValue) { return form }
        if try input.naming({ try input.head(1).inflated }) == [UInt8(ascii: "{")] { return .ndjson }
        if case .dash = source {
            throw line.missing("the standard input does not say what it is", hint: "give --from csv")
        }
        return .csv
    }
}
