// Several questions in one walk: what each of some resources has, or what some of them have together, such as all that
// one account has made. A walk a resource would read every page as often as there are resources.

/// How often the resources of a group were accessed together, and by how many.
package struct CountedGroup: Sendable {
    /// How often.
    package var count = AccessCount()
    /// By whom, as far as that is known; empty when it was not asked for.
    package var viewers = ViewerSketch()

    /// Nothing.
    package init() {}
}

extension Analytics {
    /// What each of some groups of resources has.
    ///
    /// - Parameters:
    ///   - filter: whose resources are not looked at.
    ///   - groups: each a set of resources, of which one may belong to several.
    ///   - countsViewers: whether viewers are counted too.
    package func count(
        _ filter: AccessFilter, of groups: [[AccessedResource]], countsViewers: Bool = true
    ) throws -> [CountedGroup] {
        var counted = Array(repeating: CountedGroup(), count: groups.count)
        _ = try gather { transaction in
            let members = try GroupMembers(groups, transaction)
            try transaction.forEachPage(filter) { reader, isWhole in
                let audience = reader.page.key.audience
                try members.forEach(&reader) { reader, place, group in
                    counted[group].count.add(try reader.tally(at: place, in: filter, isWhole: isWhole), audience)
                    guard countsViewers else { return }
                    try reader.addViewers(at: place, in: filter, isWhole: isWhole, to: &counted[group].viewers)
                }
            }
        }
        for index in counted.indices where counted[index].count.count == 0 { counted[index].viewers = ViewerSketch() }
        return counted
    }

    /// How often each of some groups of resources was accessed in each of some stretches of time.
    ///
    /// - Parameters:
    ///   - filter: whose resources and times are not looked at.
    ///   - edges: where stretches begin, in ascending order, and where the last one ends.
    package func series(
        _ filter: AccessFilter, of groups: [[AccessedResource]], edges: [Timestamp]
    ) throws -> [[AccessCount]] {
        let stretches = max(0, edges.count - 1)
        var counts = Array(repeating: Array(repeating: AccessCount(), count: stretches), count: groups.count)
        guard let start = edges.first, let end = edges.last, stretches > 0 else { return counts }
        var filter = filter
        filter.since = start
        filter.until = end
        _ = try gather { transaction in
            let members = try GroupMembers(groups, transaction)
            try transaction.forEachPage(filter) { reader, _ in
                let audience = reader.page.key.audience
                try members.forEach(&reader) { reader, place, group in
                    var stretch = 0
                    for bucket in try reader.buckets(at: place) {
                        guard let middle = reader.middle(ofBucket: bucket.index), filter.contains(middle) else {
                            continue
                        }
                        while edges[stretch + 1].milliseconds <= middle { stretch += 1 }
                        counts[group][stretch].add(bucket.tally, audience)
                    }
                }
            }
        }
        return counts
    }
}

/// The members of some groups, by the numbers that they have in a shard.
private struct GroupMembers {
    private var members: [(number: ResourceNumber, group: Int)] = []

    init(_ groups: [[AccessedResource]], _ transaction: RecordsTransaction) throws {
        for (group, resources) in groups.enumerated() {
            for resource in resources {
                if let number = try transaction.number(of: resource) { members.append((number, group)) }
            }
        }
        members.sort { $0.number == $1.number ? $0.group < $1.group : $0.number < $1.number }
        var last = 0
        for index in members.indices.dropFirst() where members[index] != members[last] {
            last += 1
            members[last] = members[index]
        }
        if !members.isEmpty { members.removeSubrange((last + 1)...) }
    }

    /// Calls a closure for each entry of a page and each group to which it belongs.
    func forEach(
        _ reader: inout RollupPageReader,
        _ visit: (inout RollupPageReader, RollupPageReader.Place, Int) throws -> Void
    ) throws {
        // Few members are looked up; many are met on the way from the first entry to the last.
        guard members.count * RollupPage.blockEntries > reader.count else {
            for member in members {
                if let place = try reader.place(of: member.number) { try visit(&reader, place, member.group) }
            }
            return
        }
        var index = 0
        while index < members.count, let place = try reader.next() {
            while index < members.count, members[index].number < place.resource { index += 1 }
            while index < members.count, members[index].number == place.resource {
                try visit(&reader, place, members[index].group)
                index += 1
            }
        }
    }
}
