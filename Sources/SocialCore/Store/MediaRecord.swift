// What is kept of a picture, a film or another file that somebody has uploaded. Its bytes lie in the object store,
// under their hash; several records may name the same ones.

/// An uploaded file, as truth keeps it; it lives in the slot of its author.
package struct MediaRecord: Equatable, Sendable {
    /// The id; its time is the time of the upload.
    package var id: MediaID
    /// Who uploaded it.
    package var author: UserID
    /// What it is and what is said about it.
    package var content: Content

    /// What an uploaded file is, and what is said about it.
    package struct Content: Equatable, Sendable {
        /// The name of the file, without folders; with the handle of the author before it, it finds the file.
        package var name: String
        /// The media type (RFC 6838), found out by looking at the content.
        package var type: String
        /// The hash under which the bytes lie.
        package var object: ObjectHash
        /// How many bytes there are.
        package var sizeBytes: Int64
        /// Checks of the blocks of the bytes, so that a part can be proved without reading all.
        package var checks: [UInt8]
        /// Pixels from left to right, as it is shown; nil for what is no picture or film.
        package var width: Int64?
        /// Pixels from top to bottom.
        package var height: Int64?
        /// How many pictures follow one another; nil where that is not known.
        package var frames: Int64?
        /// How long it moves or sounds, in milliseconds; nil for what stands still.
        package var durationMilliseconds: Int64?
        /// What it looks like from afar; nil where nobody has looked.
        package var look: Look?
        /// What it is about.
        package var caption: String?
        /// What is to be seen, for those who do not see it.
        package var alt: String?
        /// Tags in lower case without their sign, in order, between spaces; nil for none.
        package var tags: String?
        /// As what a film is streamed; nil for what was not cut.
        package var segmentation: Segmentation?

        /// What an uploaded file is.
        package init(
            name: String, type: String, object: ObjectHash, sizeBytes: Int64, checks: [UInt8] = [], width: Int64? = nil,
            height: Int64? = nil, frames: Int64? = nil, durationMilliseconds: Int64? = nil, look: Look? = nil,
            caption: String? = nil,
            alt: String? = nil, tags: String? = nil
        ) {
            self.name = name
            self.type = type
            self.object = object
            self.sizeBytes = sizeBytes
            self.checks = checks
            self.width = width
            self.height = height
            self.frames = frames
            self.durationMilliseconds = durationMilliseconds
            self.look = look
            self.caption = caption
            self.alt = alt
            self.tags = tags
        }

        /// Whether somebody would upload the same file with the same words: what it looks like follows from the bytes,
        /// as far as somebody could look, and into which segments it was cut is said later.
        package func isSameUpload(as other: Content) -> Bool {
            var other = other
            other.look = look
            other.segmentation = segmentation
            return other == self
        }

        /// The tags, each by itself.
        package var tagList: [String] { tags.map { $0.split(separator: " ").map(String.init) } ?? [] }
    }

    /// What a picture looks like from afar; all of it follows from the bytes.
    package struct Look: Equatable, Sendable {
        /// The average colour: red, green and blue, eight bits each.
        package var colour: Int64
        /// A placeholder of a few letters, to be shown until the picture has come.
        package var blur: String
        /// The fingerprint by which look-alikes are found, 32 bytes; empty for a picture without features.
        package var likeness: [UInt8]

        /// What a picture looks like.
        package init(colour: Int64, blur: String, likeness: [UInt8]) {
            self.colour = colour
            self.blur = blur
            self.likeness = likeness
        }

        /// A colour as people write it, such as `#c0ffee`.
        package static func text(ofColour colour: Int64) -> String {
            "#" + Hexadecimal.text([16, 8, 0].map { UInt8(truncatingIfNeeded: colour >> $0) })
        }

        /// The colour that such a text names; nil for other texts.
        package static func colour(_ text: String) -> Int64? {
            guard text.hasPrefix("#"), let bytes = Hexadecimal.bytes(String(text.dropFirst())), bytes.count == 3 else {
                return nil
            }
            return bytes.reduce(0) { $0 << 8 | Int64($1) }
        }
    }

    /// An uploaded file.
    package init(id: MediaID, author: UserID, content: Content) {
        self.id = id
        self.author = author
        self.content = content
    }
}

/// A file to be made known; its bytes are in the object store already.
package struct MediaDraft: Equatable, Sendable {
    /// Who uploads it; the command has made sure that the account exists.
    package var author: UserID
    /// What it is.
    package var content: MediaRecord.Content
    /// Its own time when it is imported; nil: now.
    package var time: Timestamp?
    /// Names the command, so that a repetition finds the first result.
    package var idempotencyKey: String?

    /// A file to be made known.
    package init(
        author: UserID, content: MediaRecord.Content, time: Timestamp? = nil, idempotencyKey: String? = nil
    ) {
        self.author = author
        self.content = content
        self.time = time
        self.idempotencyKey = idempotencyKey
    }

    /// The verb under which its idempotency key is remembered.
    package static let verb = "upload put"

    /// The record with its id.
    package func record(_ id: MediaID) -> MediaRecord { MediaRecord(id: id, author: author, content: content) }

    /// A hash of the arguments, which tells a repetition from another command under the same key.
    package var fingerprint: Int64 {
        var record = record(MediaID(rawValue: time?.milliseconds ?? 0))
        record.content.look = nil
        return Int64(bitPattern: TruthRow.media(record).check)
    }
}
