// What was uploaded, and where are its bytes? The façade of the room's reading half: it takes no lock and writes
// nothing, so it works on a directory that cannot be written, and beside any number of uploads.

/// The uploads of a network, to be read.
package struct Media {
    let router: Router
    let context: Context

    /// The uploads behind a router.
    package init(router: Router, context: Context) {
        self.router = router
        self.context = context
    }

    /// An upload by its id.
    ///
    /// - Throws: `noSuchMedia`.
    package func named(_ id: MediaID) throws -> MediaRecord {
        guard let record = try router.read(id.slot, { try $0.media(id) }) else {
            throw MediaError(.noSuchMedia, "there is no upload \"\(id)\"")
        }
        return record
    }

    /// The newest upload of an author that has a file name.
    ///
    /// - Throws: `noSuchMedia`.
    package func named(_ name: String, by author: AccountRecord) throws -> MediaRecord {
        guard let record = try router.read(author.id.slot, { try $0.media(by: author.id, named: name) }) else {
            throw MediaError(.noSuchMedia, "\"\(author.handle)\" has uploaded no \"\(name)\"")
        }
        return record
    }

    /// The upload that an account has made under an idempotency key.
    ///
    /// - Throws: `noSuchMedia`.
    package func named(key: String, of author: UserID) throws -> MediaRecord {
        guard let operation = try router.read(author.slot, { try $0.operation(author, MediaDraft.verb, key) }) else {
            throw MediaError(.noSuchMedia, "there is no upload with the key \"\(key)\"")
        }
        return try named(MediaID(rawValue: operation.result))
    }

    /// The first upload whose bytes have a hash.
    ///
    /// - Throws: `noSuchMedia`.
    package func named(_ object: ObjectHash) throws -> MediaRecord {
        let found = try router.gather { try $0.media(of: object, limit: 1) }.joined()
        guard let record = found.min(by: { $0.id < $1.id }) else {
            throw MediaError(.noSuchMedia, "there is no upload with the hash \"\(object)\"")
        }
        return record
    }

    /// The upload of each id; nil where it is gone.
    package func records(of ids: [MediaID]) throws -> [MediaRecord?] {
        try router.gather(ids, slot: \.slot) { try $0.media($1) }
    }

    /// A page of uploads, newest first.
    ///
    /// - Parameters:
    ///   - author: whose; nil: everyone's.
    ///   - fromOldest: takes the oldest of the range where the limit cuts, instead of the newest.
    package func page(
        by author: UserID?, in range: ClosedRange<MediaID>, limit: Int, fromOldest: Bool = false
    ) throws -> [MediaRecord] {
        if let author {
            return try router.read(author.slot) {
                try $0.media(by: author, in: range, limit: limit, fromOldest: fromOldest)
            }
        }
        let pages = try router.gather { try $0.media(by: nil, in: range, limit: limit, fromOldest: fromOldest) }
        if pages.count == 1 { return pages[0] }
        let records = pages.joined().sorted { $0.id > $1.id }
        return Array(fromOldest ? records.suffix(limit) : records.prefix(limit))
    }

    /// How many uploads name an object: its reference count, which nobody keeps and so cannot be wrong.
    package func references(to object: ObjectHash) throws -> Int {
        try router.gather { try $0.references(to: object) }.reduce(0, +)
    }
}

extension ClosedRange where Bound == MediaID {
    /// All uploads.
    package static var all: ClosedRange<MediaID> { MediaID(rawValue: 1)...MediaID(rawValue: .max) }
}

extension Media {
    /// Makes sure that what is said about a file can be kept.
    package static func check(_ content: MediaRecord.Content) throws(MediaError) {
        let name = content.name.utf8
        guard !name.isEmpty, name.count <= Limits.fileNameBytes, content.name != ".", content.name != "..",
            !name.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else {
            throw MediaError(.badName, "a file name has 1 to \(Limits.fileNameBytes) bytes, and no \"/\"")
        }
        guard 0...Int64(Limits.uploadBytes) ~= content.sizeBytes, content.checks.count.isMultiple(of: 8),
            content.type.utf8.count <= 127
        else {
            throw MediaError(.badFile, "what is said about \"\(content.name)\" cannot be")
        }
        for text in [content.caption, content.alt] {
            guard let text else { continue }
            guard text.utf8.count <= Limits.textCharacters || text.count <= Limits.textCharacters else {
                throw MediaError(.textTooLong, "a caption has at most \(Limits.textCharacters) characters")
            }
            guard !text.utf8.contains(0) else { throw MediaError(.badText, "a caption cannot contain a NUL byte") }
        }
        guard content.tags == nil || content.tags == tagText(content.tagList) else {
            throw MediaError(.badText, "\"\(content.tags ?? "")\" are no tags in lower case")
        }
    }

    /// Tags as a row keeps them: in lower case, once each and in order; nil for none.
    package static func tagText(_ tags: [String]) -> String? {
        let clean = Set(tags.map { ($0.hasPrefix("#") ? String($0.dropFirst()) : $0).lowercased() }).sorted()
        return clean.isEmpty ? nil : clean.joined(separator: " ")
    }
}

/// An error of the media room.
package struct MediaError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noSuchMedia = "no_such_media"
        case badName = "bad_name"
        case badFile = "bad_file"
        case badText = "bad_caption"
        case textTooLong = "caption_too_long"
        case notMedia = "not_media"
        case tooLarge = "file_too_large"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
