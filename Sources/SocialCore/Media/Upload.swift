// A file on its way in: what somebody hands over, and what is found out about it before anything is stored.

package import Formats

/// A file that somebody uploads.
package struct Upload: Sendable {
    /// Where its bytes are.
    package enum Source: Sendable {
        /// In memory.
        case bytes([UInt8])
        /// In a file.
        case path(String)
    }

    /// Where its bytes are.
    package var source: Source
    /// The name under which it will be found.
    package var name: String
    /// What it is about.
    package var caption: String?
    /// What is to be seen.
    package var alt: String?
    /// Its tags.
    package var tags: [String] = []
    /// When it was uploaded first, if it comes from elsewhere; nil: now.
    package var time: Timestamp?
    /// Whether it keeps what it tells of its maker: place, camera, dates, comments.
    package var keepsMetadata = false
    /// Whether what is no picture or film is taken too, as it is.
    package var takesAnything = false
    /// Whether pictures are looked at: for a placeholder, their colour and what looks like them.
    package var looks = true

    /// A file that somebody uploads.
    package init(_ source: Source, name: String) {
        self.source = source
        self.name = name
    }

    /// The file at a path, under its own name.
    package init(path: String) {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.index(after: $0)...]) }
        self.init(.path(path), name: name ?? path)
    }

    /// About how many bytes it has.
    var sizeBytes: Int {
        switch source {
        case .bytes(let bytes): bytes.count
        case .path(let path): FileSystem().size(of: path)
        }
    }

    /// What the file's errors are about.
    package var label: String {
        switch source {
        case .bytes: name
        case .path(let path): path
        }
    }
}

/// A file that was looked at, ready to be stored.
struct PreparedUpload {
    /// What is stored of it, in order.
    let file: StrippedFile
    /// What is known of it so far.
    var content: MediaRecord.Content
    /// When it was uploaded first.
    let time: Timestamp?
    /// What was wrong with it, and did not keep it out.
    var warning: String?
    /// Whether it has a picture that another program must decode.
    var needsLook = false

    /// The media type of what is no picture or film.
    static let anyType = "application/octet-stream"

    /// Looks at a file.
    ///
    /// Memory: that of a small file, or of its decoded picture, at most 256 MiB; large files are mapped.
    /// - Throws: `MediaError` with the name of the file, or what is wrong with reading it.
    init(_ upload: Upload) throws {
        let bytes = try PreparedUpload.bytes(of: upload)
        var content = MediaRecord.Content(
            name: upload.name, type: PreparedUpload.anyType, object: ObjectHash(of: []), sizeBytes: 0)
        content.caption = upload.caption
        content.alt = upload.alt
        content.tags = Media.tagText(upload.tags)
        time = upload.time
        var stored = StrippedFile(bytes)
        do {
            let metadata = try MediaMetadata.read(bytes)
            stored = try upload.keepsMetadata ? StrippedFile(bytes) : MediaMetadata.stripped(bytes)
            content.take(metadata)
            if upload.looks {
                content.look = try PreparedUpload.look(bytes, metadata.type)
                needsLook = content.look == nil && metadata.width > 0
            }
        } catch let error where upload.takesAnything {
            stored = StrippedFile(bytes)
            content.forgetPicture()
            needsLook = false
            if MediaType(bytes) != nil { warning = "\"\(upload.label)\" is stored as it is: \(error)" }
        } catch {
            let isUnknown = error.code == .unsupported && MediaType(bytes) == nil
            throw MediaError(
                error.code == .tooLarge ? .tooLarge : .notMedia,
                "\"\(upload.label)\": \(error)",
                hint: isUnknown ? "--any stores other files too" : "--any stores it as a plain file, metadata included")
        }
        file = stored
        content.sizeBytes = Int64(stored.sizeBytes)
        try Media.check(content)
        self.content = content
    }

    /// What a picture looks like, where it is decoded here; nil for other formats.
    private static func look(_ bytes: FileBytes, _ type: MediaType) throws(PictureError) -> MediaRecord.Look? {
        guard [.jpeg, .png, .gif].contains(type) else { return nil }
        let decoded = try Picture.decode(bytes, fitting: (MediaRecord.Look.side, MediaRecord.Look.side))
        guard decoded.isComplete else { throw PictureError(.truncated, "the picture is cut off") }
        return MediaRecord.Look(decoded.picture)
    }

    /// The bytes of a file: small ones in memory, larger ones mapped.
    private static func bytes(of upload: Upload) throws -> FileBytes {
        switch upload.source {
        case .bytes(let bytes): return FileBytes(bytes)
        case .path(let path):
            let reader = try FileReader(path)
            guard reader.isRegular, reader.sizeBytes > Limits.heldUploadBytes else {
                var bytes: [UInt8] = []
                var count = -1
                // A pipe does not say how much there is.
                while bytes.count > count {
                    count = bytes.count
                    try reader.read(into: &bytes)
                    guard bytes.count <= Limits.pipedUploadBytes else { throw tooLarge(path, Limits.pipedUploadBytes) }
                }
                return FileBytes(bytes)
            }
            guard reader.sizeBytes <= Limits.uploadBytes else { throw tooLarge(path, Limits.uploadBytes) }
            let map = try MappedUpload(path)
            return FileBytes(map.file.bytes, keptBy: map)
        }
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> MediaError {
        MediaError(.tooLarge, "\"\(path)\" has more than \(limit >> 30) GiB, which is the limit")
    }

    /// Its bytes, for the object store.
    var source: ObjectSource {
        if file.sizeBytes <= Limits.heldUploadBytes { return .bytes(file.bytes) }
        let file = file
        return .stream { sink in try file.forEachStep { try sink(Array($0)[...]) } }
    }
}

/// A mapping of a large file, for as long as somebody reads it.
final class MappedUpload: @unchecked Sendable {
    // Safety: the mapping is only read.
    let file: MappedFile

    init(_ path: String) throws(StorageError) { file = try MappedFile(opening: path, writable: false) }
}

extension MediaRecord.Content {
    /// Takes over what a file says about itself.
    fileprivate mutating func take(_ metadata: MediaMetadata) {
        type = metadata.type.mimeType
        let size = metadata.shownSize
        if size.width > 0, size.height > 0 { (width, height) = (Int64(size.width), Int64(size.height)) }
        frames = metadata.frames.map { Int64($0) }
        durationMilliseconds = metadata.durationMilliseconds.map { Int64($0) }
    }

    /// Becomes that of a file of which nothing is known.
    fileprivate mutating func forgetPicture() {
        type = PreparedUpload.anyType
        (width, height, frames, durationMilliseconds, look) = (nil, nil, nil, nil, nil)
    }
}

extension MediaRecord.Look {
    /// To which side pictures are brought before they are looked at.
    package static let side = 512

    /// What a picture looks like.
    init(_ picture: Picture) {
        let colour = picture.averageColour
        self.init(
            colour: Int64(colour.red) << 16 | Int64(colour.green) << 8 | Int64(colour.blue),
            blur: BlurPlaceholder(picture).text, likeness: PictureHash(of: picture)?.bytes ?? [])
    }

    /// The fingerprint; nil for a picture without features.
    package var hash: PictureHash? { PictureHash(bytes: likeness) }
}

extension PictureHash {
    /// The 32 bytes.
    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - 8 * ($0 % 8))) }
    }

    /// A fingerprint from its 32 bytes; nil when they are not as many.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(words: words)
    }
}
