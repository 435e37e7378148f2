// Each format, byte for byte.

import Formats
import Testing

@Suite("Records are written")
struct RecordEncoderTests {
    private static let columns: [Column] = [Column("id", isIdentity: true), "text", "likes", "score", "new", "media"]
    private static let first: [Cell] = [
        .id("42"), .text("a/b\t\"c\"\n\\"), .integer(-7), .number(0.5), .bool(true), .json(["1", 2]),
    ]
    private static let second: [Cell] = [.id("43"), .null, .null, .number(.nan), .bool(false), .json([:])]

    private func encode(
        _ format: RecordFormat, _ records: [[Cell]], _ change: (inout RecordOptions) -> Void = { _ in }
    ) throws -> String {
        var options = RecordOptions()
        change(&options)
        var encoder = try RecordEncoder(format, columns: Self.columns, options: options)
        encoder.begin()
        for record in records { encoder.record(record) }
        encoder.end()
        return String(decoding: encoder.bytes, as: UTF8.self)
    }

    private let firstJSON = #"{"id":"42","text":"a/b\t\"c\"\n\\","likes":-7,"score":0.5,"new":true,"media":["1",2]}"#
    private let secondJSON = #"{"id":"43","text":null,"likes":null,"score":null,"new":false,"media":{}}"#

    @Test("as a JSON array with one object a line")
    func json() throws {
        #expect(try encode(.json, [Self.first, Self.second]) == "[\n\(firstJSON),\n\(secondJSON)\n]\n")
        #expect(try encode(.json, [Self.second]) == "[\n\(secondJSON)\n]\n")
        #expect(try encode(.json, []) == "[]\n")
    }

    @Test("as one JSON object, and as one a line")
    func objects() throws {
        #expect(try encode(.jsonObject, [Self.first]) == firstJSON + "\n")
        #expect(try encode(.ndjson, [Self.first, Self.second]) == "\(firstJSON)\n\(secondJSON)\n")
        #expect(try encode(.ndjson, []) == "")
    }

    @Test("as texts, whatever of them is marked", arguments: RecordFormat.allCases)
    func marks(_ format: RecordFormat) throws {
        for text in ["=1+1,\t\"a\"\n", "日本"] {
            let marked: [Cell] = [.id("1"), .marked(text, [0..<1]), .null, .null, .null, .null]
            let plain: [Cell] = [.id("1"), .text(text), .null, .null, .null, .null]
            #expect(try encode(format, [marked]) == encode(format, [plain]))
        }
    }

    @Test("as CSV of RFC 4180")
    func csv() throws {
        let expected =
            "id,text,likes,score,new,media\r\n"
            + "42,\"a/b\t\"\"c\"\"\n\\\",-7,0.5,true,\"[\"\"1\"\",2]\"\r\n43,,,,false,{}\r\n"
        #expect(try encode(.csv, [Self.first, Self.second]) == expected)
        #expect(try encode(.csv, []) { $0.headings = false } == "")
    }

    @Test("as TSV with four escapes")
    func tsv() throws {
        let expected =
            "id\ttext\tlikes\tscore\tnew\tmedia\n"
            + "42\ta/b\\t\"c\"\\n\\\\\t-7\t0.5\ttrue\t[\"1\",2]\n43\t\t\t\tfalse\t{}\n"
        #expect(try encode(.tsv, [Self.first, Self.second]) == expected)
        #expect(try encode(.tsv, [Self.second]) { $0.headings = false } == "43\t\t\t\tfalse\t{}\n")
    }

    @Test("as ids, whatever the fields")
    func ids() throws {
        #expect(try encode(.ids, [Self.first, Self.second]) { $0.fields = ["text"] } == "42\n43\n")
        #expect(try encode(.ids, [Self.first, Self.second]) { $0.nulTerminated = true } == "42\u{0}43\u{0}")
    }

    @Test("with the fields asked for, in that order, in every format")
    func fields() throws {
        func pick(_ options: inout RecordOptions) { options.fields = ["likes", "id"] }
        #expect(try encode(.ndjson, [Self.first], pick) == "{\"likes\":-7,\"id\":\"42\"}\n")
        #expect(try encode(.csv, [Self.first], pick) == "likes,id\r\n-7,42\r\n")
        #expect(try encode(.tsv, [Self.first], pick) == "likes\tid\n-7\t42\n")
        #expect(try encode(.ndjson, [Self.first]) { $0.fields = [] } == "{}\n")
    }

    @Test("with no blank line in CSV when the only cell is empty")
    func emptyCell() throws {
        #expect(try encode(.csv, [Self.second]) { $0.fields = ["text"] } == "text\r\n\"\"\r\n")
    }

    @Test(
        "with texts that a spreadsheet would compute guarded, and numbers not",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", "\"'\ra\""),
            ("=a,b", "\"'=a,b\""), ("a=1", "a=1"), (" =1", " =1"), ("'", "'"), ("\n=1", "\"'\n=1\""),
            ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠a", "'＠a"), ("！1", "！1"),
        ])
    func formulas(text: String, expected: String) throws {
        var encoder = try RecordEncoder(.csv, columns: ["text", "number"])
        encoder.record([.text(text), .integer(-1)])
        #expect(String(decoding: encoder.bytes, as: UTF8.self) == expected + ",-1\r\n")
        var options = RecordOptions()
        options.rawText = true
        var raw = try RecordEncoder(.csv, columns: ["text", "number"], options: options)
        raw.record([.text(text), .number(-0.5)])
        #expect(!String(decoding: raw.bytes, as: UTF8.self).contains("'") || text == "'")
    }

    @Test("so that the caller can take bytes away at any time")
    func flushing() throws {
        var encoder = try RecordEncoder(.json, columns: ["id"])
        var text = ""
        encoder.begin()
        for number in 0..<3 {
            encoder.record([.id("\(number)")])
            text += String(decoding: encoder.bytes, as: UTF8.self)
            encoder.bytes.removeAll(keepingCapacity: true)
        }
        encoder.end()
        text += String(decoding: encoder.bytes, as: UTF8.self)
        #expect(text == "[\n{\"id\":\"0\"},\n{\"id\":\"1\"},\n{\"id\":\"2\"}\n]\n")
        #expect(!encoder.needsFlush)
        encoder.bytes = [UInt8](repeating: 0, count: FormatLimits.flushBytes)
        #expect(encoder.needsFlush)
    }

    @Test("so that what a TSV cell held can be found again")
    func tsvRoundTrip() throws {
        var random = SeededGenerator("TSV round trip")
        for _ in 0..<1_000 {
            let cells = (0..<3).map { _ in random.text(["a", "\t", "\n", "\r", "\\", "t", "n", "é"], length: 6) }
            var encoder = try RecordEncoder(.tsv, columns: ["a", "b", "c"])
            encoder.record(cells.map(Cell.text))
            let line = String(decoding: encoder.bytes.dropLast(), as: UTF8.self)
            let back = line.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped($0) }
            #expect(back == cells, "seed \(random.seed)")
        }
    }

    private func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                switch scalar {
                case "t": result.unicodeScalars.append("\t")
                case "n": result.unicodeScalars.append("\n")
                case "r": result.unicodeScalars.append("\r")
                default: result.unicodeScalars.append(scalar)
                }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
