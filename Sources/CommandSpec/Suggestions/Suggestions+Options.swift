// Options that may have been meant: those of the command and the globals, a long name written with one dash, and a
// letter in the other case.

extension Suggestions {
    /// Lines with a known option in place of the unknown one.
    func options(for flag: String, at place: Place, in lexer: Lexer) -> [[String]] {
        let word = lexer.words[place.word]
        let declarations = (lexer.command?.options.declarations ?? []) + specification.globals.declarations
        let visible = declarations.filter { !$0.isHidden }
        guard word.utf8.starts(with: "--".utf8) else {
            return shortOptions(for: flag, at: place, in: lexer, among: visible)
        }
        let rest = String(decoding: word.utf8.dropFirst(place.bytes.upperBound), as: UTF8.self)
        let names = visible.flatMap { [$0.long] + ($0.isNegatable ? ["no-" + $0.long] : []) }
        return Self.nearest(to: String(flag.unicodeScalars.dropFirst(2)), among: names).map {
            lexer.words.replacing(place.word, with: "--" + $0 + rest)
        }
    }

    private func shortOptions(
        for flag: String, at place: Place, in lexer: Lexer, among visible: [OptionDeclaration]
    ) -> [[String]] {
        let word = lexer.words[place.word]
        let name = word.utf8.dropFirst().prefix { $0 != UInt8(ascii: "=") }
        if name.count > 1, visible.contains(where: { $0.long.utf8.elementsEqual(name) }) {
            return [lexer.words.replacing(place.word, with: "-" + word)]
        }
        let letters = visible.compactMap { $0.short.map { String($0) } }
        return Self.nearest(to: String(flag.unicodeScalars.dropFirst()), among: letters).map {
            let before = String(decoding: word.utf8.prefix(place.bytes.lowerBound), as: UTF8.self)
            let after = String(decoding: word.utf8.dropFirst(place.bytes.upperBound), as: UTF8.self)
            return lexer.words.replacing(place.word, with: before + $0 + after)
        }
    }
}
