// What the writer promises to programs that read its output.

import Formats
import Testing

@Suite("JSON is written")
struct JSONWriterTests {
    @Test("with keys in the order given and nulls kept")
    func order() {
        let value: JSONValue = ["z": 1, "a": .null, "list": [true, .number(0.5)], "empty": [:]]
        #expect(value.text == #"{"z":1,"a":null,"list":[true,0.5],"empty":{}}"#)
    }

    @Test("with commas between members, items and nothing else")
    func commas() {
        var json = JSONWriter()
        json.beginArray()
        json.beginObject()
        json.endObject()
        json.beginArray()
        json.endArray()
        json.beginObject()
        json.key("a")
        json.beginArray()
        json.integer(1)
        json.null()
        json.endArray()
        json.key("b")
        json.bool(false)
        json.endObject()
        json.raw(Array("{}".utf8))
        json.endArray()
        json.endLine()
        json.string("next")
        let expected = "[{},[],{\"a\":[1,null],\"b\":false},{}]\n\"next\""
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "with escapes only where a reader or a terminal needs them",
        arguments: [
            ("a/b", #""a/b""#),
            ("\"\\", #""\"\\""#),
            ("\n\t\r\u{8}\u{C}", #""\n\t\r\b\f""#),
            ("\u{0}\u{1B}[31m", #""\u0000\u001b[31m""#),
            ("\u{7F}\u{80}\u{9B}\u{9F}\u{A0}é", "\"\\u007f\\u0080\\u009b\\u009f\u{A0}é\""),
            ("\u{2027}\u{2028}\u{2029}\u{202A}", "\"\u{2027}\\u2028\\u2029\u{202A}\""),
            ("日本語 👩‍👩‍👧 …", "\"日本語 👩‍👩‍👧 …\""),
        ])
    func escapes(text: String, expected: String) {
        #expect(JSONValue.string(text).text == expected)
    }

    @Test(
        "with exact integers",
        arguments: [
            (Int64.min, "-9223372036854775808"), (Int64.max, "9223372036854775807"), (0, "0"), (-1, "-1"), (10, "10"),
        ] as [(Int64, String)])
    func integers(value: Int64, expected: String) {
        #expect(JSONValue.integer(value).text == expected)
    }

    @Test(
        "with the shortest numbers, and null for those that JSON lacks",
        arguments: [
            (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
            (.infinity, "null"),
            (-.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func numbers(value: Double, expected: String) {
        #expect(JSONValue.number(value).text == expected)
    }

    @Test("so that a key can be looked up")
    func lookup() {
        let value: JSONValue = ["a": 1, "b": "x", "c": [.number(1.5)], "d": true]
        #expect(value["a"]?.integer == 1 && value["a"]?.number == 1)
        #expect(value["b"]?.string == "x" && value["b"]?.integer == nil)
        #expect(value["c"]?.array?.count == 1 && value["d"]?.bool == true)
        #expect(value["e"] == nil && value["b"]?["a"] == nil && value.object?.count == 4)
    }
}
