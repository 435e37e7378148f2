// JSON lines: errors belong to the line of the file.

import Formats
import Testing

@Suite("JSON lines are read")
struct NDJSONReaderTests {
    @Test("one value a line, blank lines passed over")
    func values() throws {
        var reader = NDJSONReader(LineReader(bytes: Array("{\"a\":1}\n\n \t\r\n{\"a\":2}".utf8)))
        var seen: [String] = []
        while let record = try reader.next() { seen.append("\(record.line) \(record.value.text)") }
        #expect(seen == ["1 {\"a\":1}", "4 {\"a\":2}"])
    }

    @Test("and an error names the line of the file, after which reading goes on")
    func errors() throws {
        var reader = NDJSONReader(LineReader(bytes: Array("{}\n{\"a\":}\n[1]\n{\"b\":0}\n".utf8)))
        _ = try reader.next()
        #expect(place { _ = try reader.next() } == "2:6 syntax")
        #expect(reader.lastLine.elementsEqual("{\"a\":}".utf8))
        #expect(place { _ = try reader.next() } == "3:1 syntax")
        #expect(try reader.next()?.value == ["b": 0])
        #expect(try reader.next() == nil)
    }

    @Test("as arrays or as anything, if that is expected")
    func shapes() throws {
        var arrays = NDJSONReader(LineReader(bytes: Array("[\"user\",\"list\"]\n{}".utf8)), expecting: .array)
        #expect(try arrays.next()?.value == ["user", "list"])
        #expect(place { _ = try arrays.next() } == "2:1 syntax")
        var any = NDJSONReader(LineReader(bytes: Array("1".utf8)), expecting: .any)
        #expect(try any.next()?.value == 1)
    }
}
