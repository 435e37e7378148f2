// The little of a shell that transcripts are written in: words and quotes, variables, `$(…)`, pipes and redirections.

/// One line of a shell, split into its stages.
struct ShellLine {
    /// One command of a pipeline.
    struct Stage {
        /// `NAME=value` before the command.
        var variables: [(name: String, value: String)] = []
        /// The command and its arguments.
        var words: [String] = []
        /// The input: `< FILE`.
        var inputFile: String?
        /// The input: `<<< WORD`, with a newline.
        var inputText: String?
        /// The word that ends the input: `<<END`.
        var inputEnd: String?
        /// The output: `> FILE`.
        var outputFile: String?
    }

    private(set) var stages: [Stage] = []

    private enum Token: Equatable {
        /// A word; bare when nothing of it was quoted.
        case word(String, bare: Bool)
        case sign(String)
    }

    /// Splits a line.
    ///
    /// - Parameters:
    ///   - variable: the value of `$NAME`.
    ///   - command: the output of `$(…)`.
    init(
        _ line: String, variable: @escaping (String) -> String, command: @escaping (String) throws -> String
    ) throws {
        var tokens: [Token] = []
        var scanner = Scanner(rest: Substring(line), variable: variable, command: command)
        while let token = try scanner.token() { tokens.append(token) }
        var stage = Stage()
        var rest = tokens[...]
        while let token = rest.popFirst() {
            switch token {
            case .word(let word, let bare):
                if stage.words.isEmpty, bare, let assignment = Self.assignment(word) {
                    stage.variables.append(assignment)
                } else {
                    stage.words.append(word)
                }
            case .sign("|"):
                stages.append(stage)
                stage = Stage()
            case .sign(let sign):
                guard case .word(let word, _) = rest.popFirst() else { throw TranscriptError("nothing after \(sign)") }
                switch sign {
                case "<": stage.inputFile = word
                case "<<<": stage.inputText = word + "\n"
                case "<<": stage.inputEnd = word
                default: stage.outputFile = word
                }
            }
        }
        stages.append(stage)
    }

    private static func assignment(_ word: String) -> (name: String, value: String)? {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else { return nil }
        let name = word[..<equals]
        guard name.allSatisfy({ $0.isUppercase || $0 == "_" }) else { return nil }
        return (String(name), String(word[word.index(after: equals)...]))
    }

    /// Goes once through a line.
    private struct Scanner {
        var rest: Substring
        let variable: (String) -> String
        let command: (String) throws -> String

        mutating func token() throws -> Token? {
            rest = rest.drop { $0 == " " }
            guard let first = rest.first else { return nil }
            if "|<>".contains(first) {
                let sign = rest.prefix { $0 == first }
                rest = rest.dropFirst(sign.count)
                return .sign(String(sign))
            }
            var word = ""
            var isBare = true
            while let character = rest.first, !" |<>".contains(character) {
                rest.removeFirst()
                switch character {
                case "'":
                    isBare = isBare && !word.isEmpty
                    word += try upTo("'")
                case "\"":
                    isBare = isBare && !word.isEmpty
                    try quoted(into: &word)
                case "$" where rest.first == "'":
                    rest.removeFirst()
                    word += Escapes.decode(try upTo("'"))
                case "$": word += try expansion()
                case "\\": word.append(rest.popFirst() ?? "\\")
                default: word.append(character)
                }
            }
            return .word(word, bare: isBare)
        }

        private mutating func upTo(_ end: Character) throws -> String {
            guard let index = rest.firstIndex(of: end) else { throw TranscriptError("\(end) is not closed") }
            defer { rest = rest[rest.index(after: index)...] }
            return String(rest[..<index])
        }

        private mutating func quoted(into word: inout String) throws {
            while let character = rest.popFirst() {
                switch character {
                case "\"": return
                case "$": word += try expansion()
                case "\\" where rest.first.map { "\"$\\".contains($0) } ?? false: word.append(rest.removeFirst())
                default: word.append(character)
                }
            }
            throw TranscriptError("\" is not closed")
        }

        private mutating func expansion() throws -> String {
            if rest.first == "(" {
                rest.removeFirst()
                return try command(try upTo(")"))
            }
            let name = rest.prefix { $0.isUppercase || $0 == "_" }
            rest = rest.dropFirst(name.count)
            return name.isEmpty ? "$" : variable(String(name))
        }
    }
}

/// The escapes of `printf` and `$'…'`.
enum Escapes {
    /// A text with its escapes replaced; bytes that are no text need `bytes(of:)`.
    static func decode(_ text: String) -> String { String(decoding: bytes(of: text), as: UTF8.self) }

    /// The bytes of a text with escapes: `\n \t \r \\ \0 \e`, `\xHH` for a byte, `\u{HHHH}` for a character.
    static func bytes(of text: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\\", let letter = rest.popFirst() else {
                result += Array(String(character).utf8)
                continue
            }
            switch letter {
            case "n": result.append(0x0A)
            case "t": result.append(0x09)
            case "r": result.append(0x0D)
            case "e": result.append(0x1B)
            case "0": result.append(0)
            case "x":
                result.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            case "u":
                let digits = rest.dropFirst().prefix { $0 != "}" }
                rest = rest.dropFirst(digits.count + 2)
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "?"
                result += Array(String(Character(scalar)).utf8)
            default: result += Array(String(letter).utf8)
            }
        }
        return result
    }
}
