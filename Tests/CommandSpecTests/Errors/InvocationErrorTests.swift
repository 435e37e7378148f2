// Errors that the program finds after parsing look like those of the parser.

import CommandSpec
import Testing

@Suite("Errors of an invocation")
struct InvocationErrorTests {
    private static let names = Option("names", .list(of: .text), environment: "APP_NAMES", help: "Names")
    private static let count = Option("count", short: "c", .integer(in: 0...9), default: 1, help: "How many")
    private static let place = Operand(optional: "PLACE", .text, help: "Where")
    private static let specification = Specification(
        program: "app", version: "1", abstract: "x",
        verbs: {
            [
                Command(
                    ["go"], "Go", operands: [place], options: [names, count],
                    fields: [Field("colour", .string, "x"), Field("size", .integer, "x")])
            ]
        })

    private func invocation(
        _ words: String..., environment: [String: String] = [:], config: String? = nil
    ) throws -> Invocation {
        let request = try Self.specification.parse(
            words, environment: { environment[$0] }, configuration: config.map { ConfigurationFile($0) })
        guard case .run(let invocation) = request else { throw NotAnInvocation() }
        return invocation
    }

    @Test("the caret stands under the value, however it was written")
    func values() throws {
        let lines: [(Invocation, String)] = [
            (try invocation("go", "--count", "3"), "    app go --count 3\n                   ^\n"),
            (try invocation("go", "--count=3"), "    app go --count=3\n                   ^\n"),
            (try invocation("go", "-c3", "x"), "    app go -c3 x\n             ^\n"),
        ]
        for (line, excerpt) in lines {
            let error = line.error(.invalidValue, "no", about: Self.count)
            #expect(error.rendered(program: "app") == "app: error: no\n" + excerpt)
        }
        let operand = try invocation("go", "there").error(.invalidValue, "no", about: Self.place, hint: "stay")
        #expect(operand.rendered(program: "app") == "app: error: no\n    app go there\n           ^~~~~\nhint: stay\n")
    }

    @Test("an unknown field is shown in its list, with what may have been meant")
    func fields() throws {
        let error = try invocation("go", "--names=size,sise,siz").unknownField("siz", in: Self.names)
        #expect(
            error.rendered(program: "app") == """
                app: error: "go" has no field "siz"; there are colour, size
                    app go --names=size,sise,siz
                                             ^~~
                try: app go --names=size,sise,size

                """)
        #expect(error.suggestions == [["go", "--names=size,sise,size"]])
    }

    @Test("a value from elsewhere is named by its origin")
    func origins() throws {
        let variable = try invocation("go", environment: ["APP_NAMES": "x"]).error(.conflict, "no", about: Self.names)
        #expect(variable.message == "APP_NAMES: no")
        #expect(variable.excerpt == nil)
        let setting = try invocation("go", config: "--count 3").error(.conflict, "no", about: Self.count)
        #expect(setting.message == "config:1: no")
        #expect(setting.origin == .configuration(line: 1))
        #expect(try invocation("go").error(.conflict, "no", about: Self.count).message == "no")
    }

    @Test("what is missing is missed at the end of the line")
    func missing() throws {
        let error = try invocation("go", "a b").missing("where to?", hint: "somewhere")
        #expect(
            error.rendered(program: "app")
                == "app: error: where to?\n    app go 'a b'\n                 ^\nhint: somewhere\n")
    }

    @Test("options that are set elsewhere than on the line are known with their origins")
    func settings() throws {
        let line = try invocation("go", "x", environment: ["APP_NAMES": "x"], config: "--count 3")
        #expect(line.options.settings.map(\.flag) == ["--names", "--count"])
        #expect(line.options.settings.map(\.origin) == [.environment("APP_NAMES"), .configuration(line: 1)])
        #expect(try invocation("go", "--count", "3").options.settings.isEmpty)
    }

    @Test("a file's path is a hint in errors about it")
    func path() {
        let file = ConfigurationFile("--count x", path: "my/config")
        do throws(UsageError) {
            _ = try Self.specification.parse(["go"], configuration: file)
            Issue.record("no error")
        } catch {
            #expect(error.hint == "config is \"my/config\"")
            #expect(error.message.hasPrefix("config:1: "))
        }
    }
}
