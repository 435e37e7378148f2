// Uploaded files in memory.

internal import SocialCore

extension MemoryTransaction {
    func media(_ id: MediaID) throws -> MediaRecord? { held.media[id] }

    func isFormer(_ id: MediaID) throws -> Bool { held.formerMedia.contains(id) }

    func media(
        by author: UserID?, in range: ClosedRange<MediaID>, limit: Int, fromOldest: Bool
    ) throws -> [MediaRecord] {
        let all = held.media.values.filter { range.contains($0.id) && (author == nil || $0.author == author) }
            .sorted { $0.id > $1.id }
        return Array(fromOldest ? all.suffix(limit) : all.prefix(limit))
    }

    func media(by author: UserID, named name: String) throws -> MediaRecord? {
        held.media.values.filter { $0.author == author && $0.content.name == name }.max { $0.id < $1.id }
    }

    func media(of object: ObjectHash, limit: Int) throws -> [MediaRecord] {
        Array(held.media.values.filter { $0.content.object == object }.sorted { $0.id < $1.id }.prefix(limit))
    }

    func references(to object: ObjectHash) throws -> Int {
        held.media.values.reduce(0) { count, media in
            let parts = media.content.segmentation?.parts ?? []
            return count + (media.content.object == object ? 1 : 0) + parts.count { $0.object == object }
        }
    }

    func objects(after object: ObjectHash?, limit: Int) throws -> [(object: ObjectHash, sizeBytes: Int64)] {
        var sizes: [ObjectHash: Int64] = [:]
        for media in held.media.values {
            sizes[media.content.object] = media.content.sizeBytes
            for part in media.content.segmentation?.parts ?? [] { sizes[part.object] = part.sizeBytes }
        }
        return sizes.sorted { $0.key < $1.key }.filter { item in object.map { item.key > $0 } ?? true }.prefix(limit)
            .map { ($0.key, $0.value) }
    }

    func mediaCount() throws -> Int { held.media.count }

    func createMedia(_ draft: MediaDraft, now: Timestamp) throws -> Creation<MediaRecord> {
        let slot = draft.author.slot
        try claim(slot)
        try requireNotFormer(draft.author)
        let name = draft.idempotencyKey.map {
            MemoryState.OperationName(account: draft.author, verb: MediaDraft.verb, key: $0)
        }
        if let name, let earlier = held.operations[name] {
            guard earlier.fingerprint == draft.fingerprint else { throw StoreError(.keyReused, "the key is used") }
            let id = MediaID(rawValue: earlier.result)
            return Creation(held.media[id] ?? draft.record(id), isNew: false)
        }
        let equal = held.media.values.filter {
            $0.author == draft.author && $0.content.isSameUpload(as: draft.content)
        }
        if name == nil, let earlier = equal.min(by: { $0.id < $1.id }) { return Creation(earlier, isNew: false) }
        let raw: Int64
        if let time = draft.time {
            raw = try mint(in: slot, imported: time)
        } else {
            raw = try mint(in: slot, now: now)
        }
        let record = draft.record(MediaID(rawValue: raw))
        held.media[record.id] = record
        pending.append(.uploaded(author: draft.author, media: record.id))
        if let name {
            held.operations[name] = OperationRecord(
                account: name.account, verb: name.verb, key: name.key, fingerprint: draft.fingerprint, result: raw)
        }
        return Creation(record, isNew: true)
    }

    func updateMedia(
        _ id: MediaID, by author: UserID?, _ change: (inout MediaRecord.Content) throws -> Void
    ) throws -> Creation<MediaRecord> {
        try claim(id.slot)
        guard let before = held.media[id] else { throw StoreError(.noSuchMedia, "no such upload") }
        guard author == nil || author == before.author else { throw StoreError(.notTheAuthor, "someone else's") }
        var record = before
        try change(&record.content)
        guard record != before else { return Creation(before, isNew: false) }
        held.media[id] = record
        pending.append(.mediaChanged(author: record.author, media: id))
        return Creation(record, isNew: true)
    }

    func deleteMedia(_ id: MediaID, by author: UserID?) throws -> MediaRecord? {
        try claim(id.slot)
        guard let record = held.media[id] else {
            if held.formerMedia.contains(id) { return nil }
            throw StoreError(.noSuchMedia, "no such upload")
        }
        guard author == nil || author == record.author else { throw StoreError(.notTheAuthor, "someone else's") }
        held.media[id] = nil
        held.formerMedia.insert(id)
        pending.append(.mediaDeleted(author: record.author, media: id))
        return record
    }
}
