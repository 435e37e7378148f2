// The words that the rules of Porter2 would spoil.

/// The exceptions of the English stemmer.
enum StemExceptions {
    /// Replaces a word that has a stem of its own, and says where it ends then.
    static func replace(_ bytes: inout [UInt8], _ word: StemmedWord) -> Int? {
        guard word.end - word.start <= 6 else { return nil }
        let whole = word.tail(bytes)
        guard let (_, stem) = stems.first(where: { $0.word.letters == whole }) else { return nil }
        var replaced = word
        replaced.replace(&bytes, word.end - word.start, by: stem)
        return replaced.end
    }

    /// Whether a word is done once its plural is gone.
    static func isFinal(_ bytes: [UInt8], _ word: StemmedWord) -> Bool {
        guard 6...7 ~= word.end - word.start else { return false }
        let whole = word.tail(bytes)
        return finals.contains { $0.letters == whole }
    }

    /// How long the prefix is behind which R1 begins whatever the letters are.
    static func prefixLength(_ bytes: [UInt8], _ word: StemmedWord) -> Int? {
        guard word.end - word.start >= 4 else { return nil }
        let initial = UInt64(bytes[word.start])
        for prefix in prefixes where prefix.letters >> UInt64(8 * (prefix.count - 1)) == initial {
            let part = StemmedWord(start: word.start, end: min(word.end, word.start + prefix.count))
            if part.tail(bytes) == prefix.letters { return prefix.count }
        }
        return nil
    }

    private static let stems: [(word: PackedLetters, stem: PackedLetters)] = [
        ("skis", "ski"), ("skies", "sky"), ("idly", "idl"), ("gently", "gentl"), ("ugly", "ugli"),
        ("early", "earli"), ("only", "onli"), ("singly", "singl"), ("sky", "sky"), ("news", "news"), ("howe", "howe"),
        ("atlas", "atlas"),
        ("cosmos", "cosmos"), ("bias", "bias"), ("andes", "andes"),
    ]
    private static let finals: [PackedLetters] = [
        "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed", "evening",
    ]
    private static let prefixes: [PackedLetters] = [
        "gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter",
    ]
}
