// Tasks that changes cause: a consumer of the logs pushes them, and how far it has come is committed with them. So a
// task is neither lost nor made twice, whoever is killed.

/// Makes tasks of what the logs say.
struct LogTasks {
    let network: Network
    /// About how many tasks are made in one transaction.
    var batch = Limits.promotedMessages

    /// What a consumer of the logs makes of them.
    private enum Source: CaseIterable {
        case thumbnails, segments, celebrities

        var topic: String {
            switch self {
            case .thumbnails: WorkTopic.thumbnails
            case .segments: WorkTopic.segments
            case .celebrities: WorkTopic.waves
            }
        }
    }

    /// Goes on in all logs to their heads.
    ///
    /// - Parameter has: whether it is for this worker to look after a slot.
    /// - Returns: how many tasks were made.
    func advance(_ has: (Slot) -> Bool) throws -> Int {
        let heads = try network.logHeads.vector()
        var count = 0
        for source in Source.allCases where has(TopicRecord.slot(of: source.topic)) {
            while let made = try advance(source, to: heads) { count += made }
        }
        return count
    }

    /// Makes the tasks of a part of the logs: nil when there is nothing left to read, or somebody was faster.
    private func advance(_ source: Source, to heads: OffsetVector) throws -> Int? {
        let (records, slot) = (network.slotRecords, TopicRecord.slot(of: source.topic))
        func positions(_ transaction: RecordsTransaction) throws -> OffsetVector {
            var offsets = OffsetVector()
            for place in try transaction.logPositions(of: source.topic, in: slot) {
                offsets[place.shard] = LogPosition(incarnation: place.incarnation, n: place.n)
            }
            return offsets
        }
        let known = try records.read(slot) { try positions($0) } ?? OffsetVector()
        if !known.entries.isEmpty, known.covers(heads) { return nil }
        // What the logs say is read before the records are locked; if somebody was faster, it is read again.
        var (offsets, drafts) = (known, [MessageQueue.Draft]())
        var popular: [UserID: Bool] = [:]
        let goesOn = try OrderedLogs(router: network.router).forEach(after: &offsets, to: heads) { part in
            // What is read and not taken along is read again.
            if drafts.count >= batch { return false }
            for event in part.events {
                for entry in event.entries {
                    if let draft = try draft(source, entry, &popular) { drafts.append(draft) }
                }
            }
            return true
        }
        if !goesOn {
            // Tasks that were made before are known by their keys.
            drafts = try rescan(source)
            offsets = heads
        }
        let pushed = drafts
        let reached = offsets
        return try records.write(slot) { transaction in
            guard try positions(transaction) == known else { return nil }
            let made = try network.queue.push(pushed, to: source.topic, in: transaction)
            try transaction.setLogPositions(
                reached.entries.map {
                    LogPositionRecord(shard: $0.shard, incarnation: $0.position.incarnation, n: $0.position.n)
                }, of: source.topic, in: slot)
            return made.count { $0.isNew }
        }
    }

    /// The task that an entry of a log causes.
    ///
    /// - Parameter popular: what was found out of authors; counting followers costs.
    private func draft(
        _ source: Source, _ entry: EventEntry, _ popular: inout [UserID: Bool]
    ) throws -> MessageQueue.Draft? {
        switch (source, entry) {
        case (.thumbnails, .uploaded(_, let media)), (.segments, .uploaded(_, let media)):
            return try network.media.records(of: [media]).first.flatMap { $0 }.flatMap { draft(source, $0) }
        case (.celebrities, .posted(let author, let post)):
            let isPopular = try popular[author] ?? isCelebrity(author)
            popular[author] = isPopular
            return !isPopular ? nil : PushWaves(network: network).draft(of: post, by: author)
        default: return nil
        }
    }

    private func draft(_ source: Source, _ record: MediaRecord) -> MessageQueue.Draft? {
        let kind = MediaKind(record.content.type)
        switch source {
        case .thumbnails: if kind != .image { return nil }
        case .segments: if kind != .film || record.content.segmentation != nil { return nil }
        case .celebrities: return nil
        }
        var draft = MessageQueue.Draft(Array(record.id.description.utf8))
        draft.key = "media/\(record.id)"
        draft.part = record.id.slot
        return draft
    }

    private func isCelebrity(_ author: UserID) throws -> Bool {
        let rules = FeedRules(network.manifest.settings, at: network.context.clock.now)
        return rules.isPulled(followers: try network.graph.counts(of: author).followers)
    }

    /// All tasks that the truth could cause, where a log does not go on.
    private func rescan(_ source: Source) throws -> [MessageQueue.Draft] {
        guard source != .celebrities else { return [] }
        return try network.router.gather { reader in
            try reader.media(by: nil, in: .all, limit: .max, fromOldest: true)
        }.joined().compactMap { draft(source, $0) }
    }
}

/// The topics of the program's own tasks.
package enum WorkTopic {
    /// Thumbnails of pictures that were uploaded.
    package static let thumbnails = "thumbnails"
    /// Films that were uploaded and are to be cut.
    package static let segments = "segments"
    /// Posts of authors with so many followers that these are told later, and together.
    package static let waves = "waves"
    /// What accounts that are not there are to be told, for a gateway that reaches them.
    package static let push = "push"

    /// The topics on which the program itself works.
    package static let own = [thumbnails, segments, waves]
}
