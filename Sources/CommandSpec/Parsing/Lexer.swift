// The first two stages: words become options and operands, and the leading operands become the command. They run
// together because the command decides which options there are, and options may stand between its words. An error does
// not stop the walk: a help switch further on makes it irrelevant. Words are compared by bytes; `-` and `=` are ASCII.

/// One option as it was written.
struct Occurrence: Sendable {
    /// The declaration, as a place in the globals, or behind them in the command's options.
    let slot: Int
    /// The word and the bytes of it that name the option.
    let place: Place
    /// The value, where one was written.
    let text: String?
    /// The word and the bytes of it that are the value.
    let textPlace: Place
    /// Whether it was written `--no-NAME`.
    let isNegated: Bool
}

/// Bytes of a word of the line.
struct Place: Sendable {
    let word: Int
    let bytes: Range<Int>
}

/// The walk over a line.
struct Lexer {
    let specification: Specification
    let words: [String]
    private(set) var noun: Noun?
    private(set) var command: Command?
    private(set) var occurrences: [Occurrence] = []
    /// The operands, as indices of words.
    private(set) var operands: [Int] = []
    private(set) var firstError: UsageError?
    private(set) var wantsHelp = false
    private(set) var wantsVersion = false
    /// The slot of the option at the end of the line, where its value is missing.
    private(set) var openSlot: Int?
    /// Whether a `--` has ended the options.
    private(set) var isPastOptions = false
    /// Whether a word stands where only a command could, and is none.
    private(set) var isLost = false
    private var index = 0

    init(_ specification: Specification, _ words: [String]) {
        self.specification = specification
        self.words = words
        while index < words.count {
            do throws(UsageError) {
                try step()
            } catch {
                if firstError == nil { firstError = error }
            }
        }
    }

    /// The declaration in a slot.
    func declaration(_ slot: Int) -> OptionDeclaration {
        let globals = specification.globals.declarations
        guard slot >= globals.count, let command else { return globals[slot] }
        return command.options.declarations[slot - globals.count]
    }

    /// What may follow the option in a slot, without a copy of its declaration.
    private func arity(_ slot: Int) -> OptionDeclaration.Arity {
        let count = specification.globals.declarations.count
        guard slot >= count, let arity = command?.options.declarations[slot - count].arity else {
            return specification.globals.declarations[slot].arity
        }
        return arity
    }

    private mutating func step() throws(UsageError) {
        let word = words[index]
        index += 1
        if isPastOptions || !looksLikeOption(word) {
            try takeOperand(word)
        } else if word.utf8.count == 2, word.utf8.last == UInt8(ascii: "-") {
            isPastOptions = true
        } else if word.utf8.starts(with: "--".utf8) {
            try takeLong(word)
        } else {
            try takeShorts(word)
        }
    }

    /// A lone `-` is an operand, and so is a negative number unless its digits are short options.
    private func looksLikeOption(_ word: String) -> Bool {
        var bytes = word.utf8.makeIterator()
        guard bytes.next() == UInt8(ascii: "-"), let second = bytes.next() else { return false }
        guard isDigit(Unicode.Scalar(second)), let command, !command.options.hasDigit else { return true }
        return !isNegativeNumber(word)
            || word.unicodeScalars.dropFirst().allSatisfy { specification.globals.index(short: $0) != nil }
    }
}

extension Lexer {
    /// An operand before the command is complete is a word of its path.
    private mutating func takeOperand(_ word: String) throws(UsageError) {
        if command != nil {
            operands.append(index - 1)
        } else if let noun {
            try takeVerb(word, of: noun)
        } else if !isLost {
            try takeFirstWord(word)
        }
    }

    private mutating func takeFirstWord(_ word: String) throws(UsageError) {
        for candidate in specification.nouns where candidate.name == word {
            noun = candidate
            return
        }
        let verbs = specification.verbs
        guard let place = verbs.firstIndex(where: { $0.verb == word }) else {
            isLost = true
            throw .unknownCommand(at: index - 1, noun: nil, in: self)
        }
        command = verbs[place]
    }

    private mutating func takeVerb(_ word: String, of noun: Noun) throws(UsageError) {
        guard !isLost else { return }
        let commands = noun.commands
        if let place = commands.firstIndex(where: { $0.verb == word }) {
            command = commands[place]
        } else if word == "help" {
            command = Command.help(of: specification.program)
        } else {
            isLost = true
            throw .unknownCommand(at: index - 1, noun: noun, in: self)
        }
    }
}

