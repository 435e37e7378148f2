// The text of an export read back: each line becomes the row that it was written from, or an error that names its line
// and column. What a line says more than once, such as the time in an id, must agree.

package import Formats

/// Reads rows of truth, and records, from JSON lines.
package struct ExportDecoder {
    /// How posts find their slot in the network that was exported.
    package let placement: Placement
    /// How many rows follow, when the header says so.
    package let rows: Int64?
    /// Whether records follow the rows.
    package let hasRecords: Bool
    /// How many records there should be, once the last line has said so.
    package private(set) var records: Int64?
    /// The line of the row that was read last.
    package private(set) var line = 1

    private var lines: NDJSONReader

    /// The bytes of the line that was read last.
    package var lastRow: ArraySlice<UInt8> { lines.lastLine }

    /// Begins to read an export, whose header comes first.
    ///
    /// - Throws: `DataError` for what is no export; `newerFormat` for one of a newer program.
    package init(_ lines: LineReader) throws {
        self.lines = NDJSONReader(lines)
        guard let record = try self.lines.next() else {
            throw DataError(.syntax, line: 1, column: 1, "the export is empty")
        }
        var header = ExportObject(record, self.lines.lastLine)
        guard try header.string("type") == "social" else {
            throw header.fault("type", "this is no export: its first line must be {\"type\":\"social\",…}")
        }
        let version = try header.integer("version")
        guard version <= ExportEncoder.recordsVersion else {
            throw StorageError(
                .newerFormat, "the export has version \(version), newer than this program", hint: "use a newer social")
        }
        guard let placement = Placement(rawValue: try header.string("shard_by")) else {
            throw header.fault("shard_by", "\"shard_by\" is neither user nor post")
        }
        self.placement = placement
        rows = try header.optionalInteger("rows")
        hasRecords = version == ExportEncoder.recordsVersion
        try header.end()
    }

    /// The next row or record; nil at the end.
    ///
    /// An error uses its line up.
    package mutating func next() throws -> ExportRow? {
        while let record = try lines.next() {
            line = record.line
            var object = ExportObject(record, lines.lastLine)
            guard records == nil else { throw object.fault("type", "nothing stands behind the end") }
            let type = try object.string("type")
            guard hasRecords, type == "end" else {
                let record = hasRecords ? try self.record(type, &object).map(ExportRow.record) : nil
                let row = try record ?? .truth(row(type, &object))
                try object.end()
                return row
            }
            let count = try object.count("records")
            try object.end()
            records = count
        }
        return nil
    }

    private func row(_ type: String, _ object: inout ExportObject) throws -> TruthRow {
        switch type {
        case "user": return .account(try account(&object))
        case "deleted-user": return .formerAccount(try object.id("id"))
        case "handle":
            let key = try object.string("handle")
            // Of a handle whose owner was erased a hash is left.
            guard Handle.isRemnant(key) || (try? Handle(key))?.key == key else {
                throw object.fault("handle", "\"\(key)\" is no handle in lower case")
            }
            return .handle(key: key, account: try object.id("user_id"))
        case "follow":
            let edge = FollowRecord(
                follower: try object.id("follower_id"), followee: try object.id("followee_id"),
                since: try object.time("since"))
            guard edge.follower != edge.followee else {
                throw object.fault("followee_id", "an account cannot follow itself")
            }
            return .follow(edge)
        case "post": return .post(try post(&object))
        case "version":
            let version = PostVersion(
                post: try object.id("post_id"), number: try object.integer("number"), text: try object.string("text"),
                writtenAt: try object.time("written_at"))
            try object.checking("text") { try Posts.check(version.text) }
            guard version.number > 0 else { throw object.fault("number", "versions are numbered from 1") }
            return .version(version)
        case "media": return .media(try media(&object))
        case "deleted-media": return .formerMedia(try object.id("id"))
        case "deleted-post": return .tombstone(try object.id("id"))
        case "key":
            let operation = OperationRecord(
                account: try object.id("user_id"), verb: try object.string("verb"), key: try object.string("key"),
                fingerprint: try object.number("fingerprint"), result: try object.number("result"))
            try object.checking("key") { try Posts.check(key: operation.key) }
            return .operation(operation)
        default:
            guard let kind = RelationKind.allCases.first(where: { $0.name == type }) else {
                throw object.fault("type", "there are no rows of type \"\(type)\"")
            }
            let target: EntityID = try object.id(kind.isTowardsPost ? "post_id" : "target_id")
            return .relation(
                RelationRecord(kind, try object.id("user_id"), target, since: try object.time("since")))
        }
    }

    private func account(_ object: inout ExportObject) throws -> AccountRecord {
        let id: UserID = try object.id("id")
        let name = try object.string("handle")
        let handle: Handle
        do { handle = try Handle(name) } catch { throw object.fault("handle", "\"\(name)\": \(error)") }
        var profile = AccountRecord.Profile(
            name: try object.optionalString("name"), bio: try object.optionalString("bio"),
            location: try object.optionalString("location"), link: try object.optionalString("link"))
        try check(&object, id)
        let activeAt = try object.optionalTime("active_at") ?? id.time
        if let fields = object.take("fields"), fields != .null {
            guard let members = fields.object else { throw object.fault("fields", "\"fields\" is no object") }
            try object.checking("fields") {
                try profile.set(members)
            }
        }
        profile.avatar = try object.optionalID("avatar")
        try object.checking("type") { try profile.check() }
        return AccountRecord(id: id, handle: handle, profile: profile, activeAt: activeAt)
    }

    private func post(_ object: inout ExportObject) throws -> PostRecord {
        var post = PostRecord(
            id: try object.id("id"), author: try object.id("author_id"), text: try object.string("text"))
        try check(&object, post.id)
        post.replyTo = try object.optionalID("reply_to")
        post.repostOf = try object.optionalID("repost_of")
        post.expiresAt = try object.optionalTime("expires_at")
        post.editedAt = try object.optionalTime("edited_at")
        post.media = try object.ids("media")
        guard post.media.count <= Limits.postMedia else {
            throw object.fault("media", "a post shows at most \(Limits.postMedia) uploads")
        }
        if post.repostOf == nil {
            try object.checking("text") { try Posts.check(post.text, isAlone: post.media.isEmpty) }
        } else if !post.text.isEmpty {
            throw object.fault("text", "a repost has no text of its own")
        }
        return post
    }

    private func media(_ object: inout ExportObject) throws -> MediaRecord {
        let id: MediaID = try object.id("id")
        let author: UserID = try object.id("author_id")
        let name = try object.string("name")
        let type = try object.string("media_type")
        guard let hash = ObjectHash(try object.string("object")) else {
            throw object.fault("object", "\"object\" is no SHA-256 in hexadecimal digits")
        }
        let size = try object.integer("bytes")
        guard let checks = Hexadecimal.bytes(try object.string("checks")) else {
            throw object.fault("checks", "\"checks\" are no hexadecimal digits")
        }
        let look = try look(&object)
        var content = MediaRecord.Content(
            name: name, type: type, object: hash, sizeBytes: size, checks: checks,
            width: try object.optionalInteger("width"), height: try object.optionalInteger("height"),
            frames: try object.optionalInteger("frames"),
            durationMilliseconds: try object.optionalInteger("duration_ms"), look: look,
            caption: try object.optionalString("caption"), alt: try object.optionalString("alt"),
            tags: try object.optionalString("tags"))
        if let coded = try object.optionalString("segmentation") {
            content.segmentation = Hexadecimal.bytes(coded).flatMap { Segmentation(coded: $0) }
            if content.segmentation == nil { throw object.fault("segmentation", "\"segmentation\" is not one") }
        }
        try check(&object, id)
        try object.checking("type") { try Media.check(content) }
        guard id.slot == author.slot else { throw object.fault("author_id", "the upload is in another's slot") }
        return MediaRecord(id: id, author: author, content: content)
    }

    /// What a picture looks like, which is there as a whole or not at all.
    private func look(_ object: inout ExportObject) throws -> MediaRecord.Look? {
        let colour = try object.optionalString("colour")
        let blur = try object.optionalString("blur")
        let likeness = try object.optionalString("likeness")
        guard let colour else { return nil }
        guard let number = MediaRecord.Look.colour(colour) else {
            throw object.fault("colour", "\"colour\" is none such as #c0ffee")
        }
        guard let likeness = Hexadecimal.bytes(likeness ?? "") else {
            throw object.fault("likeness", "\"likeness\" has no hexadecimal digits")
        }
        return MediaRecord.Look(colour: number, blur: blur ?? "", likeness: likeness)
    }

    /// An id carries its time: whoever changes one must change the other.
    private func check(_ object: inout ExportObject, _ id: some EntityIdentifier) throws {
        guard let time = try object.optionalTime("created_at"), time != id.time else { return }
        throw object.fault(
            "created_at", "\"created_at\" is not the time in the id, \(RFC3339.format(id.time.milliseconds))")
    }
}
