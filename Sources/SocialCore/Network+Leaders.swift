// Who and what got most: counts belong to resources, but people ask about those who made them, and about what they are
// about. That stands in the truth, so these sums are made of both.

/// Somebody or something, with the sums of what belongs to it.
package struct Leader<Owner: Sendable>: Sendable {
    /// Who or what.
    package var owner: Owner
    /// What all of it has.
    package var count: AccessCount
    /// What of it was accessed, in the order of their names.
    package var resources: [AccessedResource]
}

extension Network {
    /// What all accounts got: their posts, uploads, films and profiles.
    ///
    /// All of them are told, in the order of their ids. What is gone from the truth belongs to nobody.
    package func authorLeaders(_ filter: AccessFilter) throws -> [Leader<UserID>] {
        var filter = filter
        if case .all = filter.resources { filter.resources = .types([.post, .user, .media, .video, .rendition]) }
        let ranked = try analytics.top(filter, limit: nil)
        var owned: [(owner: UserID, ranked: RankedResource)] = []
        try forEachPart(of: ranked, [.post]) { part, ids in
            let posts = try self.posts.records(of: ids.map { PostID(rawValue: $0) })
            for (ranked, post) in zip(part, posts) { if let post { owned.append((post.author, ranked)) } }
        }
        try forEachPart(of: ranked, [.media, .video, .rendition]) { part, ids in
            let uploads = try self.media.records(of: ids.map { MediaID(rawValue: $0) })
            for (ranked, upload) in zip(part, uploads) { if let upload { owned.append((upload.author, ranked)) } }
        }
        try forEachPart(of: ranked, [.user]) { part, ids in
            for (ranked, id) in zip(part, ids) { owned.append((UserID(rawValue: id), ranked)) }
        }
        return Network.sums(owned)
    }

    /// What all tags got: the posts that have them.
    ///
    /// All of them are told, in the order of their names.
    package func tagLeaders(_ filter: AccessFilter) throws -> [Leader<String>] {
        var filter = filter
        if case .all = filter.resources { filter.resources = .types([.post]) }
        var owned: [(owner: String, ranked: RankedResource)] = []
        try forEachPart(of: try analytics.top(filter, limit: nil), [.post]) { part, ids in
            let posts = try self.posts.records(of: ids.map { PostID(rawValue: $0) })
            for (ranked, post) in zip(part, posts) {
                for tag in post.map({ PostText($0.text).tags }) ?? [] { owned.append((tag, ranked)) }
            }
        }
        return Network.sums(owned)
    }

    /// Hands over the resources of some types with their ids, so many at a time that their records fit into memory.
    private func forEachPart(
        of ranked: [RankedResource], _ types: [ResourceType],
        _ visit: (_ part: [RankedResource], _ ids: [Int64]) throws -> Void
    ) throws {
        var part: [RankedResource] = []
        var ids: [Int64] = []
        for resource in ranked where types.contains(resource.resource.type) {
            guard let id = resource.resource.identity else { continue }
            part.append(resource)
            ids.append(id)
            if part.count == Limits.pageRows {
                try visit(part, ids)
                part = []
                ids = []
            }
        }
        if !part.isEmpty { try visit(part, ids) }
    }

    private static func sums<Owner: Comparable & Sendable>(
        _ owned: [(owner: Owner, ranked: RankedResource)]
    ) -> [Leader<Owner>] {
        let sorted = owned.sorted {
            $0.owner == $1.owner ? $0.ranked.resource < $1.ranked.resource : $0.owner < $1.owner
        }
        var leaders: [Leader<Owner>] = []
        for next in sorted {
            if let last = leaders.indices.last, leaders[last].owner == next.owner {
                leaders[last].count += next.ranked.count
                leaders[last].resources.append(next.ranked.resource)
            } else {
                leaders.append(
                    Leader(owner: next.owner, count: next.ranked.count, resources: [next.ranked.resource]))
            }
        }
        return leaders
    }
}
