// The built-in notations: what they read, what they refuse, and that they read back what they write.

import CommandSpec
import Testing

@Suite("Value types")
struct ValueTypeTests {
    @Test(
        "A duration is a count and a unit",
        arguments: [
            ("250ms", 250), ("20s", 20_000), ("2m", 120_000), ("24h", 86_400_000), ("3d", 259_200_000), ("0s", 0),
        ])
    func durations(word: String, milliseconds: Int64) throws {
        #expect(try ValueType<Int64>.duration.parse(word) == milliseconds)
    }

    @Test(
        "Other words are no duration", arguments: ["", "20", "s", "-2s", "2 s", "1.5s", "2M", "99999999999999d", "2s "])
    func noDurations(word: String) {
        #expect(throws: ValueError.self) { try ValueType<Int64>.duration.parse(word) }
    }

    @Test(
        "A size is bytes or a count and a unit",
        arguments: [
            ("512", 512), ("64K", 65_536), ("10M", 10_485_760), ("2G", 2_147_483_648), ("1T", 1_099_511_627_776),
            ("0", 0),
        ])
    func sizes(word: String, bytes: Int64) throws {
        #expect(try ValueType<Int64>.size.parse(word) == bytes)
    }

    @Test("Other words are no size", arguments: ["", "K", "-1", "64KB", "64k", "9999999999G", "99999999999999999999"])
    func noSizes(word: String) {
        #expect(throws: ValueError.self) { try ValueType<Int64>.size.parse(word) }
    }

    @Test("What is written is read back", arguments: [0, 1, 999, 1_000, 1_024, 60_000, 65_536, 86_400_000, Int64.max])
    func roundTrip(amount: Int64) throws {
        let duration = ValueType<Int64>.duration
        let size = ValueType<Int64>.size
        #expect(try duration.parse(duration.format(amount)) == amount)
        #expect(try size.parse(size.format(amount)) == amount)
    }

    @Test("Whole numbers keep to their range and type")
    func integers() throws {
        #expect(try ValueType<Int>.integer(in: -1...5).parse("-1") == -1)
        #expect(try ValueType<UInt64>.integer().parse("18446744073709551615") == .max)
        for word in ["6", "-2", "x", "", "1.0", "1e1", " 1", "99999999999999999999"] {
            #expect(throws: ValueError.self) { try ValueType<Int>.integer(in: -1...5).parse(word) }
        }
        #expect(ValueType<Int>.integer().expectation == "a whole number")
        #expect(ValueType<UInt64>.integer().kind == .integer(minimum: "0", maximum: nil))
        #expect(ValueType<Int>.integer(in: Int.min...4).expectation == "a whole number not above 4")
    }

    @Test("Decimal numbers are finite")
    func numbers() throws {
        #expect(try ValueType<Double>.number().parse("-0.5") == -0.5)
        for word in ["nan", "inf", "1e999", "", "x"] {
            #expect(throws: ValueError.self) { try ValueType<Double>.number().parse(word) }
        }
        #expect(throws: ValueError.self) { try ValueType<Double>.number(in: 0...1).parse("1.5") }
    }

    @Test("A pair ends its key at the first =")
    func pairs() throws {
        let pair = try ValueType<KeyValue>.keyValue.parse("a=b=c")
        #expect(pair.key == "a")
        #expect(pair.value == "b=c")
        #expect(pair.description == "a=b=c")
        #expect(try ValueType<KeyValue>.keyValue.parse("a=").value == "")
        for word in ["a", "=b", "", "="] {
            #expect(throws: ValueError.self) { try ValueType<KeyValue>.keyValue.parse(word) }
        }
    }

    @Test("A list blames its empty or wrong element")
    func lists() throws {
        let list = ValueType<[Int]>.list(of: .integer(in: 0...9))
        #expect(try list.parse("1,2,3") == [1, 2, 3])
        #expect(list.format([1, 2]) == "1,2")
        #expect(throws: ValueError("a value is empty", at: 2..<3)) { try list.parse("1,") }
        #expect(throws: ValueError("", at: 2..<4)) { try list.parse("1,22,3") }
    }

    @Test("A path is not empty and has no NUL", arguments: ["", "a\0b"])
    func paths(word: String) {
        #expect(throws: ValueError.self) { try ValueType<String>.file.parse(word) }
        #expect(throws: ValueError.self) { try ValueType<String>.directory.parse(word) }
        #expect(throws: ValueError.self) { try ValueType<FileOrDash>.fileOrDash.parse(word) }
    }

    @Test("Each kind says how it is completed")
    func completion() {
        #expect(ValueType<Handle>.handle.kind.completion == .custom("handle"))
        #expect(ValueType<FileOrDash>.fileOrDash.kind.completion == .files)
        #expect(ValueType<String>.directory.kind.completion == .directories)
        #expect(ValueType<[String]>.list(of: .choice("a")).kind.completion == .choices([Choice("a")]))
        #expect(ValueType<String>.text.kind.completion == .none)
    }

    @Test("A time is read by the client")
    func time() throws {
        let type = ValueType<Int>.time { (word) throws(ValueError) in
            guard word == "now" else { throw ValueError("only now is known") }
            return 0
        }
        #expect(type.kind == .time)
        #expect(try type.parse("now") == 0)
        #expect(throws: ValueError("only now is known")) { try type.parse("then") }
    }

    @Test("An environment variable turns a switch on or off")
    func switchVariables() throws {
        let loud = Switch("loud", environment: "LOUD", help: "Shout")
        let specification = Specification(
            program: "app", version: "1", abstract: "Shout", globals: [loud], verbs: { [Command(["say"], "Say it")] })
        for (text, isOn) in [("1", true), ("yes", true), ("TRUE", true), ("0", false), ("off", false), ("", false)] {
            let globals = specification.globals(in: ["say"], environment: { $0 == "LOUD" ? text : nil })
            #expect(globals.isOn(loud) == isOn, "\(text)")
        }
        #expect(failure(["say"], environment: ["LOUD": "maybe"], specification: specification)?.code == .invalidValue)
    }
}
