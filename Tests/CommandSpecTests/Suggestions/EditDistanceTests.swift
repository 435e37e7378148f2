// The distance behind every suggestion, held against a slow and plain definition.

import Testing

@testable import CommandSpec

@Suite("Edit distance")
struct EditDistanceTests {
    @Test(
        "Known distances",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "abc", 3), ("show", "show", 0), ("shwo", "show", 1), ("Show", "sHOW", 0),
            ("kitten", "sitting", 3), ("ca", "abc", 3), ("limt", "limit", 1),
        ])
    func known(one: String, other: String, distance: Int) {
        #expect(editDistance(one, other) == distance)
    }

    @Test("It agrees with the recursive definition", arguments: 0..<20)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func word() -> String {
            String(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in "abc".randomElement(using: &generator) ?? "a"
                })
        }
        for _ in 0..<20 {
            let (one, other) = (word(), word())
            #expect(editDistance(one, other) == slow(Array(one), Array(other)), "seed \(seed): \(one) \(other)")
        }
    }

    @Test("A third of the letters may be wrong, at least one, and only the case of a single letter")
    func threshold() {
        #expect(nearness(of: "ab", to: "ac") == 1)
        #expect(nearness(of: "abc", to: "axx") == nil)
        #expect(nearness(of: "abcdef", to: "abcdxx") == 2)
        #expect(nearness(of: "", to: "a") == nil)
        #expect(nearness(of: "a", to: "b") == nil)
        #expect(nearness(of: "a", to: "A") == 0)
    }

    private func slow(_ one: [Character], _ other: [Character]) -> Int {
        guard let last = one.last, let otherLast = other.last else { return max(one.count, other.count) }
        var best = slow(one.dropLast(), Array(other.dropLast())) + (last == otherLast ? 0 : 1)
        best = min(best, slow(one.dropLast(), other) + 1, slow(one, other.dropLast()) + 1)
        if one.count > 1, other.count > 1, last == other[other.count - 2], otherLast == one[one.count - 2] {
            best = min(best, slow(one.dropLast(2), other.dropLast(2)) + 1)
        }
        return best
    }
}
