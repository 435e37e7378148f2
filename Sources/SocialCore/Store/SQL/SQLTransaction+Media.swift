// Uploaded files in SQL: their records; the bytes are elsewhere.

extension SQLTransaction {
    static let mediaColumns = """
        id, author, name, type, object, size, checks, width, height, frames, duration, colour, blur, likeness, caption,
        alt, tags, hash, segmentation
        """

    // MARK: Reading

    func media(_ id: MediaID) throws -> MediaRecord? {
        if try isHidden(id.slot) { return nil }
        return try statement(SQLTransaction.mediaSelection).bind(id.rawValue).first(readMedia)
    }

    static let mediaSelection = "SELECT \(mediaColumns) FROM media WHERE id = ?"

    func isFormer(_ id: MediaID) throws -> Bool {
        if try isHidden(id.slot) { return false }
        return try statement("SELECT 1 FROM tombstone WHERE id = ? AND is_account = 2").bind(id.rawValue)
            .first { _ in true } ?? false
    }

    func media(
        by author: UserID?, in range: ClosedRange<MediaID>, limit: Int, fromOldest: Bool
    ) throws -> [MediaRecord] {
        let sql = """
            SELECT \(SQLTransaction.mediaColumns) FROM media
            WHERE id BETWEEN ?1 AND ?2\(author == nil ? "" : " AND author = ?4")\(visible("id"))
            ORDER BY id \(fromOldest ? "ASC" : "DESC") LIMIT ?3
            """
        let select = try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit))
        if let author { select.bind(author.rawValue, at: 4) }
        let media = try select.all(readMedia)
        return fromOldest ? media.reversed() : media
    }

    func media(by author: UserID, named name: String) throws -> MediaRecord? {
        let sql = """
            SELECT \(SQLTransaction.mediaColumns) FROM media INDEXED BY media_by_name
            WHERE author = ?1 AND name = ?2\(visible("id")) ORDER BY id DESC LIMIT 1
            """
        let select = try statement(sql).bind(author.rawValue)
        select.bind(name, at: 2)
        return try select.first(readMedia)
    }

    func media(of object: ObjectHash, limit: Int) throws -> [MediaRecord] {
        let sql = """
            SELECT \(SQLTransaction.mediaColumns) FROM media INDEXED BY media_by_object
            WHERE object = ?1\(visible("id")) ORDER BY id LIMIT ?2
            """
        let select = try statement(sql)
        select.bind(object.bytes, at: 1)
        select.bind(Int64(limit), at: 2)
        return try select.all(readMedia)
    }

    func references(to object: ObjectHash) throws -> Int {
        // Rows of slots on the move name it too: whoever asks wants to know whether somebody needs it.
        let sql = """
            SELECT (SELECT COUNT(*) FROM media WHERE object = ?1) + (SELECT COUNT(*) FROM part WHERE object = ?1)
            """
        let select = try statement(sql)
        select.bind(object.bytes, at: 1)
        return try select.first { Int($0.integer(0)) } ?? 0
    }

    func objects(after object: ObjectHash?, limit: Int) throws -> [(object: ObjectHash, sizeBytes: Int64)] {
        let sql = """
            SELECT object, size FROM media WHERE object > ?1 UNION SELECT object, size FROM part WHERE object > ?1
            ORDER BY object LIMIT ?2
            """
        let select = try statement(sql)
        select.bind(object?.bytes ?? [], at: 1)
        select.bind(Int64(limit), at: 2)
        return try select.all { row in
            guard let object = ObjectHash(bytes: row.bytes(0)) else {
                throw StorageError(
                    .damaged, "a media record of shard \(shard) is damaged", hint: "run \"social verify\"")
            }
            return (object, row.integer(1))
        }
    }

    /// Whether the objects that films need are not those of their records.
    func partsDiffer() throws -> Bool {
        struct Need: Hashable {
            var media: Int64
            var object: [UInt8]
            var sizeBytes: Int64
        }
        var needs: Set<Need> = []
        try statement("SELECT id, segmentation FROM media WHERE segmentation IS NOT NULL").forEach { row in
            for part in Segmentation(coded: row.bytes(1))?.parts ?? [] {
                needs.insert(Need(media: row.integer(0), object: part.object.bytes, sizeBytes: part.sizeBytes))
            }
        }
        var isOther = false
        try statement("SELECT media, object, size FROM part").forEach { row in
            let need = Need(media: row.integer(0), object: row.bytes(1), sizeBytes: row.integer(2))
            if needs.remove(need) == nil { isOther = true }
        }
        return isOther || !needs.isEmpty
    }

    func mediaCount() throws -> Int {
        try statement("SELECT COUNT(*) FROM media WHERE TRUE\(visible("id"))").first { Int($0.integer(0)) } ?? 0
    }

    // MARK: Writing

    func createMedia(_ draft: MediaDraft, now: Timestamp) throws -> Creation<MediaRecord> {
        let slot = draft.author.slot
        try claim(slot)
        try requireNotFormer(draft.author)
        if let earlier = try earlierMedia(draft) { return Creation(earlier, isNew: false) }
        let raw = try draft.time.map { try mint(in: slot, imported: $0) } ?? mint(in: slot, now: now)
        let record = draft.record(MediaID(rawValue: raw))
        try insert(record)
        log(.uploaded(author: record.author, media: record.id))
        if let key = draft.idempotencyKey {
            try remember(
                OperationRecord(
                    account: draft.author, verb: MediaDraft.verb, key: key, fingerprint: draft.fingerprint, result: raw
                ))
        }
        return Creation(record, isNew: true)
    }

    /// What the same command has made before: under its key, or the same file with the same words.
    private func earlierMedia(_ draft: MediaDraft) throws -> MediaRecord? {
        if let key = draft.idempotencyKey {
            let earlier = try earlier(draft.author, MediaDraft.verb, key, draft.fingerprint, making: "upload")
            guard let earlier else { return nil }
            let id = MediaID(rawValue: earlier.result)
            return try media(id) ?? draft.record(id)
        }
        return try media(of: draft.content.object, limit: .max)
            .first { $0.author == draft.author && $0.content.isSameUpload(as: draft.content) }
    }

    /// Writes the row of an uploaded file.
    func insert(_ record: MediaRecord) throws {
        let content = record.content
        let hash = TruthRow.media(record).check
        let insert = try statement("INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(record.id.rawValue, at: 1)
        insert.bind(record.author.rawValue, at: 2)
        insert.bind(content.name, at: 3)
        insert.bind(content.type, at: 4)
        insert.bind(content.object.bytes, at: 5)
        insert.bind(content.sizeBytes, at: 6)
        insert.bind(content.checks, at: 7)
        insert.bind(content.width, at: 8)
        insert.bind(content.height, at: 9)
        insert.bind(content.frames, at: 10)
        insert.bind(content.durationMilliseconds, at: 11)
        insert.bind(content.look?.colour, at: 12)
        insert.bind(content.look?.blur, at: 13)
        insert.bind(content.look?.likeness ?? [], at: 14)
        insert.bind(content.caption, at: 15)
        insert.bind(content.alt, at: 16)
        insert.bind(content.tags, at: 17)
        insert.bind(Int64(bitPattern: hash), at: 18)
        if let segmentation = content.segmentation {
            insert.bind(segmentation.coded, at: 19)
        } else {
            insert.bind(nil as Int64?, at: 19)
        }
        try insert.run()
        for part in content.segmentation?.parts ?? [] {
            let insert = try statement("INSERT INTO part VALUES (?, ?, ?)")
            insert.bind(part.object.bytes, at: 1)
            insert.bind(record.id.rawValue, at: 2)
            insert.bind(part.sizeBytes, at: 3)
            try insert.run()
        }
        try count(added: hash, .media(record))
    }

    func updateMedia(
        _ id: MediaID, by author: UserID?, _ change: (inout MediaRecord.Content) throws -> Void
    ) throws -> Creation<MediaRecord> {
        try claim(id.slot)
        guard let before = try media(id) else { throw StoreError(.noSuchMedia, "there is no upload \"\(id)\"") }
        try require(author, of: before)
        var record = before
        try change(&record.content)
        guard record != before else { return Creation(before, isNew: false) }
        try removeRow(of: before)
        try insert(record)
        log(.mediaChanged(author: record.author, media: id))
        return Creation(record, isNew: true)
    }

    func deleteMedia(_ id: MediaID, by author: UserID?) throws -> MediaRecord? {
        try claim(id.slot)
        guard let record = try media(id) else {
            guard try isFormer(id) else { throw StoreError(.noSuchMedia, "there is no upload \"\(id)\"") }
            return nil
        }
        try require(author, of: record)
        try removeRow(of: record)
        try bury(.formerMedia(id), id.rawValue)
        log(.mediaDeleted(author: record.author, media: id))
        return record
    }

    private func removeRow(of record: MediaRecord) throws {
        try deleteRow(of: record)
        try count(removed: .media(record))
    }

    /// Deletes the row of an uploaded file.
    func deleteRow(of record: MediaRecord) throws {
        try statement("DELETE FROM media WHERE id = ?").bind(record.id.rawValue).run()
        for part in record.content.segmentation?.parts ?? [] {
            let delete = try statement("DELETE FROM part WHERE object = ? AND media = ?")
            delete.bind(part.object.bytes, at: 1)
            delete.bind(record.id.rawValue, at: 2)
            try delete.run()
        }
    }

    private func require(_ author: UserID?, of record: MediaRecord) throws {
        if let author, author != record.author {
            throw StoreError(.notTheAuthor, "the upload \"\(record.id)\" is someone else's")
        }
    }

    // MARK: Rows

    func readMedia(_ row: any SQLStatement) throws -> MediaRecord {
        guard let record = mediaRow(row), Int64(bitPattern: TruthRow.media(record).check) == row.integer(17) else {
            throw StorageError(
                .damaged, "upload \(row.integer(0)) in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
        return record
    }

    /// The columns as they are; nil when the object's hash is none, or what a film became is nothing that we wrote.
    private func mediaRow(_ row: any SQLStatement) -> MediaRecord? {
        guard let object = ObjectHash(bytes: row.bytes(4)) else { return nil }
        let look = row.optionalInteger(11).map {
            MediaRecord.Look(colour: $0, blur: row.text(12), likeness: row.bytes(13))
        }
        var content = MediaRecord.Content(
            name: row.text(2), type: row.text(3), object: object, sizeBytes: row.integer(5), checks: row.bytes(6),
            width: row.optionalInteger(7), height: row.optionalInteger(8), frames: row.optionalInteger(9),
            durationMilliseconds: row.optionalInteger(10), look: look,
            caption: row.optionalText(14), alt: row.optionalText(15), tags: row.optionalText(16))
        let coded = row.bytes(18)
        if !coded.isEmpty {
            guard let segmentation = Segmentation(coded: coded) else { return nil }
            content.segmentation = segmentation
        }
        return MediaRecord(
            id: MediaID(rawValue: row.integer(0)), author: UserID(rawValue: row.integer(1)), content: content)
    }
}
