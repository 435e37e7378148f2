// The outbox of a Mastodon archive: an ActivityStreams 2.0 collection (W3C Recommendation, 2017) of what a person did,
// with posts as HTML.

/// Reads activities.
enum MastodonArchive {
    static func item(_ item: JSONItemReader.Item) throws(DataError) -> ArchiveItem {
        guard case .object = item.value else { throw item.fault("expected an activity, which is an object") }
        switch item.value["type"]?.string {
        case "Announce": return .other(.repost)
        case "Create": break
        case .some: return .other(.noPost)
        case nil: throw item.fault("the activity has no \"type\"")
        }
        guard let note = item.value["object"], case .object = note else {
            throw item.fault("the activity has no \"object\"")
        }
        guard ["Note", "Article", "Question"].contains(note["type"]?.string ?? "") else { return .other(.noPost) }
        guard isPublic(note) else { return .other(.notPublic) }
        guard let id = note["id"]?.string, !id.isEmpty else { throw item.fault("the post has no \"id\"") }
        guard let published = note["published"]?.string else { throw item.fault("the post has no \"published\"") }
        let time: Int64
        do { time = try RFC3339.parse(published) } catch { throw item.fault("\"published\": \(error.message)") }
        let text = text(note)
        let attachments = attachments(note)
        if text.isEmpty, attachments.isEmpty { return .other(.noText) }
        return .post(
            ArchivePost(
                key: "mastodon:\(id)", text: text, timeMilliseconds: time,
                replyKey: note["inReplyTo"]?.string.map { "mastodon:\($0)" }, attachments: attachments))
    }

    /// The files in the archive that it shows; its other attachments, such as audio streams elsewhere, are none.
    private static func attachments(_ note: JSONValue) -> [ArchiveAttachment] {
        (note["attachment"]?.array ?? []).compactMap { attachment in
            guard let path = attachment["url"]?.string, let key = Archive.mastodon.attachmentKey(ofFile: path) else {
                return nil
            }
            return ArchiveAttachment(key: key, alt: attachment["name"]?.string)
        }
    }

    /// Whether everyone may read it: it is addressed to the public, or to the public with others, which is "unlisted".
    private static func isPublic(_ note: JSONValue) -> Bool {
        let everyone = ["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"]
        return ["to", "cc"].contains { key in
            let field = note[key]
            return (field?.array ?? field.map { [$0] } ?? []).contains { everyone.contains($0.string ?? "") }
        }
    }

    /// The content warning, the text and the answers of a poll.
    private static func text(_ note: JSONValue) -> String {
        var parts = [HTMLText.plain(note["content"]?.string ?? "")]
        if let warning = note["summary"]?.string, !warning.isEmpty { parts.insert("CW: \(warning)", at: 0) }
        let answers = (note["oneOf"] ?? note["anyOf"])?.array ?? []
        let names = answers.compactMap { $0["name"]?.string }
        if !names.isEmpty { parts.append(names.map { "- \($0)" }.joined(separator: "\n")) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
