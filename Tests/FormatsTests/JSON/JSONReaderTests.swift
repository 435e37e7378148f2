// The reader takes what RFC 8259 allows, refuses the rest with its place, and never traps.

import Formats
import Testing

@Suite("JSON is read")
struct JSONReaderTests {
    @Test(
        "when it follows the grammar",
        arguments: [
            (" null ", JSONValue.null), ("true", true), ("[]", []), ("{ }", [:]), ("\t[ 1 ,\r\n2 ]\n", [1, 2]),
            ("-0", .number(-0.0)), ("0", 0), ("-12", -12), ("1.5e3", .number(1500)), ("1E-2", .number(0.01)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1e-999", .number(0)),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9é\uD83D\uDE00😀""#, "éé😀😀"),
            (#"{"b":{"c":[null]},"a":""}"#, ["b": ["c": [.null]], "a": ""]),
        ] as [(String, JSONValue)])
    func accepts(text: String, expected: JSONValue) throws {
        #expect(try JSONReader.parse(text) == expected)
    }

    @Test(
        "and refused with the place of the fault",
        arguments: [
            ("", "1:1 syntax"), ("  ", "1:3 syntax"), ("nul", "1:4 syntax"), ("nulx", "1:4 syntax"),
            ("[1,\n 2,]", "2:4 syntax"), ("{\"a\" 1}", "1:6 syntax"), ("{a:1}", "1:2 syntax"), ("[1 2]", "1:4 syntax"),
            ("{\"a\":1,}", "1:8 syntax"), ("1 2", "1:3 syntax"), ("01", "1:1 syntax"), ("-", "1:2 syntax"),
            ("+1", "1:1 syntax"), ("1.", "1:3 syntax"), (".5", "1:1 syntax"), ("1e", "1:3 syntax"),
            ("NaN", "1:1 syntax"), ("'a'", "1:1 syntax"), ("\"a", "1:1 syntax"), ("\"a\nb\"", "1:3 syntax"),
            (#""\x""#, "1:2 syntax"), (#""\u12G4""#, "1:2 syntax"), (#""\u12"#, "1:2 syntax"), ("\"\\", "1:2 syntax"),
            (#""é\uD800""#, "1:4 invalid_utf8"), (#""\uD800\u0041""#, "1:2 invalid_utf8"),
            (#""\uDC00\uD800""#, "1:2 invalid_utf8"), ("1e999", "1:1 out_of_range"),
            ("\n{\"a\":1,\"b\":2,\"a\":3}", "2:14 duplicate_key"), ("\u{FEFF}1", "1:1 syntax"), ("[1]]", "1:4 syntax"),
        ])
    func refuses(text: String, expected: String) {
        #expect(place { _ = try JSONReader.parse(text) } == expected)
    }

    @Test("and refused when its bytes are not UTF-8")
    func invalidUTF8() {
        let texts: [[UInt8]] = [
            [0x22, 0x61, 0xFF, 0x22], [0x22, 0x61, 0xE2, 0x82, 0x22], [0x22, 0x61, 0xC0, 0x80, 0x22],
        ]
        for text in texts { #expect(place { _ = try JSONReader.parse(text) } == "1:3 invalid_utf8") }
        let split = [0x22, 0xE2] + Array(#"\n"#.utf8) + [0x22]
        #expect(place { _ = try JSONReader.parse(split) } == "1:2 invalid_utf8")
        #expect(place { _ = try JSONReader.parse([0xFF]) } == "1:1 syntax")
    }

    @Test("and refused when it is nested too deeply")
    func depth() throws {
        let limit = FormatLimits.jsonDepth
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONReader.parse(nested(limit))
        #expect(place { _ = try JSONReader.parse(nested(limit + 1)) } == "1:\(limit + 1) out_of_range")
        #expect(place { _ = try JSONReader.parse(nested(1_000_000)) } == "1:\(limit + 1) out_of_range")
    }

    @Test("and a duplicate is found among many keys too")
    func manyKeys() throws {
        let members = (0..<100).map { "\"k\($0)\":\($0)" }
        let good = try JSONReader.parse("{" + members.joined(separator: ",") + "}")
        #expect(good["k99"] == 99)
        let bad = "{" + (members + ["\"k3\":0"]).joined(separator: ",") + "}"
        #expect(throws: DataError.self) { try JSONReader.parse(bad) }
    }

    @Test("as it was written, for any value")
    func roundTrip() throws {
        var random = SeededGenerator("JSON round trip")
        for _ in 0..<2_000 {
            let value = random.json(depth: 4)
            let text = value.text
            let back = try JSONReader.parse(text)
            #expect(back == value, "seed \(random.seed)")
            #expect(back.text.utf8.elementsEqual(text.utf8), "seed \(random.seed)")
        }
    }

    @Test("without a trap, whatever the bytes")
    func randomBytes() {
        var random = SeededGenerator("JSON random bytes")
        for _ in 0..<20_000 {
            let bytes = random.bytes(#"{}[]",:\u0dDeE+-.19 tfnrueals"# + "\n", length: 24)
            guard let value = try? JSONReader.parse(bytes) else { continue }
            #expect((try? JSONReader.parse(value.text)) == value, "seed \(random.seed): \(bytes)")
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func json(depth: Int) -> JSONValue {
        switch below(depth == 0 ? 5 : 7) {
        case 0: .null
        case 1: .bool(below(2) == 0)
        case 2: .integer(Int64(bitPattern: next()) >> Int64(below(64)))
        case 3: .number(finiteNumber())
        case 4: .string(jsonText())
        case 5: .array((0..<below(4)).map { _ in json(depth: depth - 1) })
        default:
            .object((0..<below(4)).map { JSONValue.Member("\($0)" + jsonText(), json(depth: depth - 1)) })
        }
    }

    private mutating func finiteNumber() -> Double {
        let value = Double(bitPattern: next())
        return value.isFinite ? value : 0.25
    }

    private mutating func jsonText() -> String {
        text(
            ["a", "\"", "\\", "/", "\n", "\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "é", "e\u{301}", "😀"],
            length: 8)
    }
}
