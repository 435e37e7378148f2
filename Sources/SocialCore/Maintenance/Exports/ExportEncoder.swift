// The text of an export: a header, then one JSON object for each row of truth. Keys come in one order and are always
// all there, ids are strings, times are RFC 3339; so the bytes depend on what people did and on nothing else.

internal import Formats

/// Writes rows of truth as JSON lines.
package struct ExportEncoder {
    /// The version of the format.
    package static let version: Int64 = 1
    /// The version of the format with records, which older programs refuse.
    package static let recordsVersion: Int64 = 2

    var json = JSONWriter()

    /// An encoder that has written nothing.
    package init() {}

    /// What has been written and not yet taken away.
    package var bytes: [UInt8] {
        _read { yield json.bytes }
        _modify { yield &json.bytes }
    }

    /// Whether there are so many bytes that they should be written out.
    package var needsFlush: Bool { json.bytes.count >= FormatLimits.flushBytes }

    /// Writes the first line.
    ///
    /// - Parameters:
    ///   - rows: how many rows follow, when that is known.
    ///   - hasRecords: whether records follow them, and then `end`.
    package mutating func header(_ placement: Placement, rows: Int64? = nil, hasRecords: Bool = false) {
        begin("social")
        integer("version", hasRecords ? Self.recordsVersion : Self.version)
        string("shard_by", placement.rawValue)
        if let rows { integer("rows", rows) }
        end()
    }

    /// Writes the line of a row.
    package mutating func row(_ row: TruthRow) {
        switch row {
        case .account(let account): self.account(account)
        case .handle(let key, let account):
            begin("handle")
            string("handle", key)
            id("user_id", account)
        case .follow(let edge):
            begin("follow")
            id("follower_id", edge.follower)
            id("followee_id", edge.followee)
            time("since", edge.since)
        case .post(let post): self.post(post)
        case .version(let version):
            begin("version")
            id("post_id", version.post)
            integer("number", version.number)
            string("text", version.text)
            time("written_at", version.writtenAt)
        case .tombstone(let id):
            begin("deleted-post")
            self.id("id", id)
        case .formerAccount(let id):
            begin("deleted-user")
            self.id("id", id)
        case .relation(let relation):
            begin(relation.kind.name)
            id("user_id", relation.actor)
            id(relation.kind.isTowardsPost ? "post_id" : "target_id", relation.target)
            time("since", relation.since)
        case .operation(let operation):
            begin("key")
            id("user_id", operation.account)
            string("verb", operation.verb)
            string("key", operation.key)
            string("fingerprint", String(operation.fingerprint))
            string("result", String(operation.result))
        case .media(let media): self.media(media)
        case .formerMedia(let id):
            begin("deleted-media")
            self.id("id", id)
        }
        end()
    }

    private mutating func account(_ account: AccountRecord) {
        begin("user")
        id("id", account.id)
        string("handle", account.handle.display)
        string("name", account.profile.name)
        string("bio", account.profile.bio)
        string("location", account.profile.location)
        string("link", account.profile.link)
        time("created_at", account.id.time)
        time("active_at", account.activeAt)
        json.key("fields")
        // What is stored is compact JSON already.
        if let fields = account.profile.fields { json.raw(Array(fields.utf8)) } else { json.null() }
        id("avatar", account.profile.avatar)
    }

    private mutating func post(_ post: PostRecord) {
        begin("post")
        id("id", post.id)
        id("author_id", post.author)
        string("text", post.text)
        time("created_at", post.id.time)
        id("reply_to", post.replyTo)
        id("repost_of", post.repostOf)
        time("expires_at", post.expiresAt)
        time("edited_at", post.editedAt)
        json.key("media")
        json.beginArray()
        for id in post.media { json.string(id.description) }
        json.endArray()
    }

    private mutating func media(_ media: MediaRecord) {
        let content = media.content
        begin("media")
        id("id", media.id)
        id("author_id", media.author)
        string("name", content.name)
        string("media_type", content.type)
        string("object", content.object.description)
        integer("bytes", content.sizeBytes)
        string("checks", Hexadecimal.text(content.checks))
        integer("width", content.width)
        integer("height", content.height)
        integer("frames", content.frames)
        integer("duration_ms", content.durationMilliseconds)
        string("colour", content.look.map { MediaRecord.Look.text(ofColour: $0.colour) })
        string("blur", content.look?.blur)
        string("likeness", content.look.map { Hexadecimal.text($0.likeness) })
        string("caption", content.caption)
        string("alt", content.alt)
        string("tags", content.tags)
        string("segmentation", content.segmentation.map { Hexadecimal.text($0.coded) })
        time("created_at", media.id.time)
    }

    mutating func begin(_ type: String) {
        json.beginObject()
        string("type", type)
    }

    mutating func end() {
        json.endObject()
        json.endLine()
    }

    mutating func string(_ key: String, _ text: String?) {
        json.key(key)
        if let text { json.string(text) } else { json.null() }
    }

    mutating func integer(_ key: String, _ value: Int64?) {
        json.key(key)
        if let value { json.integer(value) } else { json.null() }
    }

    mutating func id(_ key: String, _ id: (some EntityIdentifier)?) {
        string(key, id?.description)
    }

    mutating func time(_ key: String, _ time: Timestamp?) {
        string(key, time.map { RFC3339.format($0.milliseconds) })
    }
}

extension RelationKind {
    /// What an export calls it.
    var name: String {
        switch self {
        case .block: "block"
        case .mute: "mute"
        case .like: "like"
        case .seen: "seen"
        }
    }

    /// Whether it concerns a post, and not another account.
    var isTowardsPost: Bool { self == .like || self == .seen }
}