extension Lexer {
    private mutating func takeLong(_ word: String) throws(UsageError) {
        let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
        let nameEnd = equals ?? word.endIndex
        let name = String(word[word.utf8.index(word.startIndex, offsetBy: 2)..<nameEnd])
        let nameLength = word.utf8.distance(from: word.startIndex, to: nameEnd)
        let place = Place(word: index - 1, bytes: 0..<nameLength)
        guard let (slot, isNegated) = find(long: name) else {
            throw .unknownOption(String(word[..<nameEnd]), at: place, in: self)
        }
        var text: String?
        var textPlace = place
        if let equals {
            text = String(word[word.utf8.index(after: equals)...])
            textPlace = Place(word: index - 1, bytes: nameLength + 1..<word.utf8.count)
        }
        switch arity(slot) {
        case .none:
            guard text == nil else { throw .unexpectedValue(of: declaration(slot), at: textPlace, in: self) }
        case .value:
            if text == nil { (text, textPlace) = try nextWord(for: slot, at: place) }
        case .optionalValue:
            break
        }
        append(Occurrence(slot: slot, place: place, text: text, textPlace: textPlace, isNegated: isNegated))
    }

    /// Letters after one dash: switches, and at most one option whose value is the rest of the word or the next one.
    private mutating func takeShorts(_ word: String) throws(UsageError) {
        let start = index - 1
        var cursor = word.unicodeScalars.index(after: word.startIndex)
        while cursor < word.endIndex {
            let next = word.unicodeScalars.index(after: cursor)
            let offset = word.utf8.distance(from: word.startIndex, to: cursor)
            let end = word.utf8.distance(from: word.startIndex, to: next)
            let place = Place(word: start, bytes: offset..<end)
            let letter = word.unicodeScalars[cursor]
            guard let slot = slot(short: letter) else {
                throw .unknownOption("-" + String(letter), at: place, in: self)
            }
            cursor = next
            var text: String?
            var textPlace = place
            if arity(slot) == .value {
                if cursor < word.endIndex {
                    text = String(word[cursor...])
                    textPlace = Place(word: start, bytes: end..<word.utf8.count)
                    cursor = word.endIndex
                } else {
                    (text, textPlace) = try nextWord(for: slot, at: place)
                }
            }
            append(Occurrence(slot: slot, place: place, text: text, textPlace: textPlace, isNegated: false))
        }
    }

    /// A value is always the next word, whatever it begins with.
    private mutating func nextWord(for slot: Int, at place: Place) throws(UsageError) -> (String?, Place) {
        guard index < words.count else {
            openSlot = slot
            throw .missingValue(of: declaration(slot), at: place, in: self)
        }
        defer { index += 1 }
        return (words[index], Place(word: index, bytes: 0..<words[index].utf8.count))
    }

    private mutating func append(_ occurrence: Occurrence) {
        let builtIn = specification.globals.declarations.count
        switch occurrence.slot {
        case builtIn - 2: wantsHelp = true
        case builtIn - 1: wantsVersion = true
        default: occurrences.append(occurrence)
        }
    }

    private func find(long name: String) -> (slot: Int, isNegated: Bool)? {
        if let slot = slot(long: name) { return (slot, false) }
        guard name.utf8.starts(with: "no-".utf8) else { return nil }
        guard let slot = slot(long: String(name.unicodeScalars.dropFirst(3))) else { return nil }
        return declaration(slot).isNegatable ? (slot, true) : nil
    }

    private func slot(long name: String) -> Int? {
        let globals = specification.globals
        if let place = command?.options.index(long: name) { return globals.declarations.count + place }
        return globals.index(long: name)
    }

    private func slot(short letter: Unicode.Scalar) -> Int? {
        let globals = specification.globals
        if let place = command?.options.index(short: letter) { return globals.declarations.count + place }
        return globals.index(short: letter)
    }
}

/// Whether a word is a minus sign, digits, and at most a point between digits.
func isNegativeNumber(_ word: String) -> Bool {
    let parts = word.unicodeScalars.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    return word.utf8.first == UInt8(ascii: "-") && parts.count <= 2
        && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
}
