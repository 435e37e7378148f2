// Lines come out the same however the bytes come in.

import Formats
import Testing

@Suite("Lines are read")
struct LineReaderTests {
    private func lines(_ reader: LineReader) throws -> [String] {
        var reader = reader
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line.bytes, as: UTF8.self)) }
        return lines
    }

    @Test(
        "with either line end, and with none at the end",
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\n\nc", ["a", "b", "", "c"]),
            ("a\rb\r", ["a\rb\r"]), ("\r\n\r\n", ["", ""]), ("\u{FEFF}a\n\u{FEFF}b", ["a", "\u{FEFF}b"]),
        ] as [(String, [String])])
    func ends(text: String, expected: [String]) throws {
        #expect(try lines(LineReader(bytes: Array(text.utf8))) == expected)
    }

    @Test("with their numbers and ends")
    func numbers() throws {
        var reader = LineReader(bytes: Array("a\nb\r\nc".utf8))
        var seen: [String] = []
        while let line = try reader.next() { seen.append("\(line.number) \(line.end)") }
        #expect(seen == ["1 lf", "2 crlf", "3 file"])
    }

    @Test("one after another, also past a line that is too long")
    func tooLong() throws {
        for text in ["ab\nabcdef\ncd\nabcdefghijkl", "ab\nabcdefghijklmnop\ncd\nabcde"] {
            var random = SeededGenerator("long lines")
            var reader = LineReader(limitBytes: 4, source: random.lineSource(Array(text.utf8)))
            #expect(try reader.next()?.number == 1)
            #expect(place { _ = try reader.next() } == "2:5 out_of_range", "seed \(random.seed)")
            let third = try reader.next()
            #expect(third?.number == 3 && third?.bytes.elementsEqual("cd".utf8) == true, "seed \(random.seed)")
            #expect(place { _ = try reader.next() } == "4:5 out_of_range", "seed \(random.seed)")
            #expect(try reader.next() == nil)
        }
    }

    @Test("and binary data is refused, line by line")
    func binary() throws {
        var reader = LineReader(bytes: Array("ab\ncd\u{0}\u{0}e\nfg".utf8))
        _ = try reader.next()
        #expect(place { _ = try reader.next() } == "2:3 binary")
        #expect(reader.lastLine.elementsEqual("cd".utf8))
        #expect(try reader.next()?.number == 3)
        #expect(try reader.next() == nil)
    }

    @Test("until the source fails, whose error is kept")
    func failure() throws {
        struct Broken: Error, Equatable {}
        var calls = 0
        var reader = LineReader { buffer in
            calls += 1
            guard calls == 1 else { throw Broken() }
            buffer.append(contentsOf: "a\nb".utf8)
        }
        #expect(try reader.next()?.number == 1)
        let error = #expect(throws: DataError.self) { try reader.next() }
        #expect(error?.code == .source && error?.line == 2 && error?.cause is Broken)
        #expect(try reader.next() == nil)
    }

    @Test("as a naive split gives them, in pieces of any size")
    func model() throws {
        var random = SeededGenerator("lines")
        for _ in 0..<1_000 {
            let text = random.text(["a", "bc", "\n", "\r\n", "\r", "é"], length: 30)
            var expected = [[UInt8]]()
            for piece in Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false) {
                expected.append(Array(piece))
            }
            let last = expected.removeLast()
            expected = expected.map { $0.last == 0x0D ? $0.dropLast() : $0 }
            if !last.isEmpty { expected.append(last) }
            var reader = random.lineReader(Array(text.utf8))
            var kept: [LineReader.Line] = []
            while let line = try reader.next() { kept.append(line) }
            #expect(kept.map { Array($0.bytes) } == expected, "seed \(random.seed)")
        }
    }
}
