// How far apart two words are for somebody who types: letters added, left out, mistaken, or swapped with a neighbour.

/// The restricted Damerau–Levenshtein distance (optimal string alignment) between two words, letter case aside.
///
/// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964.
/// Cost: the product of the lengths.
func editDistance(_ one: String, _ other: String) -> Int {
    let first = Array(one.lowercased().unicodeScalars)
    let second = Array(other.lowercased().unicodeScalars)
    guard !first.isEmpty else { return second.count }
    guard !second.isEmpty else { return first.count }
    var beforePrevious = [Int](repeating: 0, count: second.count + 1)
    var previous = Array(0...second.count)
    for row in 1...first.count {
        var current = [Int](repeating: row, count: second.count + 1)
        for column in 1...second.count {
            let isSame = first[row - 1] == second[column - 1]
            var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (isSame ? 0 : 1))
            if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                best = min(best, beforePrevious[column - 2] + 1)
            }
            current[column] = best
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[second.count]
}

/// The distance, if the words are near enough that one may have been meant for the other: a third of the letters.
func nearness(of typed: String, to known: String) -> Int? {
    let length = typed.unicodeScalars.count
    let longestTyped = 64
    guard length > 0, length <= longestTyped else { return nil }
    // A single letter is one edit from every other: only its case may be wrong.
    let limit = length == 1 ? 0 : max(1, length / 3)
    guard abs(known.unicodeScalars.count - length) <= limit else { return nil }
    let distance = editDistance(typed, known)
    return distance <= limit ? distance : nil
}
