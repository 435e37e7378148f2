// What a search finds, by looking at every document: the model that plans on segments are compared with. It knows the
// meaning of a plan and nothing of postings, segments or shards.

@testable import SocialCore

/// Documents as lists of words.
struct SearchModel {
    struct Document {
        var id: Int64
        var texts: [String]
        var markers: [[UInt8]]
        /// Width and height.
        var pixels: (Int64, Int64) = (0, 0)

        init(id: Int64, text: String, markers: [[UInt8]]) { self.init(id: id, texts: [text], markers: markers) }

        init(id: Int64, texts: [String], markers: [[UInt8]]) {
            (self.id, self.texts, self.markers) = (id, texts, markers)
        }
    }

    var documents: [Document] = []

    /// What is found, the best first.
    struct Result {
        var hits: [ScoredDocument]
        var counts: [Int]
    }

    /// The terms of a document with their positions, stemmed.
    private struct Content {
        var id: Int64
        var positions: [[UInt8]: [UInt32]] = [:]
        /// The words as they are written.
        var words: Set<String> = []
        var length = 0
        var pixels: (Int64, Int64) = (0, 0)
    }

    private func contents(stems: Bool) -> [Content] {
        documents.map { document in
            var content = Content(id: document.id, pixels: document.pixels)
            var list = TermList()
            var tokenizer = Tokenizer(.index, stems: stems)
            for text in document.texts { tokenizer.tokenize(text, into: &list) }
            for term in list.terms {
                content.positions[Array(list.text(of: term).utf8), default: []].append(term.position)
            }
            content.length = list.terms.count
            var written = TermList()
            var plain = Tokenizer(.index)
            for text in document.texts { plain.tokenize(text, into: &written) }
            content.words = Set(written.terms.map { written.text(of: $0) })
            for marker in document.markers { content.positions[marker] = [] }
            return content
        }
    }

    func run(_ plan: SearchPlan, stems: Bool) -> Result {
        let contents = contents(stems: stems)
        let frequencies = contents.map { content in plan.leaves.map { frequency(of: $0, in: content) } }
        let counts = plan.leaves.indices.map { leaf in
            plan.leaves[leaf].isRanked ? frequencies.count { $0[leaf] > 0 } : 0
        }
        let total = contents.reduce(0) { $0 + $1.length }
        let average = contents.isEmpty ? 0 : Double(total) / Double(contents.count)
        var hits: [ScoredDocument] = []
        for (number, content) in contents.enumerated() {
            func score(_ leaf: Int) -> Int {
                guard plan.leaves[leaf].isRanked, frequencies[number][leaf] > 0 else { return 0 }
                let worth = BM25.shipped.rarity(documents: contents.count, containing: counts[leaf])
                let share = BM25.shipped.share(
                    frequency: Double(frequencies[number][leaf]), length: Double(content.length), averageLength: average
                )
                return Int((worth * share * 65_536).rounded())
            }
            func value(_ node: SearchPlan.Node) -> Int? {
                switch node {
                case .leaf(let leaf): return frequencies[number][leaf] > 0 ? score(leaf) : nil
                case .all(let nodes):
                    let values = nodes.map(value)
                    return values.contains(nil) ? nil : values.reduce(0) { $0 + ($1 ?? 0) }
                case .any(let nodes):
                    let values = nodes.compactMap(value)
                    return values.isEmpty ? nil : values.reduce(0, +)
                case .not(let node): return value(node) == nil ? 0 : nil
                case .group(let group): return groupValue(group)
                }
            }
            func groupValue(_ group: SearchPlan.Group) -> Int? {
                let required = group.required.map { value($0) }
                let ranked = group.ranked.compactMap { part in value(part.node).map { $0 * part.weight } }
                if required.contains(nil) || group.excluded.contains(where: { value($0) != nil })
                    || ranked.count < group.minimum
                {
                    return nil
                }
                return required.reduce(0) { $0 + ($1 ?? 0) } + ranked.reduce(0, +)
            }
            if !plan.isEmpty, let score = groupValue(plan.root) {
                hits.append(ScoredDocument(score: score, id: content.id))
            }
        }
        return Result(hits: hits.sorted(by: >), counts: counts)
    }

    private func frequency(of leaf: SearchPlan.Leaf, in content: Content) -> Int {
        switch leaf {
        case .term(let text): content.positions[text]?.count ?? 0
        case .marker(let text, _): content.positions[text] == nil ? 0 : 1
        case .ids(let range): range.contains(content.id) ? 1 : 0
        case .pixels(let width, let height): content.pixels.0 >= width && content.pixels.1 >= height ? 1 : 0
        case .prefix(let text):
            content.positions.keys.contains { $0.starts(with: text) }
                || content.words.contains { $0.utf8.starts(with: text) } ? 1 : 0
        case .phrase(let terms):
            (content.positions[terms[0].text] ?? []).count { start in
                terms.allSatisfy { content.positions[$0.text]?.contains(start + $0.offset) == true }
            }
        }
    }
}
