// In which language a text is, for `lang:` and without more than its terms: by its script where that has one language,
// and in Latin letters by the words with which sentences are built.

/// The languages that are told apart.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case spanish = "es"
    case portuguese = "pt"
    case italian = "it"
    case dutch = "nl"
    case japanese = "ja"
    case korean = "ko"
    case chinese = "zh"
    case russian = "ru"
    case ukrainian = "uk"
    case greek = "el"
    case arabic = "ar"
    case persian = "fa"
    case hebrew = "he"
    case thai = "th"
    case hindi = "hi"
}

/// Guesses languages.
package enum LanguageGuess {
    /// The language of one text, whose terms are not stemmed; nil when it is not clear.
    ///
    /// - Complexity: O(terms); nothing is allocated.
    package static func language(of list: TermList) -> Language? {
        let bytes = list.bytes.span
        var counts = InlineArray<11, Int>(repeating: 0)
        var latin = FunctionWords.Count()
        var cyrillic = ScriptLetters.none
        var arabic = ScriptLetters.none
        var tag: Range<UInt32> = 0..<0
        for term in list.terms {
            if term.kind == .tag { tag = term.source }
            // What tags and names say is in any language.
            guard term.kind == .word || term.kind == .bigram, !tag.contains(term.source.lowerBound) else { continue }
            let word = bytes.extracting(Int(term.stored.lowerBound)..<Int(term.stored.upperBound))
            let script = Script(word)
            counts[script.rawValue] += 1
            switch script {
            case .latin: latin.add(word)
            case .cyrillic: cyrillic.formUnion(.cyrillic(word))
            case .arabic: arabic.formUnion(.arabic(word))
            default: break
            }
        }
        func count(_ script: Script) -> Int { counts[script.rawValue] }
        var most = Script.latin
        for script in [Script.cyrillic, .greek, .hebrew, .arabic, .devanagari, .thai, .hangul] where count(script) > 0 {
            if count(script) >= count(most) { most = script }
        }
        let japanese = count(.kana) + count(.han)
        // A single sign may be part of a face.
        if japanese > 1, japanese >= count(most) {
            // Without kana no Japanese text is long; Chinese ones borrow a few.
            return count(.kana) > 0 && count(.kana) * 8 >= count(.han) ? .japanese : .chinese
        }
        switch most {
        case .latin: return latin.language
        case .cyrillic: return cyrillic.contains(.foreign) ? nil : cyrillic.contains(.own) ? .ukrainian : .russian
        case .arabic: return arabic.contains(.foreign) ? nil : arabic.contains(.own) ? .persian : .arabic
        case .greek: return .greek
        case .hebrew: return .hebrew
        case .devanagari: return .hindi
        case .thai: return .thai
        case .hangul: return .korean
        case .kana, .han, .other: return nil
        }
    }
}

/// What a word's first letter belongs to.
private enum Script: Int {
    case latin, cyrillic, greek, hebrew, arabic, devanagari, thai, kana, han, hangul, other

    init(_ word: Span<UInt8>) {
        let lead = word[0]
        let second = word.count > 1 ? word[1] : 0
        switch (lead, second) {
        case (0x61...0x7A, _), (0xC3...0xC9, _), (0xE1, 0xB8...0xBB): self = .latin
        case (0xCE...0xCF, _), (0xE1, 0xBC...0xBF): self = .greek
        case (0xD0...0xD3, _): self = .cyrillic
        case (0xD7, _): self = .hebrew
        case (0xD8...0xDB, _): self = .arabic
        case (0xE0, 0xA4...0xA5): self = .devanagari
        case (0xE0, 0xB8...0xB9): self = .thai
        case (0xE3, 0x81...0x83), (0xEF, 0xBD...0xBE): self = .kana
        case (0xE3, 0x90...), (0xE4...0xE9, _): self = .han
        case (0xE1, 0x84...0x87), (0xEA, 0xB0...), (0xEB...0xED, _): self = .hangul
        default: self = .other
        }
    }
}

/// Letters that tell the languages of one script apart.
private struct ScriptLetters: OptionSet {
    let rawValue: UInt8

    static let none: ScriptLetters = []
    /// A letter of Ukrainian or Persian that the script's main language has not.
    static let own = ScriptLetters(rawValue: 1)
    /// A letter of further languages.
    static let foreign = ScriptLetters(rawValue: 2)

    static func cyrillic(_ word: Span<UInt8>) -> ScriptLetters {
        pairs(of: word) { lead, byte in
            switch (lead, byte) {
            // є, і, ї and ґ.
            case (0xD1, 0x94), (0xD1, 0x96...0x97), (0xD2, 0x91): own
            case (0xD1, 0x92...0x9F), (0xD2...0xD3, _): foreign
            default: none
            }
        }
    }

    static func arabic(_ word: Span<UInt8>) -> ScriptLetters {
        pairs(of: word) { lead, byte in
            switch (lead, byte) {
            // پ, چ, ژ and گ.
            case (0xD9, 0xBE), (0xDA, 0x86), (0xDA, 0x98), (0xDA, 0xAF): own
            // ٹ, ڈ, ڑ, ں, ہ and ے of Urdu.
            case (0xD9, 0xB9), (0xDA, 0x88), (0xDA, 0x91), (0xDA, 0xBA), (0xDB, 0x81), (0xDB, 0x92): foreign
            default: none
            }
        }
    }

    private static func pairs(of word: Span<UInt8>, _ letters: (UInt8, UInt8) -> ScriptLetters) -> ScriptLetters {
        var found = none
        for place in word.indices.dropFirst() { found.formUnion(letters(word[place - 1], word[place])) }
        return found
    }
}
