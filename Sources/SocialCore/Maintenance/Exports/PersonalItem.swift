// What a person is given of what is held about them, as lines of JSON: rows in the form of an export, and after them
// what an export does not have.

internal import Formats

/// Something that is held about a person.
package enum PersonalItem: Sendable {
    /// A row of truth.
    case row(TruthRow)
    /// Somebody who follows the person, and how that account is called.
    case follower(FollowRecord, handle: String?)
    /// What is recorded under a name; of a token no more than that there is one.
    case attribute(AttributeRecord)
    /// A message that was pushed for the person.
    case message(MessageRecord, topic: String)
    /// What the person is told.
    case notification(Notification)
    /// How often something of the person was accessed.
    case accesses(AccessedResource, AccessCount)
}

extension ExportEncoder {
    /// Writes the first line of what is held about a person.
    package mutating func person(_ account: AccountRecord) {
        begin("person")
        integer("version", ExportEncoder.version)
        id("id", account.id)
        string("handle", account.handle.display)
        end()
    }

    /// Writes the line of something that is held about a person.
    package mutating func item(_ item: PersonalItem) {
        switch item {
        case .row(let row): return self.row(row)
        case .follower(let edge, let handle):
            begin("follower")
            id("user_id", edge.follower)
            string("handle", handle)
            time("since", edge.since)
        case .attribute(let record): attribute(record, hidesTokens: true)
        case .message(let message, let topic):
            begin("message")
            string("topic", topic)
            self.message(message)
        case .notification(let notification): self.notification(notification)
        case .accesses(let resource, let count):
            begin("accesses")
            string("resource", resource.name)
            integer("people", count.people)
            integer("bots", count.bots)
        }
        end()
    }

    /// Begins the line of an attribute.
    ///
    /// - Parameter hidesTokens: whether the hashes of tokens are left out.
    mutating func attribute(_ record: AttributeRecord, hidesTokens: Bool) {
        begin(record.kind.name)
        id("user_id", record.account)
        string("name", record.name)
        value(hidesTokens && record.kind == .token ? nil : record.value)
        time("changed_at", record.changedAt)
    }

    /// Writes what a message says of itself.
    mutating func message(_ message: MessageRecord) {
        integer("n", message.n)
        id("user_id", message.account)
        value(message.payload)
        integer("priority", Int64(message.priority))
        integer("part", Int64(message.part.rawValue))
        integer("attempts", Int64(message.attempts))
        time("pushed_at", message.pushedAt)
        time("due_at", message.dueAt)
    }

    /// Writes bytes as a text where they are one, and in hexadecimal digits where they are not.
    private mutating func value(_ bytes: [UInt8]?) {
        let text = bytes.flatMap { String(validating: $0, as: UTF8.self) }
        string("text", text)
        string("hex", text == nil ? bytes.map { Hexadecimal.text($0) } : nil)
    }

    private mutating func notification(_ notification: Notification) {
        begin("notification")
        string("id", notification.id.description)
        string("kind", notification.id.kind.rawValue)
        id("post_id", notification.post)
        id("media_id", notification.media)
        integer("count", Int64(notification.count))
        integer("unread", Int64(notification.unread))
        string("text", notification.text)
        time("at", notification.time)
    }
}

extension AttributeKind {
    /// What an export calls it.
    var name: String {
        switch self {
        case .token: "token"
        case .readMark: "read-mark"
        case .preference: "preference"
        case .notice: "notice"
        }
    }
}
