// Tables, cell for cell.

import Terminal
import Testing

@Suite("A table")
struct TableTests {
    private let columns: [Table.Column] = [
        .init("ID", alignment: .trailing), .init("AUTHOR"), .init("TEXT", isElastic: true),
        .init("LIKES", alignment: .trailing),
    ]

    private func lines(_ table: inout Table, _ rows: [[String]]) -> [String] {
        for row in rows { table.row(row) }
        table.end()
        return String(decoding: table.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private let rows = [
        ["7", "ada", "hello world, a long post", "12"], ["1234", "日本", "two\nlines\u{1B}[2J", "3"],
        ["5", "eve", "", "1"],
    ]

    @Test("lines up its columns, numbers to the right")
    func alignment() {
        var table = Table(columns)
        let expected = [
            "  ID  AUTHOR  TEXT                      LIKES",
            "   7  ada     hello world, a long post     12",
            "1234  日本    two⏎lines\\u{1B}[2J            3",
            "   5  eve                                   1",
        ]
        #expect(lines(&table, rows) == expected)
    }

    @Test("cuts its elastic column to the terminal's width")
    func truncation() {
        var table = Table(columns, terminalWidth: 36)
        let made = lines(&table, rows)
        #expect(made[1] == "   7  ada     hello world, a…     12")
        #expect(made.allSatisfy { $0.cellWidth == 36 })
        var narrow = Table(columns, terminalWidth: 10)
        #expect(lines(&narrow, rows)[1] == "   7  ada     hello w…     12")
    }

    @Test("leaves no blanks at the end of a line")
    func trailingBlanks() {
        var table = Table([.init("A"), .init("B")], showsHeadings: false)
        #expect(lines(&table, [["a", "long"], ["b", "c"]]) == ["a  long", "b  c"])
    }

    @Test("leaves out a dispensable column first, and cuts an elastic one only then", arguments: [20, 14, 10])
    func dispensable(width: Int) {
        var table = Table([.init("A", isElastic: true), .init("B", isDispensable: true)], terminalWidth: width)
        let expected = [
            20: ["A             B", "twelve cells  12345"], 14: ["A", "twelve cells"],
            10: ["A", "twelve ce…"],
        ]
        #expect(lines(&table, [["twelve cells", "12345"]]) == expected[width])
    }

    @Test("shows its headings in a style, also with no rows, or not at all")
    func headings() {
        var styled = Table([.init("A"), .init("B")], emphasis: .bold)
        #expect(lines(&styled, []) == ["\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m"])
        var bare = Table([.init("A")], showsHeadings: false)
        #expect(lines(&bare, []) == [])
    }

    @Test("begins to appear after its first block, and later rows keep to those widths")
    func blocks() {
        var table = Table([.init("A"), .init("B", isElastic: true)], terminalWidth: 12, blockRowCount: 2)
        table.row(["1", "short"])
        #expect(table.bytes.isEmpty)
        table.row(["2", "words here"])
        #expect(String(decoding: table.bytes, as: UTF8.self) == "A  B\n1  short\n2  words he…\n")
        table.bytes.removeAll()
        table.row(["3000", "short again"])
        #expect(String(decoding: table.bytes, as: UTF8.self) == "3000  short ag…\n")
        table.bytes.removeAll()
        table.end()
        #expect(table.bytes.isEmpty)
    }

    @Test(
        "groups the digits of counts",
        arguments: [
            (0, "0"), (999, "999"), (1_204, "1,204"), (-1_234_567, "-1,234,567"), (.min, "-9,223,372,036,854,775,808"),
        ] as [(Int, String)])
    func grouping(value: Int, expected: String) {
        #expect(value.grouped == expected)
    }
}
