// How unlikely it is that somebody wrote one word for another. People double letters and forget to, confuse vowels and
// letters that sound alike, hit neighbouring keys, swap letters; they hardly ever miss the first letter (Kukich,
// "Techniques for automatically correcting words in text", 1992).

/// The distance of two words, with the places where people err counted less.
struct EditCost {
    /// The restricted Damerau–Levenshtein distance.
    private(set) var edits = 0
    /// The same with weights; a plain substitution counts 1.
    private(set) var cost = 0.0

    private var editRows: [Int] = []
    private var costRows: [Double] = []

    /// Measures how `written` came from `meant`.
    mutating func measure(written: [UInt32], meant: [UInt32]) {
        let width = meant.count + 1
        let size = width * (written.count + 1)
        if editRows.count < size {
            editRows = [Int](repeating: 0, count: size)
            costRows = [Double](repeating: 0, count: size)
        }
        for column in 1..<max(1, width) {
            editRows[column] = column
            costRows[column] = costRows[column - 1] + Self.missing(meant, column - 1)
        }
        for row in 1..<written.count + 1 {
            let base = row * width
            let above = base - width
            editRows[base] = row
            costRows[base] = costRows[above] + Self.additional(written, row - 1)
            for column in 1..<max(1, width) {
                let isSame = written[row - 1] == meant[column - 1]
                var edit = editRows[above + column - 1] + (isSame ? 0 : 1)
                var cost =
                    costRows[above + column - 1] + (isSame ? 0 : Self.substitution(written, row - 1, meant, column - 1))
                edit = min(edit, editRows[above + column] + 1, editRows[base + column - 1] + 1)
                cost = min(cost, costRows[above + column] + Self.additional(written, row - 1))
                cost = min(cost, costRows[base + column - 1] + Self.missing(meant, column - 1))
                if row > 1, column > 1, written[row - 1] == meant[column - 2], written[row - 2] == meant[column - 1] {
                    let before = above - width + column - 2
                    edit = min(edit, editRows[before] + 1)
                    cost = min(cost, costRows[before] + (row == 2 && column == 2 ? 0.9 : 0.6))
                }
                editRows[base + column] = edit
                costRows[base + column] = cost
            }
        }
        edits = editRows[written.count * width + meant.count]
        cost = costRows[written.count * width + meant.count]
    }

    private static let first = 0.5

    /// A letter that was forgotten.
    private static func missing(_ meant: [UInt32], _ place: Int) -> Double {
        if place == 0 { return 1 + first }
        if meant[place] == meant[place - 1] || (place + 1 < meant.count && meant[place] == meant[place + 1]) {
            return 0.4
        }
        if isVowel(meant[place]) || meant[place] == 0x68 { return 0.7 }
        return 0.9
    }

    /// A letter too many.
    private static func additional(_ written: [UInt32], _ place: Int) -> Double {
        if place > 0, written[place] == written[place - 1] { return 0.4 }
        if place == 0 { return written.count > 1 && written[0] == written[1] ? 0.5 : 1 + first }
        if isVowel(written[place]) || written[place] == 0x68 { return 0.7 }
        return 1
    }

    private static func substitution(_ written: [UInt32], _ row: Int, _ meant: [UInt32], _ column: Int) -> Double {
        let extra = row == 0 && column == 0 ? first : 0
        let one = written[row]
        let other = meant[column]
        guard one &- 0x61 < 26, other &- 0x61 < 26 else { return 1 + extra }
        if isVowel(one), isVowel(other) { return 0.55 + extra }
        if soundsAlike(one, other) { return 0.65 + extra }
        return (areNeighbours(one, other) ? 0.85 : 1) + extra
    }

    private static func isVowel(_ letter: UInt32) -> Bool {
        letter &- 0x61 < 26 && 0x0110_4111 & (UInt32(1) << (letter - 0x61)) != 0
    }

    /// For each letter from `a` on the letters that are written for it by ear.
    private static let alike = table([
        "sc", "kc", "qk", "qc", "zs", "gj", "dt", "bp", "fv", "mn", "vw", "xs", "xc", "lr", "yj", "zc", "tc", "gc",
    ])
    /// For each letter its neighbours on the keyboard.
    private static let neighbours = table([
        "qw", "we", "er", "rt", "ty", "yu", "ui", "io", "op", "as", "sd", "df", "fg", "gh", "hj", "jk", "kl", "zx",
        "xc", "cv", "vb", "bn", "nm", "qa", "ws", "ed", "rf", "tg", "yh", "uj", "ik", "ol", "az", "sx", "dc", "fv",
        "gb", "hn", "jm", "wa", "es", "rd", "tf", "yg", "uh", "ij", "ok", "pl",
    ])

    private static func soundsAlike(_ one: UInt32, _ other: UInt32) -> Bool {
        alike[Int(one - 0x61)] & (1 << (other - 0x61)) != 0
    }

    private static func areNeighbours(_ one: UInt32, _ other: UInt32) -> Bool {
        neighbours[Int(one - 0x61)] & (1 << (other - 0x61)) != 0
    }

    private static func table(_ pairs: [StaticString]) -> [UInt32] {
        var table = [UInt32](repeating: 0, count: 26)
        for pair in pairs {
            pair.withUTF8Buffer { letters in
                let one = UInt32(letters[0]) - 0x61
                let other = UInt32(letters[1]) - 0x61
                table[Int(one)] |= 1 << other
                table[Int(other)] |= 1 << one
            }
        }
        return table
    }
}
