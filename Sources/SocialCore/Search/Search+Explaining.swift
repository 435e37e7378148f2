// Every stage of a search, laid open.

internal import Formats

/// How a query was understood, and what came of it.
package struct SearchExplanation: Sendable {
    /// A term of the query.
    package struct TermStage: Sendable {
        /// The term, folded.
        package var text: String
        /// The term as the index has it.
        package var stem: String
        /// What it stands for.
        package var kind: String
        /// Where it stands in the query, in UTF-8 bytes.
        package var range: Range<Int>
    }

    /// A list of documents that the query needs.
    package struct ListStage: Sendable {
        /// What the documents of the list have.
        package var description: String
        /// How many have it; nil for what does not count in scores.
        package var documents: Int?
        /// What it is worth.
        package var worth: Double?
    }

    /// What one shard was asked.
    package struct ShardStage: Sendable {
        /// The shard.
        package var shard: Int
        /// How many segments its index has, what is too new for it included.
        package var segments: Int
        /// How many documents live in it.
        package var documents: Int
        /// How many of them match.
        package var matches: Int
    }

    /// What one list gives to one post.
    package struct ScoreTerm: Sendable {
        /// What the post has.
        package var description: String
        /// How often.
        package var frequency: Int
        /// How many documents have it.
        package var documents: Int
        /// What it is worth.
        package var worth: Double
        /// Which part of that the post gets.
        package var share: Double
        /// Both multiplied.
        package var score: Double
    }

    /// A post that was found.
    package struct Scored: Sendable {
        /// The post, with what it scores.
        package var hit: Search.Hit<PostItem>
        /// How many terms it has.
        package var length: Int
        /// What it is found by.
        package var terms: [ScoreTerm]
    }

    /// The query without markup.
    package var plainText: String
    /// Its terms.
    package var terms: [TermStage]
    /// What may have been misspelled.
    package var corrections: [Correction]
    /// The tree.
    package var tree: String
    /// The lists at its leaves.
    package var lists: [ListStage]
    /// The documents of the network.
    package var statistics: CollectionStatistics
    /// What each shard was asked.
    package var shards: [ShardStage]
    /// What was found, in order.
    package var found: [Scored]
}

extension Search {
    /// All stages of a search.
    package func explain(_ request: Request) throws -> SearchExplanation {
        try indexes.whileSound { try explanation(request) }
    }

