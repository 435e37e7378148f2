// BM25 by hand, and the properties that ranking relies on.

import SocialCore
import Testing

@Suite("BM25")
struct BM25Tests {
    private func index(_ texts: [String]) -> MemoryIndex {
        var index = MemoryIndex()
        for text in texts { index.add([(text.split(separator: " ").map(String.init), 1)]) }
        return index
    }

    @Test("The formulas give what they give by hand")
    func formulas() {
        let settings = BM25(saturation: 1, lengthShare: 0.5)
        // ln(1 + (10 - 2 + 0.5) / 2.5) and 3 / (3 + 1 · (0.5 + 0.5 · 2))
        #expect(abs(settings.rarity(documents: 10, containing: 2) - 1.4816045) < 1e-6)
        #expect(abs(settings.share(frequency: 3, length: 20, averageLength: 10) - 2.0 / 3) < 1e-12)
        #expect(settings.share(frequency: 0, length: 0, averageLength: 0) == 0)
        #expect(settings.rarity(documents: 10, containing: 10) > 0)
    }

    @Test("Rarer, more frequent, and in shorter texts is better")
    func order() {
        let index = index(["a b", "a a b", "a c", "a b d e f g h", "x"])
        #expect(index.search(["c", "a"]).first?.document == 2)
        #expect(index.search(["b"]).map(\.document) == [0, 1, 3])
        #expect(index.search(["a"]).first?.document == 1)
        #expect(index.documentCount(of: "a") == 4 && index.search(["nope"]).isEmpty)
    }

    @Test("Fewer matches than wanted are no hit, and equals keep their order")
    func minimum() {
        let index = index(["a b", "a c", "a b"])
        #expect(index.search(["a", "b", "a"], minimumMatch: 2).map(\.document) == [0, 2])
        #expect(index.search(["a", "b"]).count == 3)
    }

    @Test("An occurrence in a heavier field counts more")
    func fields() {
        var index = MemoryIndex()
        index.add([(["title"], 2), (["text", "word"], 1)])
        index.add([(["text"], 2), (["title", "word"], 1)])
        #expect(index.search(["title"]).map(\.document) == [0, 1])
    }
}
