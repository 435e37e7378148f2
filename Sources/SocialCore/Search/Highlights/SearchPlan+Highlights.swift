// What a plan looks for in texts, so that it can be marked there: all of its lists but those of what is ruled out.

extension Search {
    /// What a search looked for in the texts that it found.
    package func highlights(of run: SearchRun) -> HighlightTerms { run.plan.highlights(stems: indexes.stems) }
}

extension SearchPlan {
    /// What is looked for in texts.
    func highlights(stems: Bool) -> HighlightTerms {
        var terms: [[UInt8]] = []
        var prefixes: [[UInt8]] = []
        var phrases: [[PlacedTerm]] = []
        for leaf in wanted(.group(root)) {
            switch leaves[leaf] {
            case .term(let text): terms.append(text)
            case .prefix(let text): prefixes.append(text)
            case .phrase(let terms): phrases.append(terms)
            case .marker, .ids, .pixels: break
            }
        }
        return HighlightTerms(terms: terms, prefixes: prefixes, phrases: phrases, stems: stems)
    }

    /// The lists of a node, without those that a document must not be in.
    private func wanted(_ node: Node) -> [Int] {
        switch node {
        case .leaf(let leaf): [leaf]
        case .all(let nodes), .any(let nodes): nodes.flatMap(wanted)
        case .not: []
        case .group(let group): (group.required + group.ranked.map(\.node)).flatMap(wanted)
        }
    }
}