    private func explanation(_ request: Request) throws -> SearchExplanation {
        let answer = try posts(request)
        let run = answer.run
        let plan = run.plan
        let plain = Markup.blanked(request.query.utf8.span).map {
            String(decoding: $0.bytes.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
        }
        var list = TermList()
        var tokenizer = Tokenizer(.query)
        tokenizer.tokenize(request.query, into: &list)
        // What the query says beside words, such as operators and filters, is text too, but no term.
        let texts = try QueryParser.parse(request.query).root.texts
        let wanted = list.terms.filter { term in
            texts.contains { $0.range.contains(Int(term.source.lowerBound)) }
        }
        let terms = wanted.map { term in
            let text = list.text(of: term)
            let stem = term.kind == .word ? SearchPlanner.stemmed(Array(text.utf8), indexes.stems) : Array(text.utf8)
            return SearchExplanation.TermStage(
                text: text, stem: String(decoding: stem, as: UTF8.self), kind: "\(term.kind)",
                range: Int(term.source.lowerBound)..<Int(term.source.upperBound))
        }
        var shards: [SearchExplanation.ShardStage] = indexes.router.shards.map {
            SearchExplanation.ShardStage(shard: $0, segments: 0, documents: 0, matches: 0)
        }
        for part in run.parts {
            guard let place = shards.firstIndex(where: { $0.shard == part.living.shard }) else { continue }
            shards[place].segments += 1
            shards[place].documents += part.living.livingCount
            shards[place].matches += plan.isEmpty ? 0 : try part.matchCount(plan.root)
        }
        return SearchExplanation(
            plainText: plain ?? request.query, terms: terms, corrections: answer.corrections,
            tree: plan.description(of: .group(plan.root)),
            lists: plan.leaves.indices.map { leaf in
                let isRanked = plan.leaves[leaf].isRanked
                return SearchExplanation.ListStage(
                    description: plan.leaves[leaf].description, documents: isRanked ? run.counts[leaf] : nil,
                    worth: isRanked ? run.scorers[leaf]?.worth ?? 0 : nil)
            },
            statistics: run.statistics, shards: shards,
            found: try answer.hits.map { try explained($0, run) })
    }

    private func explained(_ hit: Hit<PostItem>, _ run: SearchRun) throws -> SearchExplanation.Scored {
        var scored = SearchExplanation.Scored(hit: hit, length: 0, terms: [])
        for part in run.parts {
            guard let document = try part.living.segment.document(hit.item.id.rawValue),
                !part.living.dead.contains(document)
            else { continue }
            scored.length = try part.living.segment.length(document)
            for (leaf, kind) in run.plan.leaves.enumerated() {
                guard let scorer = run.scorers[leaf], let frequency = try part.frequency(of: leaf, in: document) else {
                    continue
                }
                let score = Double(scorer.score(frequency: frequency, length: scored.length)) / TermScorer.unit
                scored.terms.append(
                    SearchExplanation.ScoreTerm(
                        description: kind.description, frequency: frequency, documents: run.counts[leaf],
                        worth: scorer.worth, share: scorer.worth > 0 ? score / scorer.worth : 0, score: score))
            }
        }
        return scored
    }
}

extension PreparedPlan {
    /// How many living documents a group matches.
    func matchCount(_ group: SearchPlan.Group) throws -> Int {
        var count = 0
        let matcher = try matcher(group, leaves.map { _ in nil })
        while matcher.document != PostingCursor.end {
            if !living.dead.contains(matcher.document) { count += 1 }
            try matcher.advance(to: matcher.document + 1)
        }
        return count
    }

    /// How often a document has what a list is of; nil when it is not in the list.
    func frequency(of leaf: Int, in document: UInt32) throws -> Int? {
        switch leaves[leaf] {
        case .nothing, .range, .pixels: return nil
        case .term(let term):
            let cursor = try living.segment.postings(term)
            try cursor.advance(to: document)
            return cursor.document == document ? try cursor.frequency() : nil
        case .list(let list):
            guard let place = list.documents.firstIndex(of: document) else { return nil }
            return Int(list.frequencies[place])
        }
    }
}

extension SearchPlan.Leaf: CustomStringConvertible {
    /// What the documents of the list have.
    package var description: String {
        switch self {
        case .term(let text): return SearchPlan.text(text)
        case .prefix(let text): return SearchPlan.text(text) + "*"
        case .phrase(let terms): return "\"" + terms.map { SearchPlan.text($0.text) }.joined(separator: " ") + "\""
        case .marker(_, let name): return name
        case .pixels(let width, let height): return "at least \(width) × \(height) pixels"
        case .ids(let range):
            let start =
                range.lowerBound > 0
                ? "since \(RFC3339.format(PostID(rawValue: range.lowerBound).time.milliseconds))" : ""
            let end =
                range.upperBound < .max
                ? "until \(RFC3339.format(PostID(rawValue: range.upperBound + 1).time.milliseconds))" : ""
            return [start, end].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }
}

extension SearchPlan {
    fileprivate static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A node as people would write it.
    func description(of node: Node) -> String {
        switch node {
        case .leaf(let number): return leaves[number].description
        case .all(let nodes): return "(" + nodes.map(description).joined(separator: " AND ") + ")"
        case .any(let nodes): return "(" + nodes.map(description).joined(separator: " OR ") + ")"
        case .not(let node): return "NOT " + description(of: node)
        case .group(let group):
            var parts = group.required.map { "+" + description(of: $0) }
            parts += group.excluded.map { "-" + description(of: $0) }
            let ranked = group.ranked.map { description(of: $0.node) + ($0.weight > 1 ? "^\($0.weight)" : "") }
            if ranked.count > 1 {
                parts.append("at least \(group.minimum) of (" + ranked.joined(separator: ", ") + ")")
            } else {
                parts += ranked
            }
            return parts.joined(separator: " ")
        }
    }
}
