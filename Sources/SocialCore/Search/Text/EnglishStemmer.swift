// English words without their endings, so that `flows` finds `flowing`: the Porter2 algorithm as the Snowball project
// describes it (snowballstem.org/algorithms/english/stemmer.html), on ASCII bytes in place.

/// Stems English words (Porter2).
package enum EnglishStemmer {
    /// The stem of a word in lower case.
    package static func stem(_ word: String) -> String {
        var bytes = Array(word.utf8)
        let end = stem(&bytes, from: 0)
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Stems the word that fills the bytes from `start` on, and says where it ends then.
    ///
    /// A word with anything but lower-case ASCII letters and apostrophes stays as it is.
    static func stem(_ bytes: inout [UInt8], from start: Int) -> Int {
        guard bytes.count - start > 2 else { return bytes.count }
        for index in start..<bytes.count where bytes[index] &- 0x61 >= 26 && bytes[index] != 0x27 { return bytes.count }
        var word = StemmedWord(start: start, end: bytes.count)
        if let end = StemExceptions.replace(&bytes, word) { return end }
        word.prepare(&bytes)
        word.removePossessive(bytes)
        word.removePlural(&bytes)
        if !StemExceptions.isFinal(bytes, word) {
            word.removeParticiple(&bytes)
            word.turnY(&bytes)
            word.shortenDouble(&bytes)
            word.shortenSingle(&bytes)
            word.removeSuffix(bytes)
            word.removeLast(bytes)
        }
        for index in word.start..<word.end where bytes[index] == StemmedWord.consonantY {
            bytes[index] = UInt8(ascii: "y")
        }
        return word.end
    }
}

/// A word on its way to the stem.
///
/// The steps have the order of the algorithm; a `y` that is a consonant is `Y`.
struct StemmedWord {
    static let consonantY = UInt8(ascii: "Y")

    let start: Int
    var end: Int
    /// Where the regions R1 and R2 begin.
    private var first = 0
    private var second = 0

    init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// Marks consonant `y`s and finds the regions; a leading apostrophe is dropped.
    mutating func prepare(_ bytes: inout [UInt8]) {
        if bytes[start] == UInt8(ascii: "'") {
            bytes.remove(at: start)
            end -= 1
        }
        for index in start..<end where bytes[index] == UInt8(ascii: "y") {
            if index == start || Self.isVowel(bytes[index - 1]) { bytes[index] = Self.consonantY }
        }
        first = StemExceptions.prefixLength(bytes, self).map { start + $0 } ?? region(bytes, from: start)
        second = region(bytes, from: first)
    }

    /// Behind the first consonant that follows a vowel.
    private func region(_ bytes: [UInt8], from: Int) -> Int {
        var index = from + 1
        while index < end {
            if !Self.isVowel(bytes[index]), Self.isVowel(bytes[index - 1]) { return index + 1 }
            index += 1
        }
        return end
    }

    static func isVowel(_ byte: UInt8) -> Bool {
        // a, e, i, o, u and y.
        byte &- 0x61 < 26 && 0x0110_4111 & (UInt32(1) << UInt32(byte - 0x61)) != 0
    }

    /// The last eight letters of the word, the last one lowest; zeros before the word.
    @inline(__always)
    func tail(_ bytes: [UInt8]) -> UInt64 {
        var packed: UInt64 = 0
        var index = max(start, end - 8)
        while index < end {
            packed = packed << 8 | UInt64(bytes[index])
            index += 1
        }
        return packed
    }

    @inline(__always)
    func ends(_ bytes: [UInt8], _ suffix: PackedLetters) -> Bool { suffix.ends(tail(bytes)) }

    private func hasVowel(_ bytes: [UInt8], before limit: Int) -> Bool {
        var index = start
        while index < limit {
            if Self.isVowel(bytes[index]) { return true }
            index += 1
        }
        return false
    }

    /// Whether the part before `limit` ends in a short syllable.
    private func endsShort(_ bytes: [UInt8], _ limit: Int) -> Bool {
        let count = limit - start
        if count == 4, StemmedWord(start: start, end: limit).ends(bytes, "past") { return true }
        guard count >= 2, !Self.isVowel(bytes[limit - 1]), Self.isVowel(bytes[limit - 2]) else { return false }
        if count == 2 { return true }
        let last = bytes[limit - 1]
        if last == UInt8(ascii: "w") || last == UInt8(ascii: "x") || last == Self.consonantY { return false }
        return !Self.isVowel(bytes[limit - 3])
    }

    mutating func replace(_ bytes: inout [UInt8], _ count: Int, by ending: PackedLetters) {
        end -= count
        var shift = ending.count * 8
        while shift > 0 {
            shift -= 8
            let letter = UInt8(truncatingIfNeeded: ending.letters >> UInt64(shift))
            if end < bytes.count { bytes[end] = letter } else { bytes.append(letter) }
            end += 1
        }
    }

    // MARK: The steps

    /// Step 0.
    mutating func removePossessive(_ bytes: [UInt8]) {
        guard bytes[end - 1] == UInt8(ascii: "'") || bytes[end - 2] == UInt8(ascii: "'") else { return }
        if ends(bytes, "'s'") { end -= 3 } else if ends(bytes, "'s") { end -= 2 } else if ends(bytes, "'") { end -= 1 }
    }

    /// Step 1a.
    mutating func removePlural(_ bytes: inout [UInt8]) {
        guard end - start > 1, bytes[end - 1] == UInt8(ascii: "s") || bytes[end - 1] == UInt8(ascii: "d")
        else { return }
        if ends(bytes, "sses") {
            end -= 2
        } else if ends(bytes, "ied") || ends(bytes, "ies") {
            end -= end - start > 4 ? 2 : 1
        } else if ends(bytes, "s"), !ends(bytes, "us"), !ends(bytes, "ss"), hasVowel(bytes, before: end - 2) {
            end -= 1
        }
    }

    /// Step 1b.
    mutating func removeParticiple(_ bytes: inout [UInt8]) {
        let tail = tail(bytes)
        guard end > start, Self.participleEnds.contains(bytes[end - 1]) else { return }
        if tail & 0xFF_FFFF == 0x65_6564 || ends(bytes, "eedly") {
            let count = bytes[end - 1] == UInt8(ascii: "d") ? 3 : 5
            if end - count >= first { end -= count - 2 }
            return
        }
        let count = participleCount(bytes)
        if count == 3, end - start == 5, bytes[start + 1] == UInt8(ascii: "y") { return replace(&bytes, 4, by: "ie") }
        guard count > 0, hasVowel(bytes, before: end - count) else { return }
        end -= count
        if ends(bytes, "at") || ends(bytes, "bl") || ends(bytes, "iz") {
            replace(&bytes, 0, by: "e")
        } else if endsDouble(bytes) {
            // `add`, `egg` and `off` are words of their own.
            let initial = bytes[start]
            let isWhole = end - start == 3 && (initial == 0x61 || initial == 0x65 || initial == 0x6F)
            if !isWhole { end -= 1 }
        } else if first >= end, endsShort(bytes, end) {
            replace(&bytes, 0, by: "e")
        }
    }

    private static let participleEnds: [UInt8] = [0x64, 0x67, 0x79]

    private func participleCount(_ bytes: [UInt8]) -> Int {
        if ends(bytes, "ingly") { return 5 }
        if ends(bytes, "edly") { return 4 }
        if ends(bytes, "ing") { return 3 }
        return ends(bytes, "ed") ? 2 : 0
    }

    private func endsDouble(_ bytes: [UInt8]) -> Bool {
        guard end - start >= 2, bytes[end - 1] == bytes[end - 2] else { return false }
        switch bytes[end - 1] {
        case UInt8(ascii: "b"), UInt8(ascii: "d"), UInt8(ascii: "f"), UInt8(ascii: "g"), UInt8(ascii: "m"),
            UInt8(ascii: "n"), UInt8(ascii: "p"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        default: return false
        }
    }

    /// Step 1c.
    mutating func turnY(_ bytes: inout [UInt8]) {
        guard end - start > 2, bytes[end - 1] == UInt8(ascii: "y") || bytes[end - 1] == Self.consonantY,
            !Self.isVowel(bytes[end - 2])
        else { return }
        bytes[end - 1] = UInt8(ascii: "i")
    }

    private struct Rule {
        let suffix: PackedLetters
        let ending: PackedLetters
        init(_ suffix: PackedLetters, _ ending: PackedLetters) {
            self.suffix = suffix
            self.ending = ending
        }
    }

    /// The longest suffixes come first, and the first that fits decides.
    private static let doubles: [Rule] = [
        Rule("ational", "ate"), Rule("ization", "ize"), Rule("fulness", "ful"), Rule("ousness", "ous"),
        Rule("iveness", "ive"), Rule("tional", "tion"), Rule("biliti", "ble"), Rule("lessli", "less"),
        Rule("entli", "ent"), Rule("ation", "ate"), Rule("alism", "al"), Rule("aliti", "al"), Rule("ousli", "ous"),
        Rule("iviti", "ive"), Rule("fulli", "ful"), Rule("ogist", "og"), Rule("enci", "ence"), Rule("anci", "ance"),
        Rule("abli", "able"), Rule("izer", "ize"), Rule("ator", "ate"), Rule("alli", "al"), Rule("bli", "ble"),
    ]

    /// Step 2.
    mutating func shortenDouble(_ bytes: inout [UInt8]) {
        guard end - start > 3, [0x69, 0x6C, 0x6D, 0x6E, 0x72, 0x73, 0x74].contains(bytes[end - 1]) else { return }
        let tail = tail(bytes)
        if let rule = Self.doubles.first(where: { $0.suffix.ends(tail) }) {
            if end - rule.suffix.count >= first { replace(&bytes, rule.suffix.count, by: rule.ending) }
        } else if ends(bytes, "logi") {
            if end - 3 >= first { end -= 1 }
        } else if ends(bytes, "li"), end - 2 >= first, end - 3 >= start, Self.mayPrecedeLi(bytes[end - 3]) {
            end -= 2
        }
    }

    private static func mayPrecedeLi(_ byte: UInt8) -> Bool { "cdeghkmnrt".utf8.contains(byte) }

    private static let singles: [Rule] = [
        Rule("ational", "ate"), Rule("tional", "tion"), Rule("alize", "al"), Rule("icate", "ic"), Rule("iciti", "ic"),
        Rule("ical", "ic"), Rule("ness", ""), Rule("ful", ""),
    ]

    /// Step 3.
    mutating func shortenSingle(_ bytes: inout [UInt8]) {
        guard end - start > 3, [0x65, 0x69, 0x6C, 0x73].contains(bytes[end - 1]) else { return }
        let tail = tail(bytes)
        if ends(bytes, "ative") {
            if end - 5 >= second { end -= 5 }
        } else if let rule = Self.singles.first(where: { $0.suffix.ends(tail) }), end - rule.suffix.count >= first {
            replace(&bytes, rule.suffix.count, by: rule.ending)
        }
    }

    private static let suffixes: [PackedLetters] = [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent",
        "ism", "ate", "iti", "ous", "ive", "ize", "al", "er", "ic",
    ]

    /// Step 4.
    mutating func removeSuffix(_ bytes: [UInt8]) {
        guard end > second else { return }
        let tail = tail(bytes)
        if let suffix = Self.suffixes.first(where: { $0.ends(tail) }) {
            if end - suffix.count >= second { end -= suffix.count }
        } else if ends(bytes, "sion") || ends(bytes, "tion"), end - 3 >= second {
            end -= 3
        }
    }

    /// Step 5.
    mutating func removeLast(_ bytes: [UInt8]) {
        guard end - start > 1 else { return }
        if bytes[end - 1] == UInt8(ascii: "e") {
            if end - 1 >= second || (end - 1 >= first && !endsShort(bytes, end - 1)) { end -= 1 }
        } else if end - 1 >= second, ends(bytes, "ll") {
            end -= 1
        }
    }
}
