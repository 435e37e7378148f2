// The check of declarations finds each mistake that it knows, and nothing wrong with the sample.

import CommandSpec
import Testing

@Suite("Problems of declarations")
struct ProblemsTests {
    @Test("The sample has none")
    func sample() {
        #expect(Sample.specification.problems() == [])
    }

    @Test(
        "Each mistake is found",
        arguments: [
            ("\"a b\" has no example", Command(["a", "b"], "Do")),
            ("\"a b\" lacks help: abstract", command(abstract: "")),
            ("\"a b\" has help that ends with a full stop: abstract", command(abstract: "Do.")),
            ("\"a b\" has help over 100 columns: abstract", command(abstract: String(repeating: "x", count: 101))),
            ("\"a c\" has an example that does not use it: app a b", command(["a", "c"])),
            ("\"b c\" has a path that is not \"a VERB\"", command(["b", "c"])),
            ("\"a B\" has a path that is not of lower-case words", command(["a", "B"])),
            (
                "\"a b\" has the required operand Y after X, which is optional",
                command(operands: [Operand(optional: "X", .text, help: "X"), Operand("Y", .text, help: "Y")])
            ),
            (
                "\"a b\" has operand Y after X, which takes all words",
                command(operands: [Operand(oneOrMore: "X", .text, help: "X"), Operand("Y", .text, help: "Y")])
            ),
            (
                "\"a b\" has operand X twice",
                command(operands: [Operand("X", .text, help: "X"), Operand("X", .text, help: "X")])
            ),
            ("\"a b\" lacks help: operand X", command(operands: [Operand("X", .text, help: "")])),
            ("\"a b\" has an operand not in capitals: x", command(operands: [Operand("x", .text, help: "X")])),
            ("\"a b\" has option --x twice", command(options: [Switch("x", help: "X"), Switch("x", help: "X")])),
            (
                "\"a b\" has option --no-x twice",
                command(options: [Switch("x", negatable: true, help: "X"), Switch("no-x", help: "X")])
            ),
            (
                "\"a b\" has short option -x twice",
                command(options: [Switch("x", short: "x", help: "X"), Switch("y", short: "x", help: "Y")])
            ),
            ("\"a b\" lacks help: option --x", command(options: [Switch("x", help: "")])),
            ("\"a b\" has option --help, which is a global", command(options: [Switch("help", help: "X")])),
            (
                "\"a b\" has option --x with the letter of the global --help",
                command(options: [Switch("x", short: "h", help: "X")])
            ),
            (
                "\"a b\" has a default that --x does not read: 9",
                command(options: [Option("x", .integer(in: 0...5), default: 9, help: "X")])
            ),
            ("\"a b\" has an option that is not a lower-case word: --X", command(options: [Switch("X", help: "X")])),
            (
                "\"a b\" has a group with an unknown member: --y",
                command(groups: [ExclusiveGroup(Switch("y", help: "Y"), Switch.help)])
            ),
            ("\"a b\" has field id twice", command(fields: [Field("id", .string, "X"), Field("id", .string, "X")])),
        ])
    func mistake(problem: String, command: Command) {
        let specification = Specification(
            program: "app", version: "1", abstract: "Test", nouns: [Noun("a", "A noun") { [command] }])
        #expect(specification.problems().contains(problem), "\(specification.problems())")
    }

    @Test("Nouns and verbs may not share a name")
    func sharedNames() {
        let specification = Specification(
            program: "app", version: "1", abstract: "Test", nouns: [Noun("a", "A noun") { [command()] }],
            verbs: { [command(["a"])] })
        #expect(specification.problems() == ["\"app\" has first word a twice"])
    }
}

/// A command without a fault but for what is given.
private func command(
    _ path: [String] = ["a", "b"], abstract: String = "Do", operands: [any OperandDeclaring] = [],
    options: [any OptionDeclaring] = [], groups: [ExclusiveGroup] = [], fields: [Field] = []
) -> Command {
    Command(
        path, abstract, operands: operands, options: options, groups: groups,
        examples: [Example("app a b", "Try it")], fields: fields)
}
