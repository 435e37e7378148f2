// What people talk about: how often each tag occurs, and which occur more often now than they use to.

/// A tag, and how often it occurs.
package struct TagCount: Equatable, Sendable {
    /// The tag, folded, without its sign.
    package var tag: String
    /// In how many posts it is.
    package var posts: Int
    /// In how many of those of the window.
    package var recent: Int
    /// In how many posts of the windows before that.
    package var past: Int

    /// How many windows before the present one say what is usual.
    static let pastWindows: Int64 = 7

    /// In how many posts of such a window it used to be.
    package var usual: Double { Double(past) / Double(TagCount.pastWindows) }

    /// How far it is above what is usual, in units of what chance would make of that.
    package var trend: Double {
        // The number of posts by chance scatters with the square root of its mean; one more, so that a tag which is new
        // needs several posts.
        let spread = (usual + 1).squareRoot()
        return ((Double(recent) - usual) / spread * 1_000).rounded() / 1_000
    }
}

extension Search {
    /// The tags that begin with some letters, the commonest first.
    package func tags(prefix: String = "", windowMilliseconds: Int64) throws -> [TagCount] {
        let tags = try indexes.whileSound { try countTags(prefix: prefix, windowMilliseconds: windowMilliseconds) }
        return tags.sorted { $0.posts != $1.posts ? $0.posts > $1.posts : $0.tag < $1.tag }
    }

    /// The tags that occur more often in the window before now than before it, those that stand out most first.
    package func trends(prefix: String = "", windowMilliseconds: Int64) throws -> [TagCount] {
        let all = try indexes.whileSound { try countTags(prefix: prefix, windowMilliseconds: windowMilliseconds) }
        let tags = all.filter { $0.trend > 0 }
        return tags.sorted { $0.trend != $1.trend ? $0.trend > $1.trend : $0.tag < $1.tag }
    }

    private func countTags(prefix: String, windowMilliseconds window: Int64) throws -> [TagCount] {
        let now = posts.context.clock.now
        let newest = IdentityLayout.firstIdentifier(at: now.advanced(byMilliseconds: 1)) - 1
        let start = IdentityLayout.firstIdentifier(at: now.advanced(byMilliseconds: -window))
        let (span, isEndless) = window.multipliedReportingOverflow(by: 1 + TagCount.pastWindows)
        let past = IdentityLayout.firstIdentifier(at: now.advanced(byMilliseconds: isEndless ? .min : -span))
        var counts: [String: TagCount] = [:]
        for living in try indexes.living(.posts) {
            let segment = living.segment
            let bounds = try [newest, start - 1, past - 1].map { try segment.firstDocument(notAbove: $0) }
            for term in try segment.terms(prefix: Array("#\(Search.folded(prefix))".utf8)) {
                var (all, recent, before) = (0, 0, 0)
                let cursor = try segment.postings(term)
                // The documents of the windows come first; how many there are behind is known unless some are no more.
                while cursor.document != PostingCursor.end, living.dead.count > 0 || cursor.document < bounds[2] {
                    if !living.dead.contains(cursor.document) {
                        all += 1
                        if cursor.document >= bounds[0], cursor.document < bounds[1] { recent += 1 }
                        if cursor.document >= bounds[1], cursor.document < bounds[2] { before += 1 }
                    }
                    try cursor.advance()
                }
                if living.dead.count == 0 { all = cursor.count }
                guard all > 0 else { continue }
                let tag = String(decoding: try segment.text(term).dropFirst(), as: UTF8.self)
                counts[tag, default: TagCount(tag: tag, posts: 0, recent: 0, past: 0)].posts += all
                counts[tag]?.recent += recent
                counts[tag]?.past += before
            }
        }
        return Array(counts.values)
    }

    /// The letters of a tag as the index has them.
    private static func folded(_ prefix: String) -> String {
        var list = TermList()
        var tokenizer = Tokenizer(.query)
        tokenizer.tokenize(prefix.hasPrefix("#") ? prefix : "#\(prefix)", into: &list)
        guard let tag = list.terms.first, tag.kind == .tag else { return prefix.lowercased() }
        return String(list.text(of: tag).dropFirst())
    }
}
