// CSV is read strictly, and reads back what the encoder writes.

import Formats
import Testing

@Suite("CSV is read")
struct CSVReaderTests {
    private func records(_ text: String) throws -> [[String]] {
        var reader = CSVReader(LineReader(bytes: Array(text.utf8)))
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record.fields.map(\.text)) }
        return records
    }

    @Test(
        "as RFC 4180 says",
        arguments: [
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b", [["a", "b"]]),
            ("a,\n,b\n", [["a", ""], ["", "b"]]),
            ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]), ("\"a\r\nb\n\nc\",d", [["a\r\nb\n\nc", "d"]]),
            ("\n\na\n\n", [["a"]]), ("\"\"\n", [[""]]), ("\u{FEFF}é, 日\n", [["é", " 日"]]), ("", []),
        ] as [(String, [[String]])])
    func grammar(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test(
        "and refused with the place of the fault",
        arguments: [
            ("a,b\nc\n", "2:1 syntax"), ("a,b\nc,d\"e\n", "2:4 syntax"), ("a,\"b\"c\n", "1:6 syntax"),
            ("a\n\"b\nc", "2:1 syntax"), ("\"a\nb\" c\n", "2:3 syntax"), ("a,\u{0}b\n", "1:3 binary"),
        ])
    func faults(text: String, expected: String) {
        #expect(place { _ = try records(text) } == expected)
    }

    @Test("and bytes that are not UTF-8 are found in their cell")
    func encoding() {
        var reader = CSVReader(LineReader(bytes: Array("a,b\nc,d".utf8) + [0xFF, 0x0A]))
        #expect(place { while try reader.next() != nil {} } == "2:4 invalid_utf8")
    }

    @Test("with the place of each cell, and past a fault")
    func places() throws {
        var reader = CSVReader(LineReader(bytes: Array("a,\"b\nc\",d\nx\ne,f,g".utf8)))
        let record = try reader.next()
        #expect(record?.fields.map { "\($0.line):\($0.column)" } == ["1:1", "1:3", "2:4"])
        #expect(place { _ = try reader.next() } == "3:1 syntax")
        #expect(reader.lastRecord.elementsEqual("x".utf8))
        #expect(try reader.next()?.line == 4)
        #expect(reader.lastRecord.elementsEqual("e,f,g".utf8))
    }

    @Test("and a quote that is never closed does not swallow a whole file")
    func limit() {
        let text = "a\n\"b\n" + String(repeating: "line\n", count: 100)
        var reader = CSVReader(LineReader(bytes: Array(text.utf8)), limitBytes: 50)
        #expect(place { while try reader.next() != nil {} } == "2:1 out_of_range")
    }

    @Test("as it was written, for any cells")
    func roundTrip() throws {
        var random = SeededGenerator("CSV round trip")
        let alphabet = ["a", ",", "\"", "\r", "\n", "\r\n", "'", "=", "é", "日", " ", "\t"]
        var options = RecordOptions()
        options.rawText = true
        for _ in 0..<1_000 {
            let count = 1 + random.below(4)
            let columns = (0..<count).map { Column("c\($0)") }
            let rows = (0..<random.below(5)).map { _ in (0..<count).map { _ in random.text(alphabet, length: 6) } }
            var encoder = try RecordEncoder(.csv, columns: columns, options: options)
            encoder.begin()
            for row in rows { encoder.record(row.map(Cell.text)) }
            encoder.end()
            var reader = CSVReader(random.lineReader(encoder.bytes))
            var back: [[[UInt8]]] = []
            while let record = try reader.next() { back.append(record.fields.map { Array($0.text.utf8) }) }
            let expected = [columns.map(\.name)] + rows
            #expect(back == expected.map { $0.map { Array($0.utf8) } }, "seed \(random.seed)")
        }
    }

    @Test("without a trap, whatever the bytes")
    func randomBytes() {
        var random = SeededGenerator("CSV random bytes")
        for _ in 0..<5_000 {
            var reader = CSVReader(random.lineReader(random.bytes("ab,\"\r\n", length: 40)))
            var steps = 0
            while steps < 100 {
                steps += 1
                do {
                    guard try reader.next() != nil else { break }
                } catch {
                    #expect(error.line > 0 && error.column > 0, "seed \(random.seed)")
                }
            }
            #expect(steps < 100, "seed \(random.seed)")
        }
    }
}
