// Declarations are checked by a test of the client, not at start-up: a mistake in them is a mistake of the program,
// and finding it means building every noun.

extension Specification {
    /// What is wrong with the declarations, each in a sentence; empty when all is well.
    package func problems() -> [String] {
        var check = DeclarationCheck(specification: self)
        check.run()
        return check.problems
    }
}

/// A walk over a specification that collects problems.
struct DeclarationCheck {
    private static let longestHelp = 100

    let specification: Specification
    private(set) var problems: [String] = []

    init(specification: Specification) {
        self.specification = specification
    }

    mutating func run() {
        checkNames(
            specification.firstWords + specification.guides.map(\.name), "first word", in: specification.program)
        checkText(specification.abstract, "abstract", of: specification.program)
        check(specification.globals, in: specification.program)
        checkGroups(specification.groups, specification.globals, operands: [], in: specification.program)
        for noun in specification.nouns {
            checkText(noun.abstract, "abstract", of: noun.name)
            checkNames(noun.commands.map(\.verb), "verb", in: noun.name)
            for command in noun.commands {
                let isUnderNoun = command.path.count == 2 && command.path[0] == noun.name
                report(!isUnderNoun, command.name, "has a path that is not \"\(noun.name) VERB\"")
                check(command)
            }
        }
        for command in specification.verbs {
            report(command.path.count != 1, command.name, "has a path that is not one verb")
            check(command)
        }
        for guide in specification.guides {
            report(!isWord(guide.name), guide.name, "is not a lower-case word")
            checkText(guide.abstract, "abstract", of: guide.name)
            for example in guide.examples { checkText(example.purpose, "example", of: guide.name) }
            for row in guide.parts.flatMap(\.rows) {
                report(
                    row.text.isEmpty || row.text.hasSuffix("."), guide.name,
                    "has a row \(row.label) without text or with a full stop")
            }
        }
    }

    private mutating func check(_ command: Command) {
        let name = command.name
        let isOdd = !command.isHidden && command.path.contains { !isWord($0) }
        report(isOdd, name, "has a path that is not of lower-case words")
        checkText(command.abstract, "abstract", of: name)
        report(!command.isHidden && command.examples.isEmpty, name, "has no example")
        for example in command.examples where !example.line.contains("\(specification.program) \(name)") {
            report(true, name, "has an example that does not use it: \(example.line)")
        }
        for example in command.examples { checkText(example.purpose, "example", of: name) }
        check(command.operands, in: name)
        check(command.options, in: name)
        checkClashes(command.options, in: name)
        checkGroups(
            command.groups, command.options, operands: command.operands, globals: specification.globals, in: name)
        checkNames(command.fields.map(\.name), "field", in: name)
        for field in command.fields { checkText(field.help, "field \(field.name)", of: name) }
        checkNames(command.exits.map { String($0.status) }, "exit status", in: name)
    }

    private mutating func check(_ operands: [OperandDeclaration], in owner: String) {
        checkNames(operands.map(\.name), "operand", in: owner)
        for (earlier, later) in zip(operands, operands.dropFirst()) {
            report(
                earlier.isRepeated, owner,
                "has operand \(later.name) after \(earlier.name), which takes all words")
            report(
                !earlier.isRequired && later.isRequired, owner,
                "has the required operand \(later.name) after \(earlier.name), which is optional")
        }
        for operand in operands {
            checkText(operand.help, "operand \(operand.name)", of: owner)
            let isMixed = operand.name.contains(where: \.isLowercase)
            report(isMixed, owner, "has an operand not in capitals: \(operand.name)")
        }
    }

    private mutating func check(_ table: OptionTable, in owner: String) {
        let options = table.declarations
        checkNames(options.map(\.flag) + options.compactMap(\.negation), "option", in: owner)
        checkNames(options.compactMap { $0.short.map { "-\($0)" } }, "short option", in: owner)
        for option in options {
            report(!isWord(option.long), owner, "has an option that is not a lower-case word: \(option.flag)")
            let letter = option.short ?? "a"
            let isLetter = letter.isASCII && letter.value > 0x20 && letter != "-" && letter != "="
            report(!isLetter, owner, "has a short option that is no letter or digit: \(option.flag)")
            checkText(option.help, "option \(option.flag)", of: owner)
            guard let text = option.defaultText else { continue }
            report(!reads(text, option), owner, "has a default that \(option.flag) does not read: \(text)")
        }
    }

    /// A command's option may not have the name or letter of a global: both are accepted in the same place.
    private mutating func checkClashes(_ table: OptionTable, in owner: String) {
        for option in table.declarations {
            for global in specification.globals.declarations {
                let names = [option.flag, option.negation].compactMap { $0 }
                let taken = [global.flag, global.negation].compactMap { $0 }.contains(where: names.contains)
                report(taken, owner, "has option \(option.flag), which is a global")
                report(
                    option.short != nil && option.short == global.short, owner,
                    "has option \(option.flag) with the letter of the global \(global.flag)")
            }
        }
    }

    private mutating func checkGroups(
        _ groups: [ExclusiveGroup], _ table: OptionTable, operands: [OperandDeclaration], globals: OptionTable? = nil,
        in owner: String
    ) {
        for group in groups {
            report(group.members.count < 2 && !group.isRequired, owner, "has a group of fewer than two members")
            for member in group.members {
                let isKnown =
                    switch member {
                    case .option(let long): table.index(long: long) != nil || globals?.index(long: long) != nil
                    case .operand(let name): operands.contains { $0.name == name }
                    }
                report(!isKnown, owner, "has a group with an unknown member: \(member.label)")
            }
        }
    }

    private mutating func checkNames(_ names: [String], _ what: String, in owner: String) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            report(true, owner, "has \(what) \(name) twice")
        }
    }

    private mutating func checkText(_ text: String, _ what: String, of owner: String) {
        report(text.isEmpty, owner, "lacks help: \(what)")
        let isLong = text.unicodeScalars.count > Self.longestHelp
        report(isLong, owner, "has help over \(Self.longestHelp) columns: \(what)")
        report(text.hasSuffix("."), owner, "has help that ends with a full stop: \(what)")
        report(text.contains("\n"), owner, "has help of more than one line: \(what)")
    }

    private mutating func report(_ isProblem: Bool, _ owner: String, _ problem: String) {
        if isProblem { problems.append("\"\(owner)\" \(problem)") }
    }

    private func reads(_ text: String, _ option: OptionDeclaration) -> Bool {
        do throws(ValueError) {
            _ = try option.convert(text)
            return true
        } catch {
            return false
        }
    }

    private func isWord(_ text: String) -> Bool {
        let isPlain = text.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || isDigit($0) || $0 == "-" }
        return isPlain && !text.isEmpty && !text.hasPrefix("-")
    }
}
