// Commands that may have been meant by words that name none. People mistype a word, swap noun and verb, put a verb
// under the wrong noun, or leave the noun out; each of these is one kind of candidate.

extension Suggestions {
    /// Lines that begin with a known command instead of the words up to the unknown one.
    ///
    /// - Parameter noun: The noun before the unknown word; nil where the first word is the unknown one.
    func commands(for words: [String], unknown index: Int, noun: Noun?) -> [[String]] {
        let next = nextWord(in: words, after: index)
        var candidates = Candidates<Path>()
        if let noun {
            addVerbs(near: words[index], of: noun, to: &candidates)
        } else {
            addNouns(near: words[index], followedBy: next.map { words[$0] }, to: &candidates)
        }
        let used = Path.Uses(unknown: index, next: next)
        return candidates.best(Self.limit).map { line($0, instead: words, used, noun: noun) }
    }

    /// A command that may have been meant, and how many of the words at hand it accounts for.
    private struct Path: Equatable {
        /// Words of the line, as indices: the one that is unknown, and the operand behind it.
        struct Uses {
            let unknown: Int
            let next: Int?
        }

        let words: [String]
        let includesNext: Bool
    }

    private func addVerbs(near word: String, of noun: Noun, to candidates: inout Candidates<Path>) {
        for command in visible(noun.commands) {
            if let distance = nearness(of: word, to: command.verb) { candidates.add(path(command), distance, 0) }
        }
        for other in specification.nouns {
            if let distance = nearness(of: word, to: other.name), let usual = visible(other.commands).first {
                candidates.add(path(usual), distance, 1)
            }
        }
        for other in specification.nouns where other.name != noun.name {
            for command in visible(other.commands) {
                if let distance = nearness(of: word, to: command.verb) { candidates.add(path(command), distance, 2) }
            }
        }
        for command in visible(specification.verbs) {
            if let distance = nearness(of: word, to: command.verb) { candidates.add(path(command), distance, 3) }
        }
    }

    private func addNouns(near word: String, followedBy next: String?, to candidates: inout Candidates<Path>) {
        for noun in specification.nouns {
            if let distance = nearness(of: word, to: noun.name) {
                let verbs = visible(noun.commands).compactMap { command in
                    next.flatMap { nearness(of: $0, to: command.verb) }.map { (command, $0) }
                }
                for (command, more) in verbs {
                    candidates.add(Path(words: command.path, includesNext: true), distance + more, 0)
                }
                if verbs.isEmpty { candidates.add(Path(words: ["help", noun.name], includesNext: false), distance, 1) }
            }
            for command in visible(noun.commands) {
                guard let distance = nearness(of: word, to: command.verb) else { continue }
                if let more = next.flatMap({ nearness(of: $0, to: noun.name) }) {
                    candidates.add(Path(words: command.path, includesNext: true), distance + more, 0)
                } else {
                    candidates.add(path(command), distance, 3)
                }
            }
        }
        for command in visible(specification.verbs) {
            if let distance = nearness(of: word, to: command.verb) { candidates.add(path(command), distance, 2) }
        }
    }

    private func path(_ command: Command) -> Path { Path(words: command.path, includesNext: false) }

    private func visible(_ commands: [Command]) -> [Command] { commands.filter { !$0.isHidden } }

    /// The line with the candidate in place of the words that it accounts for.
    ///
    /// A long line is not repeated: the command alone must do.
    private func line(_ path: Path, instead words: [String], _ used: Path.Uses, noun: Noun?) -> [String] {
        guard path.words.first != "help" else { return path.words }
        var dropped = [used.unknown]
        if path.includesNext, let next = used.next { dropped.append(next) }
        if let noun, let place = words.firstIndex(of: noun.name) { dropped.append(place) }
        let first = dropped.min() ?? 0
        var result: [String] = []
        for (index, word) in words.enumerated() {
            if index == first { result += path.words }
            if !dropped.contains(index) { result.append(word) }
        }
        let longestLine = 200
        return result.reduce(0) { $0 + $1.unicodeScalars.count + 1 } <= longestLine ? result : path.words
    }

    private func nextWord(in words: [String], after index: Int) -> Int? {
        let next = index + 1
        guard next < words.count, words[next].utf8.first != UInt8(ascii: "-") else { return nil }
        return next
    }
}
