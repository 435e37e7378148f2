// Prints records in the format that was asked for. Content never depends on whether the output is a terminal: off a
// terminal a table is exactly TSV.

package import CommandSpec
package import Formats
internal import Terminal

/// Prints the records of one command.
struct Printer {
    private enum Form {
        case table(Table, columns: [Int])
        case sheet(Sheet, [Field], columns: [Int])
        case encoded(RecordEncoder)
        case metrics([Field], columns: [Int])
    }

    private var form: Form
    private let output: any OutputStream
    /// Whether somebody still reads.
    private(set) var isOpen = true

    /// What is printed.
    enum Kind {
        case object, list
        /// One thing with lists in it, which a terminal shows in sections.
        case sheet
        /// A list without an end, seen as it grows: an object a line unless another format is asked for.
        case stream
    }

    /// A printer of records.
    init(_ session: Session, _ fields: [Field], _ kind: Kind) throws {
        let columns = fields.map(\.column)
        var options = RecordOptions()
        options.fields = session.invocation[Globals.fields]
        options.headings = !session.invocation.isOn(Globals.noHeadings)
        options.rawText = session.invocation.isOn(Globals.csvRaw)
        options.nulTerminated = session.invocation.isOn(Globals.print0)
        let terminal = session.world.terminal
        output = session.world.output
        let format: RecordFormat
        switch session.format {
        case .table where terminal.isOutput:
            let order = try Column.select(options.fields, from: columns)
            let when = When(rawValue: session.invocation[Globals.color]) ?? .auto
            let isColored = when.usesColor(isTerminal: true, environment: session.world.environment)
            let emphasis = isColored ? Style.bold : nil
            if kind == .sheet {
                let sheet = Sheet(width: terminal.columns, emphasis: emphasis, showsHeadings: options.headings)
                form = .sheet(sheet, order.map { fields[$0] }, columns: order)
                return
            }
            let table = Table(
                order.map { Printer.column(fields[$0], isAskedFor: options.fields != nil) },
                terminalWidth: terminal.columns, showsHeadings: options.headings,
                emphasis: emphasis, isEndless: kind == .stream)
            form = .table(table, columns: order)
            return
        case .table where kind == .stream && !session.invocation.isGiven(Globals.format): format = .ndjson
        case .table, .tsv: format = .tsv
        case .json: format = kind == .list || kind == .stream ? .json : .jsonObject
        case .ndjson: format = .ndjson
        case .csv: format = .csv
        case .ids: format = .ids
        case .openmetrics:
            let order = try Column.select(options.fields, from: columns)
            form = .metrics(order.map { fields[$0] }, columns: order)
            return
        }
        var encoder = try RecordEncoder(format, columns: columns, options: options)
        encoder.begin()
        form = .encoded(encoder)
    }

    /// Prints a record: a cell for each field, in declared order.
    mutating func record(_ cells: [Cell]) throws {
        switch form {
        case .table(var table, let columns):
            table.row(columns.map { cells[$0].shown })
            try flush(&table.bytes)
            form = .table(table, columns: columns)
        case .sheet(let sheet, let fields, let columns):
            for line in sheet.lines(fields, columns.map { cells[$0] }) {
                if try output.write(line + "\n") == .closed { isOpen = false }
            }
        case .encoded(var encoder):
            form = .table(Table([]), columns: [])  // Gives up the other reference, so that the buffer is not copied.
            encoder.record(cells)
            if encoder.needsFlush { try flush(&encoder.bytes) }
            form = .encoded(encoder)
        case .metrics(let fields, let columns):
            var bytes = Array(OpenMetrics.text(fields, columns.map { cells[$0] }).utf8)
            try flush(&bytes)
        }
    }

    /// Prints what belongs after the last record.
    mutating func end() throws {
        switch form {
        case .table(var table, let columns):
            table.end()
            try flush(&table.bytes)
            form = .table(table, columns: columns)
        case .encoded(var encoder):
            encoder.end()
            try flush(&encoder.bytes)
            form = .encoded(encoder)
        case .metrics, .sheet: break
        }
    }

    /// Lets everything that was printed so far be seen.
    mutating func show() throws {
        switch form {
        case .table(var table, let columns):
            table.end()
            try flush(&table.bytes)
            form = .table(table, columns: columns)
        case .encoded(var encoder):
            try flush(&encoder.bytes)
            form = .encoded(encoder)
        case .metrics, .sheet: break
        }
        if try output.flush() == .closed { isOpen = false }
    }

    private mutating func flush(_ bytes: inout [UInt8]) throws {
        if bytes.isEmpty { return }
        if try output.write(bytes) == .closed { isOpen = false }
        bytes.removeAll(keepingCapacity: true)
    }

    private static func column(_ field: Field, isAskedFor: Bool) -> Table.Column {
        let isNumber = field.kind == .integer || field.kind == .number
        let heading = field.name.uppercased()
        return Table.Column(
            heading, alignment: isNumber ? .trailing : .leading, isElastic: elasticFields.contains(field.name),
            isDispensable: !isAskedFor && dispensableFields.contains(field.name))
    }

    /// What a narrow terminal does without first.
    private static let dispensableFields: Set<String> = [
        "cursor", "fields", "reply_to", "repost_of", "reposted_by", "edited_at", "expires_at", "mentions", "tags",
        "links", "seen", "versions", "why", "score", "highlights", "viewers_exact", "people", "bots", "amount",
        "previous", "change", "end",
    ]

    /// What people write at length.
    private static let elasticFields: Set<String> = [
        "text", "name", "bio", "location", "link", "message", "resource", "label",
    ]
}

extension Cell {
    /// The cell as a table shows it.
    fileprivate var shown: MarkedText {
        if case .marked(let text, let marks) = self { MarkedText(text, marks: marks) } else { MarkedText(plainText) }
    }
}

extension Field {
    /// The field as the encoders know it.
    package var column: Column { Column(name, isIdentity: name == "id" || name == "handle" || name == "resource") }
}

extension Session {
    /// Prints one object.
    func print(_ fields: [Field], _ cells: [Cell]) throws { try print(fields, cells, .object) }

    /// Prints one object with lists in it.
    func printSheet(_ fields: [Field], _ cells: [Cell]) throws { try print(fields, cells, .sheet) }

    private func print(_ fields: [Field], _ cells: [Cell], _ kind: Printer.Kind) throws {
        var printer = try Printer(self, fields, kind)
        try printer.record(cells)
        try printer.end()
    }

    /// Prints what bulk work has done, unless `--quiet`: cron says nothing when all went well.
    func printSummary(_ fields: [Field], _ cells: [Cell]) throws {
        if !isQuiet { try print(fields, cells) }
    }

    /// Prints a list.
    ///
    /// - Parameter body: hands each record to its closure, which says whether to go on.
    func printList(_ fields: [Field], _ body: (([Cell]) throws -> Bool) throws -> Void) throws {
        var printer = try Printer(self, fields, .list)
        try body { cells in
            try printer.record(cells)
            return printer.isOpen
        }
        try printer.end()
    }

    /// Prints a list without an end, some records at a time, which are seen at once.
    ///
    /// - Parameter next: the next records; nil ends the list.
    func printStream(_ fields: [Field], _ next: () throws -> [[Cell]]?) throws {
        var printer = try Printer(self, fields, .stream)
        while printer.isOpen, let records = try next() {
            if records.isEmpty { continue }
            for cells in records { try printer.record(cells) }
            try printer.show()
        }
        try printer.end()
    }
}
