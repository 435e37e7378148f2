// How does a file get in, and out again? The façade of the room's writing half. Files are looked at side by side, their
// bytes stored as objects, and then a row a file makes them known; nothing refers to an object before it is durable.
// Those who put keep the objects from being collected until their rows are committed.

internal import Formats

/// The uploads of a network, to be changed.
package struct Uploads {
    let pictures: Pictures
    /// The object store as the slot map and the replicas are at present.
    let store: () throws -> ObjectStore
    let holder: ObjectHolder

    private var media: Media { pictures.media }
    private var router: Router { media.router }
    private var context: Context { media.context }

    /// The uploads of a network.
    init(pictures: Pictures, holder: ObjectHolder) {
        self.pictures = pictures
        store = pictures.store
        self.holder = holder
    }

    /// What became of a file.
    package struct Outcome: Sendable {
        /// Its record.
        package var record: MediaRecord
        /// False when the same file with the same words was there before.
        package var isNew: Bool
        /// Whether its bytes were there before, in this or another file.
        package var isDuplicate: Bool
        /// What was wrong with it, and did not keep it out.
        package var warning: String?
    }

    /// Stores a file.
    ///
    /// - Throws: what is wrong with the file, or with storing it.
    package func put(
        _ upload: Upload, by author: AccountRecord, idempotencyKey: String? = nil
    ) throws -> Outcome {
        try Posts.check(key: idempotencyKey)
        var outcome: Result<Outcome, any Error>?
        try put([upload], by: author, idempotencyKey: idempotencyKey) { _, result in outcome = result }
        guard let outcome else { throw MediaError(.badFile, "\"\(upload.label)\" was not stored") }
        return try outcome.get()
    }

    /// Stores files, some at a time: each is durable when it is reported.
    ///
    /// - Parameters:
    ///   - endsAtFailure: whether nothing is stored behind a file that is bad.
    ///   - report: hears what became of each file, in their order; throwing ends it all.
    package func put(
        _ uploads: [Upload], by author: AccountRecord, idempotencyKey: String? = nil, endsAtFailure: Bool = true,
        report: (Upload, Result<Outcome, any Error>) throws -> Void
    ) throws {
        var rest = uploads[...]
        while !rest.isEmpty {
            // What a group holds in memory is bounded; a larger file is a group by itself.
            var sizeBytes = 0
            let group = rest.prefix(Limits.uploadGroup).prefix { upload in
                defer { sizeBytes += upload.sizeBytes }
                return sizeBytes == 0 || sizeBytes + upload.sizeBytes <= Limits.uploadGroupBytes
            }
            rest = rest.dropFirst(group.count)
            var prepared = try prepare(Array(group))
            let failure = endsAtFailure ? prepared.firstIndex { (try? $0.get()) == nil } : nil
            if let failure { prepared.removeSubrange((failure + 1)...) }
            let stored = try store(prepared.compactMap { try? $0.get() }, author, idempotencyKey)
            var next = stored.startIndex
            for (upload, preparation) in zip(group, prepared) {
                switch preparation {
                case .failure(let error): try report(upload, .failure(error))
                case .success:
                    try report(upload, .success(stored[next]))
                    next += 1
                }
            }
            if failure != nil { return }
        }
    }

    /// Stores the files of an archive: for each its upload, or nil where it is no picture or film.
    package func put(_ files: [ArchiveImport.File], by author: AccountRecord) throws -> [MediaID?] {
        var media: [MediaID?] = []
        let uploads = files.map { file in
            var upload = Upload(.bytes(file.bytes), name: file.name)
            upload.alt = file.alt
            upload.time = file.time
            return upload
        }
        try put(uploads, by: author, endsAtFailure: false) { upload, result in
            do { media.append(try result.get().record.id) } catch let error as MediaError {
                context.observer?.note(error.message)
                media.append(nil)
            }
        }
        return media
    }

    /// Looks at files, side by side.
    private func prepare(_ uploads: [Upload]) throws -> [Result<PreparedUpload, any Error>] {
        var prepared: [Result<PreparedUpload, any Error>?] = Array(repeating: nil, count: uploads.count)
        try prepared.withUnsafeMutableBufferPointer { prepared in
            // Safety: each part writes elements of its own.
            nonisolated(unsafe) let prepared = prepared
            let width = min(Parallel.width, uploads.count)
            try Parallel.forEach(width) { part in
                for index in stride(from: part, to: uploads.count, by: width) {
                    prepared[index] = Result { try PreparedUpload(uploads[index]) }
                }
            }
        }
        return prepared.compactMap { $0 }
    }

    /// Stores what was looked at: first the bytes, then the rows.
    private func store(
        _ prepared: [PreparedUpload], _ author: AccountRecord, _ idempotencyKey: String?
    ) throws -> [Outcome] {
        if prepared.isEmpty { return [] }
        if context.isDryRun { return try pretend(prepared, author, idempotencyKey) }
        let store = try store()
        try holder.hold(store)
        defer { if !router.hasOpenGroup { holder.release() } }
        // Slots may have moved while others removed objects: where things lie now is seen under the hold.
        try router.lookAtMap()
        let objects = try self.store().writer.put(prepared.map(\.source))
        var drafts = zip(prepared, objects).map { file, object in
            draft(file, object.hash, object.checks, author, idempotencyKey)
        }
        for index in drafts.indices where prepared[index].needsLook {
            // Only now is there a file that another program can read. Whether there is one is of no importance.
            let record = drafts[index].record(MediaID(rawValue: 1))
            drafts[index].content.look = try? pictures.look(of: record)
        }
        let made = try write(drafts, author)
        return zip(made, zip(prepared, objects)).map { made, file in
            Outcome(
                record: made.value, isNew: made.isNew, isDuplicate: !file.1.isNew, warning: file.0.warning)
        }
    }

    /// What would become of files.
    private func pretend(
        _ prepared: [PreparedUpload], _ author: AccountRecord, _ idempotencyKey: String?
    ) throws -> [Outcome] {
        let drafts = prepared.map { file in
            var digest = ObjectDigest()
            file.file.forEachStep { digest.add(UnsafeRawBufferPointer($0)) }
            let (hash, checks) = digest.finish()
            return draft(file, hash, checks, author, idempotencyKey)
        }
        let known = try drafts.map { try media.references(to: $0.content.object) > 0 }
        let made = try write(drafts, author)
        return made.indices.map { index in
            Outcome(
                record: made[index].value, isNew: made[index].isNew, isDuplicate: known[index],
                warning: prepared[index].warning)
        }
    }

    private func draft(
        _ file: PreparedUpload, _ hash: ObjectHash, _ checks: BlockChecks, _ author: AccountRecord,
        _ idempotencyKey: String?
    ) -> MediaDraft {
        var content = file.content
        content.object = hash
        content.checks = checks.coded
        return MediaDraft(author: author.id, content: content, time: file.time, idempotencyKey: idempotencyKey)
    }

    private func write(_ drafts: [MediaDraft], _ author: AccountRecord) throws -> [Creation<MediaRecord>] {
        let now = context.clock.now
        return try router.write(author.id.slot, accounts: .names) { writer in
            try drafts.map { try writer.createMedia($0, now: now) }
        }
    }

    /// Changes what is said about a file; `isNew` tells whether it is another now.
    ///
    /// - Parameter author: when given, the upload must be this account's.
    package func update(
        _ id: MediaID, by author: UserID? = nil, _ change: (inout MediaRecord.Content) throws -> Void
    ) throws -> Creation<MediaRecord> {
        _ = try media.named(id)
        return try router.write(id.slot) { writer in
            try writer.updateMedia(id, by: author) { content in
                try change(&content)
                try Media.check(content)
            }
        }
    }

    /// Looks at a picture or film at which nobody has looked; `isNew` tells whether somebody has now.
    ///
    /// - Parameter author: when given, the upload must be this account's.
    /// - Throws: `noTool` when a program is needed that is not installed, `notMedia` when it has no picture.
    package func look(at id: MediaID, by author: UserID? = nil) throws -> Creation<MediaRecord> {
        let record = try media.named(id)
        if record.content.look != nil { return Creation(record, isNew: false) }
        let look = try pictures.look(of: record)
        return try router.write(id.slot) { try $0.updateMedia(id, by: author) { $0.look = look } }
    }

    /// Deletes a file's record, and its bytes when nobody else refers to them: the record that was removed, nil when it
    /// was gone already.
    ///
    /// Bytes that cannot be removed at once, because somebody is putting objects, are left to the collection.
    /// - Parameter author: when given, the upload must be this account's.
    package func delete(_ id: MediaID, by author: UserID? = nil) throws -> MediaRecord? {
        let record = try router.write(id.slot) { try $0.deleteMedia(id, by: author) }
        guard let record, !context.isDryRun, !router.isGrouping else { return record }
        let parts = record.content.segmentation?.parts.map(\.object) ?? []
        do { _ = try keeping.remove([record.content.object] + parts) } catch let error as StorageError {
            context.observer?.note("the bytes of upload \(id) are left to \"upload gc\": \(error.message)")
        }
        return record
    }

    /// The care for the objects behind the uploads.
    package var keeping: ObjectKeeping { ObjectKeeping(pictures: pictures, holder: holder) }
}

/// Keeps objects from being collected between a put and the commit of its rows, which in a group comes later.
final class ObjectHolder {
    private var held: ObjectHold?

    /// Holds a store, unless it is held.
    func hold(_ store: ObjectStore) throws(StorageError) { if held == nil { held = try store.hold() } }

    /// Gives the store free.
    func release() {
        held?.release()
        held = nil
    }
}
