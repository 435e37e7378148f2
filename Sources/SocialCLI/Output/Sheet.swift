// One thing with lists in it, as a terminal shows it: a section a field, each list as a table of its own. Off a
// terminal it is a record like any other.

internal import CommandSpec
internal import Formats
internal import Terminal

/// Lays out an object in sections.
struct Sheet {
    private static let indent = "  "

    /// The cells of a line; nil cuts nothing.
    let width: Int?
    /// How headings look; nil for plain.
    let emphasis: Style?
    /// Whether sections have headings.
    let showsHeadings: Bool

    /// The sections of some fields; what is empty has none.
    func lines(_ fields: [Field], _ cells: [Cell]) -> [String] {
        var lines: [String] = []
        for (field, cell) in zip(fields, cells) {
            let content = section(cell, depth: 1)
            if content.isEmpty { continue }
            if showsHeadings { lines.append(heading(field.name)) }
            lines += content
        }
        return lines
    }

    private func heading(_ name: String) -> String {
        let text = name.uppercased()
        return emphasis?.apply(text, isEnabled: true) ?? text
    }

    private func section(_ cell: Cell, depth: Int) -> [String] {
        var text = cell.plainText
        if case .json(.array(let items)) = cell {
            let words = items.compactMap(\.string)
            if words.isEmpty { return table(items.compactMap(\.object), depth: depth) }
            text = words.joined(separator: ", ")
        }
        return text.isEmpty ? [] : [String(repeating: Self.indent, count: depth) + DisplayText.sanitise(text)]
    }

    /// A table of objects; what an object has in a list of its own comes below its line.
    private func table(_ items: [[JSONValue.Member]], depth: Int) -> [String] {
        guard let first = items.first else { return [] }
        let keys = first.filter { $0.value.array == nil }.map(\.key)
        let columns = keys.map { key in
            let isNumber = items.contains { $0.value(of: key)?.isNumber == true }
            return Table.Column(
                key.uppercased(), alignment: isNumber ? .trailing : .leading, isElastic: key == "text")
        }
        let margin = String(repeating: Self.indent, count: depth)
        var table = Table(
            columns, terminalWidth: width.map { max(1, $0 - margin.utf8.count) }, showsHeadings: showsHeadings,
            emphasis: emphasis, blockRowCount: .max)
        for item in items { table.row(keys.map { Cell.json(item.value(of: $0) ?? .null).bareText }) }
        table.end()
        var lines = String(decoding: table.bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .dropLast().map { margin + $0 }
        guard first.contains(where: { $0.value.array != nil }) else { return lines }
        var rows = lines.suffix(items.count)
        lines.removeLast(items.count)
        for item in items {
            lines += rows.prefix(1)
            rows.removeFirst()
            for member in item {
                if member.value.array != nil { lines += section(.json(member.value), depth: depth + 1) }
            }
        }
        return lines
    }
}

extension [JSONValue.Member] {
    fileprivate func value(of key: String) -> JSONValue? { first { $0.key == key }?.value }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }
}

extension Cell {
    /// A JSON value as a line of a table has it: texts without quotes, nothing for null.
    fileprivate var bareText: String {
        switch self {
        case .json(.string(let text)): text
        case .json(.null): ""
        default: plainText
        }
    }
}
