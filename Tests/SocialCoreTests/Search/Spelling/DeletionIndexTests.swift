// The index of words by their deletion neighbourhood as it is stored: mapped, spread over several parts, damaged.

import SocialCore
import TestKit
import Testing

@Suite("The stored index for spelling")
struct DeletionIndexTests {
    private typealias Terms = [(term: String, frequency: UInt32)]

    private static let kind: UInt64 = 7

    /// Words of a few letters, so that many are near one another, with frequencies; ascending.
    private func vocabulary(_ chance: Chance, count: Int) -> Terms {
        let letters: [Character] = ["a", "e", "n", "r", "t", "ü"]
        func word() -> String { String((0..<3 + chance.below(9)).map { _ in letters[chance.below(6)] }) }
        return Set((0..<count).map { _ in word() }).sorted().map { ($0, UInt32(1 + chance.below(1_000))) }
    }

    /// The sections of some words: three for the words, and those of the index.
    private func packed(_ terms: Terms) -> PackedFile {
        var bytes: [UInt8] = []
        var starts: [UInt32] = [0]
        for entry in terms {
            bytes += Array(entry.term.utf8)
            starts.append(UInt32(bytes.count))
        }
        let sizes = DeletionIndex.sectionSizes(starts: starts.span, bytes: bytes.span)
        #expect(sizes.count == DeletionIndex.sectionCount)
        let file = PackedFile(sectionSizes: sizes + [4 * starts.count, bytes.count, 4 * terms.count])
        let words = DeletionIndex.sectionCount
        _ = file.place(words).update(fromContentsOf: starts)
        _ = file.place(words + 1).update(fromContentsOf: bytes)
        _ = file.place(words + 2).update(fromContentsOf: terms.map(\.frequency))
        DeletionIndex.write(starts: starts.span, bytes: bytes.span, into: file, from: 0)
        return file
    }

    private func index(_ file: PackedFile) -> DeletionIndex {
        let words = DeletionIndex.sectionCount
        return DeletionIndex(
            file, from: 0, words: WordTable(file, starts: words, bytes: words + 1, frequencies: words + 2))
    }

    private func candidates(_ word: String, _ indexes: [DeletionIndex]) throws -> [SpellingCandidate] {
        var search = SpellingSearch()
        return try search.candidates(for: word, in: indexes).sorted { $0.text < $1.text }
    }

    @Test("A mapped index finds what one in memory finds")
    func mapped() throws {
        let chance = Chance("mapped index for spelling")
        let directory = try TemporaryDirectory()
        for count in [0, 1, 2, 4_000] {
            let terms = vocabulary(chance, count: count)
            let path = directory.file("\(count)")
            try packed(terms).write(path, kind: Self.kind, shared: false, files: FileSystem())
            let mapped = index(try #require(PackedFile(opening: path, kind: Self.kind, files: FileSystem())))
            let memory = DeletionIndex(terms)
            #expect(mapped.words.count == terms.count)
            var found = 0
            for word in vocabulary(chance, count: 400).map(\.term) + terms.prefix(400).map(\.term) {
                let expected = try candidates(word, [memory])
                #expect(try candidates(word, [mapped]) == expected)
                found += expected.count
            }
            #expect(count < 3 || found > 100)
        }
    }

    @Test("It does not matter how words are spread over indexes")
    func spread() throws {
        var chance = Chance("spelling over several indexes")
        var choices: Set<String> = []
        for _ in 0..<TestRun.times(30) {
            let terms = vocabulary(chance, count: 600)
            let whole = DeletionIndex(terms)
            // Each word is in some of the parts, with a share of its frequency in each.
            var parts = [Terms](repeating: [], count: 1 + chance.below(6))
            for (term, frequency) in terms {
                var rest = frequency
                let order = parts.indices.shuffled(using: &chance)
                for part in order {
                    let share = part == order.last || chance.isOne(in: 3) ? rest : rest / 2
                    if share > 0 { parts[part].append((term, share)) }
                    rest -= share
                }
            }
            let indexes = parts.map { DeletionIndex($0) }
            for (word, frequency) in vocabulary(chance, count: 40) {
                let expected = try candidates(word, [whole])
                let found = try candidates(word, indexes)
                #expect(found == expected, "\(word)")
                for own in [0, 1, Int(frequency)] {
                    let choice = Spelling.choose(frequency: own, among: found.shuffled(using: &chance))
                    #expect(choice == Spelling.choose(frequency: own, among: expected))
                    choices.insert(String("\(choice)".prefix(4)))
                }
            }
        }
        #expect(choices.count == 3, "keep, suggest and replace all happen: \(choices)")
    }

    @Test("Flipped bytes in a mapped file are found, or change nothing")
    func damage() throws {
        let chance = Chance("damaged index for spelling")
        let directory = try TemporaryDirectory()
        let terms = vocabulary(chance, count: 3_000)
        let path = directory.file("index")
        try packed(terms).write(path, kind: Self.kind, shared: false, files: FileSystem())
        let bytes = try FileSystem().contents(of: path)
        let words = vocabulary(chance, count: 30).map(\.term)
        let expected = try words.map { try candidates($0, [DeletionIndex(terms)]) }
        var failures = 0
        for _ in 0..<TestRun.times(100) {
            var damaged = bytes
            damaged[chance.below(damaged.count)] ^= UInt8(1 << chance.below(8))
            try TemporaryDirectory.write(damaged, to: path)
            guard let file = PackedFile(opening: path, kind: Self.kind, files: FileSystem()) else { continue }
            for (word, right) in zip(words, expected) {
                do { #expect(try candidates(word, [index(file)]) == right) } catch {
                    #expect((error as? StorageError)?.code == .damaged)
                    failures += 1
                }
            }
        }
        #expect(failures > 0)
    }

    @Test("Contents that make no sense, and that no check has found, stop nothing")
    func nonsense() throws {
        let chance = Chance("nonsense in an index for spelling")
        let terms = vocabulary(chance, count: 300)
        let words = vocabulary(chance, count: 60).map(\.term)
        var failures = 0
        for _ in 0..<TestRun.times(300) {
            let file = packed(terms)
            let section = chance.below(5)
            let bytes = file.place(section, of: UInt8.self)
            for _ in 0...chance.below(200) { bytes[chance.below(bytes.count)] = UInt8(chance.below(256)) }
            for word in words {
                do { _ = try candidates(word, [index(file)]) } catch { failures += 1 }
            }
        }
        #expect(failures > 0)
    }
}
