// The items of a long array, with their places.

import Formats
import Testing

@Suite("JSON items are read")
struct JSONItemReaderTests {
    private func items(_ text: String, from start: Int = 0, key: String? = nil) throws -> [String] {
        var reader = JSONItemReader(Array(text.utf8), from: start, key: key)
        var items: [String] = []
        while let item = try reader.next() { items.append("\(item.line):\(item.column) \(item.value.text)") }
        #expect(try reader.next() == nil)
        return items
    }

    @Test("of a document that is an array")
    func array() throws {
        #expect(try items("[]") == [])
        #expect(try items(" [ 1 ,\n {\"a\":\n[2]}\n, \"x\" ] \n") == ["1:4 1", "2:2 {\"a\":[2]}", "4:3 \"x\""])
    }

    @Test("of a member of an object, wherever it stands")
    func member() throws {
        let text = "{\n\"b\":[0],\"a\": {\"list\":[9]},\n \"list\" : [\n1,\n2],\"z\":null}\n"
        #expect(try items(text, key: "list") == ["4:1 1", "5:1 2"])
    }

    @Test("of a statement in a script")
    func script() throws {
        #expect(try items("x = [1];\n", from: 3) == ["1:6 1"])
    }

    @Test(
        "and a document that is not whole, or holds more, is refused at its place",
        arguments: [
            ("[1", "1:3 syntax"), ("[1,]", "1:4 syntax"), ("[1] 2", "1:5 syntax"), ("[1];", "1:4 syntax"),
            ("{}", "1:1 syntax"), ("[1 2]", "1:4 syntax"), ("", "1:1 syntax"), ("[\n\"a", "2:1 syntax"),
        ])
    func faults(text: String, expected: String) {
        #expect(place { _ = try items(text) } == expected)
    }

    @Test(
        "and so is an object",
        arguments: [
            ("[]", "1:1 syntax"), ("{}", "1:2 syntax"), ("{\"a\":1}", "1:7 syntax"), ("{\"list\":1}", "1:9 syntax"),
            ("{\"list\":[1],\"list\":[]}", "1:13 duplicate_key"), ("{\"list\":[1]", "1:12 syntax"),
            ("{\"list\":[1],}", "1:13 syntax"), ("{\"list\":[1]}}", "1:13 syntax"), ("{\"x\" 1}", "1:6 syntax"),
        ])
    func objectFaults(text: String, expected: String) {
        #expect(place { _ = try items(text, key: "list") } == expected)
    }

    @Test("as the whole document would be read")
    func model() throws {
        var random = SeededGenerator("JSON items")
        for _ in 0..<3_000 {
            let text =
                "[" + random.text(["1", ",", "[", "]", "{\"a\":", "}", " ", "\n", "\"x\"", "null"], length: 9) + "]"
            var reader = JSONItemReader(Array(text.utf8))
            var values: [JSONValue]? = []
            do {
                while let item = try reader.next() { values?.append(item.value) }
            } catch { values = nil }
            #expect(values == (try? JSONReader.parse(text))?.array, "\(text), seed \(random.seed)")
        }
    }
}
