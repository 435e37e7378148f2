// A query in terms of the index: which lists of documents are needed, and how they are combined. The same plan is run
// on every segment of every shard.

/// What to look up, and how to combine it.
package struct SearchPlan: Equatable, Sendable {
    /// One list of documents.
    package enum Leaf: Equatable, Sendable {
        /// Those with a term.
        case term([UInt8])
        /// Those with any term that begins so.
        case prefix([UInt8])
        /// Those with terms at these distances from the first.
        case phrase([PlacedTerm])
        /// Those with a marker, as a query names it; it says nothing about how well they match.
        case marker([UInt8], name: String)
        /// Those with ids in a range.
        case ids(ClosedRange<Int64>)
        /// Pictures and films of at least so many pixels.
        case pixels(width: UInt32, height: UInt32)

        /// Whether it counts in the score.
        var isRanked: Bool {
            switch self {
            case .term, .prefix, .phrase: true
            case .marker, .ids, .pixels: false
            }
        }
    }

    /// A term of a phrase.
    package struct PlacedTerm: Equatable, Sendable {
        /// The term.
        package var text: [UInt8]
        /// How far behind the first term of the phrase.
        package var offset: UInt32
    }

    /// A combination of lists, named by their numbers.
    package indirect enum Node: Equatable, Sendable {
        /// One list.
        case leaf(Int)
        /// What is in all of them.
        case all([Node])
        /// What is in any of them.
        case any([Node])
        /// What is not in it.
        case not(Node)
        /// What is in all that are required, in none that are excluded, and in enough of those that rank.
        case group(Group)
    }

    /// Lists side by side.
    package struct Group: Equatable, Sendable {
        /// All of these.
        package var required: [Node] = []
        /// None of these.
        package var excluded: [Node] = []
        /// At least `minimum` of these, each with how often it was named.
        package var ranked: [Ranked] = []
        /// How many of the ranked must match.
        package var minimum = 0
    }

    /// Something that ranks.
    package struct Ranked: Equatable, Sendable {
        /// What.
        package var node: Node
        /// How often the query names it.
        package var weight: Int
    }

    /// A word of the query behind a list, where one may be misspelled.
    package struct Word: Equatable, Sendable {
        /// The word, folded, as people write it.
        package var text: String
        /// Where it stands in the query, in UTF-8 bytes.
        package var range: Range<Int>
        /// Its list.
        package var leaf: Int
        /// What it stands for.
        package var kind: Term.Kind
    }

    /// The lists, each once.
    package internal(set) var leaves: [Leaf] = []
    /// The words that spelling may correct: those that are in no quotes.
    package internal(set) var words: [Word] = []
    /// How the lists are combined.
    package internal(set) var root = Group()
    /// Whether it asks for nothing that could be found, such as words of signs only.
    package var isEmpty: Bool { root.required.isEmpty && root.ranked.isEmpty }

    /// Demands that everything found is in one more list.
    mutating func require(_ leaf: Leaf) {
        leaves.append(leaf)
        root.required.append(.leaf(leaves.count - 1))
    }
}

