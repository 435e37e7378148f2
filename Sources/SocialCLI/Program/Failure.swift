// Whatever went wrong, in the one form in which it is reported: as text with a hint, or as a JSON object on stderr.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// An error as it is reported.
struct Failure: Error {
    /// A stable name.
    var code: String
    /// The exit status.
    var exit: Int32
    /// What happened.
    var message: String
    /// What to do.
    var hint: String?
    /// Command lines that may have been meant, without the program's name.
    var suggestions: [[String]] = []
    /// The usage error, which shows the line with a caret.
    var usage: UsageError?
    /// The query that cannot be understood, and where in it that shows.
    var query: (text: String, place: Excerpt)?

    /// An error with a code that the exit table knows.
    init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        exit = ExitTable.statuses[code] ?? ExitTable.bug
    }

    /// The report of any error.
    init(_ error: any Error, file: String? = nil) {
        switch error {
        case let failure as Failure: self = failure
        case let usage as UsageError:
            self.init(usage.code.rawValue, usage.message, hint: usage.hint)
            if case .configuration = usage.origin { exit = ExitTable.configuration }
            suggestions = usage.suggestions
            self.usage = usage
        case let data as DataError:
            if let cause = data.cause {
                self.init(cause)
            } else {
                self.init(data.code.rawValue, "\(file.map { "\($0):" } ?? "")\(data)")
            }
        case let file as FileError: self.init(file.error, file: file.file)
        case let field as FieldError: self.init("unknown_field", "\(field)")
        case let room as any RoomError: self.init(room.codeName, room.message, hint: room.hint)
        case let output as OutputError: self.init("io_error", "\(output)")
        default: self.init("bug", "\(error)", hint: "this is a bug of social")
        }
    }

    /// Prints the report.
    func report(to stream: any OutputStream, asJSON: Bool, quiet: Bool, usesColor: Bool) throws(OutputError) {
        let label = Style.bold.and(.red).apply("error:", isEnabled: usesColor)
        if asJSON {
            var json = JSONWriter()
            json.value(["error": document])
            json.endLine()
            _ = try stream.write(json.bytes)
        } else if let usage {
            _ = try stream.write(
                usage.rendered(program: "social", label: label, includesHints: !quiet, cells: \.cellWidth))
        } else {
            var text = "social: \(label) \(DisplayText.sanitise(message))\n"
            if let query, !query.text.allSatisfy(\.isWhitespace) {
                for line in query.place.lines(\.cellWidth) { text += "    \(line)\n" }
            }
            if let hint, !quiet { text += "hint: \(DisplayText.sanitise(hint))\n" }
            _ = try stream.write(text)
        }
        _ = try stream.flush()
    }

    /// The report as a JSON object.
    var document: JSONValue {
        var members: [JSONValue.Member] = [
            .init("code", .string(code)), .init("exit", .integer(Int64(exit))), .init("message", .string(message)),
            .init("hint", hint.map(JSONValue.string) ?? .null),
            .init("try", .array(suggestions.map { .array($0.map(JSONValue.string)) })),
        ]
        if let query {
            let range = query.place.range
            members += [
                .init("query", .string(query.text)), .init("start", .integer(Int64(range.lowerBound))),
                .init("end", .integer(Int64(range.upperBound))),
            ]
        }
        return .object(members)
    }
}

extension RoomError {
    /// The stable name of the code.
    var codeName: String { code.rawValue }
}
