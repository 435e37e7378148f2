// An upload as people name it: by its id, by the file name behind its author's handle, by the hash of its bytes, or by
// the idempotency key of the command that made it.

internal import CommandSpec
internal import SocialCore

/// An upload as it was named.
enum MediaReference: Sendable {
    case id(MediaID)
    case name(Handle, String)
    case object(ObjectHash)
    case key(String)

    /// The reference that a word is; nil when it is none.
    init?(_ word: String) {
        if let id = MediaID(decimal: word) {
            self = .id(id)
        } else if word.hasPrefix("key:") {
            self = .key(String(word.dropFirst(4)))
        } else if let hash = ObjectHash(word) {
            self = .object(hash)
        } else {
            let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty, let handle = try? Handle(String(parts[0])) else { return nil }
            self = .name(handle, String(parts[1]))
        }
    }
}

extension ValueType where Value == MediaReference {
    /// An upload.
    static var media: ValueType<MediaReference> {
        ValueType(
            .custom("media"), placeholder: "ID", expecting: "the id of an upload, HANDLE/FILENAME, a hash or key:KEY"
        ) { (word) throws(ValueError) in
            guard let reference = MediaReference(word) else { throw ValueError() }
            return reference
        }
    }
}

extension ValueType where Value == MediaID {
    /// The id of an upload.
    static var mediaID: ValueType<MediaID> {
        ValueType(.custom("media"), placeholder: "ID", expecting: "the id of an upload") { (word) throws(ValueError) in
            guard let id = MediaID(decimal: word) else { throw ValueError("ids are decimal numbers") }
            return id
        }
    }
}

extension Session {
    /// The picture that an account is to show beside its name.
    func picture(_ reference: MediaReference, of account: AccountRecord) throws -> MediaID {
        let record = try upload(reference)
        guard record.author == account.id else {
            throw Failure("not_the_author", "the upload \"\(record.id)\" is someone else's")
        }
        guard record.content.type.hasPrefix("image/") else {
            throw Failure("not_media", "the upload \"\(record.id)\" is no picture")
        }
        return record.id
    }

    /// The upload that was named; a key belongs to the account that acts.
    func upload(_ reference: MediaReference) throws -> MediaRecord {
        let network = try network()
        switch reference {
        case .id(let id): return try network.media.named(id)
        case .name(let handle, let name):
            return try network.media.named(name, by: try network.accounts.named(handle))
        case .object(let hash): return try network.media.named(hash)
        case .key(let key): return try network.media.named(key: key, of: actor().id)
        }
    }
}