/// Makes plans of queries.
package struct SearchPlanner {
    private let stems: Bool
    private let now: Timestamp
    private let account: (String) throws -> UserID
    private var tokenizer = Tokenizer(.query)
    private var list = TermList()
    private var plan = SearchPlan()

    /// The plan of a query.
    ///
    /// - Parameters:
    ///   - stems: whether the index holds English words without their endings.
    ///   - now: what ages are counted from.
    ///   - account: who has a handle; throws where nobody has.
    package static func plan(
        _ query: Query, stems: Bool, now: Timestamp, account: @escaping (String) throws -> UserID
    ) throws -> SearchPlan {
        var planner = SearchPlanner(stems: stems, now: now, account: account)
        planner.plan.root = try planner.group(query.root)
        return planner.plan
    }

    private init(stems: Bool, now: Timestamp, account: @escaping (String) throws -> UserID) {
        self.stems = stems
        self.now = now
        self.account = account
    }

    private mutating func group(_ group: QueryGroup) throws -> SearchPlan.Group {
        var result = SearchPlan.Group()
        for node in group.required { if let node = try self.node(node) { result.required.append(node) } }
        for node in group.excluded { if let node = try self.node(node) { result.excluded.append(node) } }
        // Function words only make long lists long, unless there is nothing else.
        let telling = group.ranked.filter { !isStopWord($0) }
        for node in try (telling.isEmpty ? group.ranked : telling).flatMap({ try ranked($0) }) {
            if let known = result.ranked.firstIndex(where: { $0.node == node }) {
                result.ranked[known].weight += 1
            } else {
                result.ranked.append(SearchPlan.Ranked(node: node, weight: 1))
            }
        }
        result.minimum = QueryGroup.minimumMatch(of: result.ranked.count)
        return result
    }

    /// What ranks: the parts of `free-flight` by themselves, since many write it in two words, or only one of them.
    private mutating func ranked(_ node: QueryNode) throws -> [SearchPlan.Node] {
        if case .word(let text) = node {
            let terms = terms(text.text)
            if terms.count > 1, terms.allSatisfy({ $0.term.kind == .word }) {
                return terms.map { .leaf(word($0, in: text)) }
            }
        }
        return try self.node(node).map { [$0] } ?? []
    }

    private func isStopWord(_ node: QueryNode) -> Bool {
        guard stems, case .word(let word) = node else { return false }
        return StopWords.contains(word.text.lowercased())
    }

    private mutating func nodes(_ nodes: [QueryNode]) throws -> [SearchPlan.Node] {
        var result: [SearchPlan.Node] = []
        for node in nodes { if let node = try self.node(node) { result.append(node) } }
        return result
    }

    /// Nil for what holds nothing to look for.
    private mutating func node(_ node: QueryNode) throws -> SearchPlan.Node? {
        switch node {
        case .word(let text): word(text)
        case .prefix(let text): prefix(text)
        case .phrase(let text): phrase(text)
        case .filter(let filter): try self.filter(filter)
        case .all(let parts): SearchPlanner.joined(try nodes(parts), SearchPlan.Node.all)
        case .any(let parts): SearchPlanner.joined(try nodes(parts), SearchPlan.Node.any)
        case .not(let part): try self.node(part).map { .not($0) }
        case .group(let inner): SearchPlanner.some(try group(inner))
        }
    }

    private static func joined(
        _ nodes: [SearchPlan.Node], _ join: ([SearchPlan.Node]) -> SearchPlan.Node
    ) -> SearchPlan.Node? {
        nodes.count > 1 ? join(nodes) : nodes.first
    }

    private static func some(_ group: SearchPlan.Group) -> SearchPlan.Node? {
        group.required.isEmpty && group.ranked.isEmpty ? nil : .group(group)
    }

    private mutating func leaf(_ leaf: SearchPlan.Leaf) -> SearchPlan.Node { .leaf(number(leaf)) }

    private mutating func number(_ leaf: SearchPlan.Leaf) -> Int {
        if let known = plan.leaves.firstIndex(of: leaf) { return known }
        plan.leaves.append(leaf)
        return plan.leaves.count - 1
    }

    // MARK: Texts

    /// The terms of a text: of those that say the same thing in several ways the most exact one.
    private mutating func terms(_ text: String) -> [(term: Term, text: [UInt8])] {
        list.removeAll()
        tokenizer.tokenize(text, into: &list)
        var result: [(term: Term, text: [UInt8])] = []
        for term in list.terms {
            let bytes = Array(list.bytes[Int(term.stored.lowerBound)..<Int(term.stored.upperBound)])
            // A tag before its words; a mention with its host behind the one without; an emoji before its plain form.
            if let last = result.last, last.term.source.lowerBound <= term.source.lowerBound,
                last.term.source.upperBound >= term.source.upperBound, last.term.kind != .bigram
            {
                if term.kind == .mention { result[result.count - 1] = (term, bytes) }
                continue
            }
            result.append((term, bytes))
        }
        return result
    }

    /// The term as the index has it.
    private func stemmed(_ term: Term, _ text: [UInt8]) -> [UInt8] {
        term.kind == .word ? SearchPlanner.stemmed(text, stems) : text
    }

    /// A word as the index has it.
    static func stemmed(_ word: [UInt8], _ stems: Bool) -> [UInt8] {
        guard stems else { return word }
        var bytes = word
        let end = EnglishStemmer.stem(&bytes, from: 0)
        return Array(bytes.prefix(end))
    }

    private mutating func word(_ text: QueryText) -> SearchPlan.Node? {
        let terms = terms(text.text)
        guard let first = terms.first else { return nil }
        guard terms.count == 1 else { return phrase(terms) }
        // One character of a text without spaces begins the pairs that it stands in.
        if first.term.kind == .bigram, String(decoding: first.text, as: UTF8.self).unicodeScalars.count == 1 {
            return leaf(.prefix(first.text))
        }
        return .leaf(word(first, in: text))
    }

    /// The list of a word.
    private mutating func word(_ word: (term: Term, text: [UInt8]), in text: QueryText) -> Int {
        let number = number(.term(stemmed(word.term, word.text)))
        let start = text.range.lowerBound
        plan.words.append(
            SearchPlan.Word(
                text: String(decoding: word.text, as: UTF8.self),
                range: start + Int(word.term.source.lowerBound)..<start + Int(word.term.source.upperBound),
                leaf: number, kind: word.term.kind))
        return number
    }

    private mutating func prefix(_ text: QueryText) -> SearchPlan.Node? {
        let terms = terms(text.text)
        guard let last = terms.last else { return nil }
        if terms.count == 1 { return leaf(.prefix(last.text)) }
        return .all([phrase(Array(terms.dropLast())), leaf(.prefix(last.text))].compactMap { $0 })
    }

    private mutating func phrase(_ text: QueryText) -> SearchPlan.Node? { phrase(terms(text.text)) }

    private mutating func phrase(_ terms: [(term: Term, text: [UInt8])]) -> SearchPlan.Node? {
        guard let first = terms.first else { return nil }
        if terms.count == 1 { return leaf(.term(stemmed(first.term, first.text))) }
        return leaf(
            .phrase(
                terms.map { term, text in
                    SearchPlan.PlacedTerm(text: stemmed(term, text), offset: term.position - first.term.position)
                }))
    }

    // MARK: Filters

    private mutating func filter(_ filter: QueryFilter) throws -> SearchPlan.Node {
        switch filter {
        case .from(let handle): return marker(.author(try account(handle).rawValue), "from:\(handle)")
        case .to(let handle):
            let answered = marker(.answered(try account(handle).rawValue), "to:\(handle)")
            return .any([answered, leaf(.term(Array("@\(handle)".utf8)))])
        case .since(let time): return leaf(.ids(first(at: time)...Int64.max))
        case .until(let time): return leaf(.ids(0...max(0, first(at: time) - 1)))
        case .has(.media): return marker(.media, "has:media")
        case .has(.link): return marker(.link, "has:link")
        case .language(let name): return marker(.language(name), "lang:\(name)")
        case .isReply: return marker(.reply, "is:reply")
        case .type(let name): return marker(.type(name), "type:\(name)")
        }
    }

    private mutating func marker(_ marker: Segment.Marker, _ name: String) -> SearchPlan.Node {
        leaf(.marker(Segment.term(marker), name: name))
    }

    private func first(at time: QueryTime) -> Int64 {
        IdentityLayout.firstIdentifier(at: Timestamp(milliseconds: time.milliseconds(at: now)))
    }
}
