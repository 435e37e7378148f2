// Queries with a random edit in every longer word, put right with the collection's own words: how much of the clean
// ranking is kept.

import SocialCore

/// Damages queries, and corrects them as search does.
struct DamagedQueries {
    private let counts: [String: UInt32]
    private let index: DeletionIndex
    private var search = SpellingSearch()
    private var generator = SplitMix(seed: 1)

    /// - Parameter documents: the words of all documents.
    init(_ documents: [[String]]) {
        var counts: [String: UInt32] = [:]
        for word in documents.joined() { counts[word, default: 0] += 1 }
        index = DeletionIndex(counts.sorted { $0.key < $1.key }.map { (term: $0.key, frequency: $0.value) })
        self.counts = counts
    }

    /// A word with one letter missing, added, changed, or swapped with the next; short words stay.
    mutating func damaged(_ word: String) -> String {
        var letters = Array(word.utf8)
        guard letters.count >= 5 else { return word }
        let place = Int(generator.next() % UInt64(letters.count - 1))
        let letter = UInt8(ascii: "a") + UInt8(generator.next() % 26)
        switch generator.next() % 4 {
        case 0: letters.remove(at: place)
        case 1: letters.insert(letter, at: place)
        case 2: letters[place] = letter
        default: letters.swapAt(place, place + 1)
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The likeliest word of the collection.
    mutating func corrected(_ word: String) -> String {
        guard counts[word] == nil, let candidates = try? search.candidates(for: word, in: [index]),
            case .replace(let candidate) = Spelling.choose(frequency: 0, among: candidates)
        else { return word }
        return candidate.text
    }
}
