// What all imports have in common on the command line: where their rows come from, how many share a transaction, and
// what becomes of bad ones.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// Options that the imports share.
enum ImportOptions {
    /// What a bad row does.
    static let onError = Option(
        "on-error", .choice(of: BadRows.Policy.self),
        help: "A bad row stops the import before anything is changed, is skipped, or is reported and skipped")
    /// Where bad rows go.
    static let rejects = Option(
        "rejects", .file, help: "Write bad rows to this file, and what is wrong with each to FILE.reasons; implies skip"
    )
    /// How many rows share a transaction.
    static let batchSize = Option(
        "batch-size", .integer(in: 1...Int.max), help: "How many rows share a transaction")
    /// All of them.
    static let all: [any OptionDeclaring] = [onError, rejects, batchSize]

    /// What is printed about bad rows.
    static let rejected = Field("rejected", .integer, "rows that are bad and were left out")
    /// The exit status when there are any.
    static let exit = ExitStatus(65, "a row is bad: nothing was changed, or the other rows were imported")
}

extension Session {
    /// The file of an operand, to be read as often as needed.
    func input(of file: FileOrDash) throws -> InputFile {
        switch file {
        case .file(let path): try InputFile(path: path)
        case .dash: InputFile(name: file.name, bytes: try bytes(of: file))
        }
    }

    /// Runs an import, and says what became of bad rows.
    ///
    /// - Parameters:
    ///   - file: the first file, before others that are read too.
    ///   - policy: what becomes of bad rows unless the command line says it.
    func importing<Result>(
        _ file: FileOrDash, others: [FileOrDash] = [], bad policy: BadRows.Policy = .stop,
        _ body: (BadRows) throws -> Result
    ) throws -> (Result, rejected: Cell) {
        let rejects = invocation[ImportOptions.rejects]
        if let rejects { for file in [file] + others { try requireOther(rejects, than: file) } }
        let policy = invocation[ImportOptions.onError] ?? (rejects == nil ? policy : .skip)
        let badRows = BadRows(policy, file: file.name, keepsRows: rejects != nil) { try self.report($0) }
        let result = try body(badRows)
        if let rejects, !context.isDryRun {
            try FileSystem().overwrite(rejects, with: badRows.rows)
            try FileSystem().overwrite("\(rejects).reasons", with: badRows.reasons, followsLinks: false)
        }
        if badRows.count > 0 {
            exit = ExitTable.badData
            try note("rows rejected: \(badRows.count)")
        }
        return (result, .integer(Int64(badRows.count)))
    }

    /// Refuses to write over the file that is being read.
    private func requireOther(_ rejects: String, than file: FileOrDash) throws {
        guard case .file(let path) = file, let inode = FileSystem().inode(of: path) else { return }
        if [rejects, "\(rejects).reasons"].contains(where: { FileSystem().inode(of: $0) == inode }) {
            throw invocation.error(
                .conflict, "\"--rejects\" would write over \"\(path)\", which is to be read",
                about: ImportOptions.rejects)
        }
    }

    /// Says on stderr what is wrong with a row.
    private func report(_ fault: FileError) throws {
        _ = try world.errors.write(
            printsJSON ? BadRows.reason(fault) : Array("\(DisplayText.sanitise("\(fault)"))\n".utf8))
        _ = try world.errors.flush()
    }
}
