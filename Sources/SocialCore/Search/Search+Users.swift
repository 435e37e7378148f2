// Accounts by handle, name and bio. Every word of the question has to be found in one of them; a handle says more than a
// name, a name more than a bio, and the beginning of a word less than the whole. Among equals those with more followers
// come first.

/// An account that was found.
package struct FoundAccount: Sendable {
    /// The account.
    package var account: AccountRecord
    /// How many follow it.
    package var followers: Int
    /// How well it answers.
    package var score: Double
}

extension Search {
    /// What was found among accounts.
    package struct FoundAccounts: Sendable {
        /// The accounts, the best first.
        package var accounts: [FoundAccount]
        /// What was looked for in the place of words that nobody has.
        package var corrections: [Correction]
        /// How many there are, at least.
        package var count: Int
    }

    /// What a match is worth.
    private enum Worth {
        static let handle = 64.0
        static let handleStart = 16.0
        static let nameWord = 6.0
        static let nameStart = 4.0
        static let bio = 1.0
    }

    /// The accounts that a few words may mean.
    ///
    /// - Parameter viewer: who is asking; does not see those whom it blocks, mutes or is blocked by.
    package func users(_ text: String, limit: Int, viewer: UserID? = nil, corrects: Bool = true) throws -> FoundAccounts
    {
        try indexes.whileSound { try found(text, limit: limit, viewer: viewer, corrects: corrects) }
    }

    private func found(_ text: String, limit: Int, viewer: UserID?, corrects: Bool) throws -> FoundAccounts {
        let segments = try indexes.living(.users)
        var words = Search.words(of: text)
        guard !words.isEmpty else { return FoundAccounts(accounts: [], corrections: [], count: 0) }
        var run = try usersRun(words, segments)
        var found = try run.best(Limits.searchCandidates)
        var corrections: [Correction] = []
        if found.isEmpty, corrects {
            corrections = try corrected(&words, segments)
            if !corrections.isEmpty {
                run = try usersRun(words, segments)
                found = try run.best(Limits.searchCandidates)
            }
        }
        let hidden = try unseen(by: viewer)
        let ids = found.map { UserID(rawValue: $0.id) }
        let counts = try indexes.router.gather { reader in try ids.map { try reader.followerCount(of: $0) } }
        let accounts = try accounts.records(of: ids)
        var result: [FoundAccount] = []
        for (index, account) in accounts.enumerated() {
            guard let account, !hidden.contains(account.id) else { continue }
            let followers = counts.reduce(0) { $0 + $1[index] }
            let score = Double(found[index].score) / TermScorer.unit
            result.append(FoundAccount(account: account, followers: followers, score: score))
        }
        result.sort { one, other in
            if one.score != other.score { return one.score > other.score }
            if one.followers != other.followers { return one.followers > other.followers }
            return one.account.handle.key < other.account.handle.key
        }
        return FoundAccounts(
            accounts: Array(result.prefix(limit)), corrections: corrections,
            count: found.count < Limits.searchCandidates ? result.count : max(result.count, try run.count()))
    }

    /// The words of a question, as they are in the index; `ana_b` is one word and two.
    private static func words(of text: String) -> [String] {
        var list = TermList()
        var tokenizer = Tokenizer(.query)
        var words: [String] = []
        for part in text.split(whereSeparator: \.isWhitespace) {
            let name = part.hasPrefix("@") ? part.dropFirst() : part
            if let handle = try? Handle(String(name)) {
                words.append(handle.key)
                continue
            }
            list.removeAll()
            tokenizer.tokenize(String(part), into: &list)
            words += list.terms.map { list.text(of: $0) }
        }
        return words
    }

    private func usersRun(_ words: [String], _ segments: [LivingSegment]) throws -> SearchRun {
        var plan = SearchPlan()
        var worths: [Double] = []
        func leaf(_ leaf: SearchPlan.Leaf, _ worth: Double) -> SearchPlan.Node {
            plan.leaves.append(leaf)
            worths.append(worth)
            return .leaf(plan.leaves.count - 1)
        }
        for word in words {
            let bytes = Array(word.utf8)
            let stem = SearchPlanner.stemmed(bytes, indexes.stems)
            plan.root.required.append(
                .any([
                    leaf(.term(Segment.term(.handle(word))), Worth.handle),
                    leaf(.prefix(Segment.term(.handle(word))), Worth.handleStart),
                    leaf(.term(Segment.term(.name(word))), Worth.nameWord),
                    leaf(.prefix(Segment.term(.name(word))), Worth.nameStart),
                    leaf(.term(stem), Worth.bio),
                ]))
        }
        return try SearchRun(plan, on: segments, worths: worths)
    }
}
