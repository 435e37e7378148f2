// Records with named fields come out the same from NDJSON and CSV.

import Formats
import Testing

@Suite("Fields are read")
struct FieldReaderTests {
    private func records(_ form: FieldReader.Form, _ text: String) throws -> [String] {
        var reader = try FieldReader(form, LineReader(bytes: Array(text.utf8)), requiring: "text")
        var found: [String] = []
        while let record = try reader.next() {
            found.append(
                record.fields.map { "\($0.line):\($0.column) \($0.name)=\($0.value.text)" }.joined(separator: " "))
        }
        return found
    }

    @Test("with their names and places")
    func places() throws {
        #expect(
            try records(.ndjson, "\n{\"text\":\"a\",\"n\":[1],\"x\":null}\n{}\n") == ["2:1 text=\"a\" 2:1 n=[1]", ""])
        #expect(
            try records(.csv, "Author,TEXT\nana,\"a\nb\"\n,'=1\n,\n") == [
                "2:1 author=\"ana\" 2:5 text=\"a\\nb\"", "4:2 text=\"=1\"", "",
            ])
    }

    @Test("and a heading without what is needed is refused")
    func heading() {
        #expect(place { _ = try records(.csv, "a,b\n1,2\n") } == "1:1 syntax")
        #expect(place { _ = try records(.csv, "") } == "1:1 syntax")
        #expect(place { _ = try records(.csv, "text\n\"a\n") } == "2:1 syntax")
    }

    @Test("as texts and times, or with the field's name in the error")
    func values() throws {
        let text = "{\"text\":7,\"at\":\"2026-01-02\",\"bad\":\"soon\"}"
        var reader = try FieldReader(.ndjson, LineReader(bytes: Array(text.utf8)), requiring: "text")
        let record = try #require(try reader.next())
        #expect(try record.time("at") == 1_767_312_000_000)
        #expect(try record.text("none") == nil)
        #expect(try record.time("none") == nil)
        #expect(throws: DataError.self) { try record.text("text") }
        let error = #expect(throws: DataError.self) { try record.time("bad") }
        #expect(error?.message.hasPrefix("\"bad\": expected a time") == true)
        #expect(reader.lastRecord.elementsEqual(text.utf8) && reader.heading == nil)
    }

    @Test("and a `'` that guards a formula is taken off, no other one")
    func guards() {
        for text in ["=1", "+1", "-1", "@a", "\t", "\r"] { #expect(CellEscaping.unguarded("'" + text) == text) }
        for text in ["'", "'a", "''=1", "a'=1", "", "=1"] { #expect(CellEscaping.unguarded(text) == text) }
    }
}
