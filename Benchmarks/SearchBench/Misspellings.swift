// A list of common misspellings, each with what was meant: how many the first suggestion hits, and how fast.

import Formats
import SocialCore

/// Measures spelling correction.
enum Misspellings {
    /// - Parameters:
    ///   - pairs: a file of misspellings: the word, a tab, and what may be meant, parted by commas.
    ///   - words: a file of correct words, one a line.
    ///   - frequencies: a file of words with how often each occurs, parted by a space.
    static func run(pairs: String, words: String, frequencies: String) {
        var counts: [String: UInt32] = [:]
        for line in SearchBench.lines(words) where isPlain(line) { counts[line] = 1 }
        for line in SearchBench.lines(frequencies) {
            let parts = line.split(separator: " ")
            if parts.count == 2, isPlain(String(parts[0])), let count = UInt64(parts[1]) {
                counts[String(parts[0])] = UInt32(clamping: count / 1_000 + 1)
            }
        }
        let terms = counts.sorted { $0.key < $1.key }.map { (term: $0.key, frequency: $0.value) }
        let tests = SearchBench.lines(pairs).compactMap { line -> (word: String, meant: [String])? in
            let parts = line.split(separator: "\t")
            guard parts.count == 2, isPlain(String(parts[0])) else { return nil }
            let meant = parts[1].split(separator: ",").map { String($0.drop { $0 == " " }) }
            return meant.contains(where: isPlain) ? (String(parts[0]), meant) : nil
        }
        let known = tests.filter { $0.meant.contains { counts[$0] != nil } }.count
        var built: DeletionIndex?
        let build = SearchBench.seconds { built = DeletionIndex(terms, rules: .generous) }
        let shipped = SearchBench.seconds { _ = DeletionIndex(terms) }
        guard let index = built else { return }
        var search = SpellingSearch(rules: .generous)
        var hits = 0
        let seconds = SearchBench.seconds {
            hits = 0
            for test in tests {
                var best = test.word
                if counts[best] == nil, let candidates = try? search.candidates(for: best, in: [index]),
                    case .replace(let candidate) = Spelling.choose(frequency: 0, among: candidates)
                {
                    best = candidate.text
                }
                if test.meant.contains(best) { hits += 1 }
            }
        }
        SearchBench.say(
            "spelling",
            [
                ("words", .integer(Int64(terms.count))), ("tests", .integer(Int64(tests.count))),
                ("known", .rounded(Double(known) / Double(tests.count))),
                ("top1", .rounded(Double(hits) / Double(tests.count))),
                ("wordsPerSecond", .number((Double(tests.count) / seconds).rounded())),
                ("buildSeconds", .rounded(build)), ("shippedBuildSeconds", .rounded(shipped)),
            ])
    }

    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { $0 &- 0x61 < 26 }
    }
}
