// What does an upload look like? Pictures are decoded here where that is our own work, and by ffmpeg otherwise: WebP,
// AVIF and HEIC, and a frame of a film. Thumbnails are kept beside the objects, where they may be lost at any time.

package import Formats

/// The looks of the uploads of a network.
package struct Pictures {
    let media: Media
    let store: () throws -> ObjectStore
    /// The folder of the thumbnails of an object.
    let thumbnails: (ObjectHash) -> String
    let isShared: Bool

    /// The sizes in which pictures are given out.
    package enum Size: String, CaseIterable, Sendable {
        /// For lists.
        case small
        /// For feeds.
        case medium
        /// For a screen of its own.
        case large
        /// The upload itself.
        case original

        /// The frame into which the picture fits, in pixels; nil for the upload itself.
        package var side: Int? {
            switch self {
            case .small: 160
            case .medium: 640
            case .large: 1_600
            case .original: nil
            }
        }
    }

    /// A picture as a file.
    package struct Rendition: Sendable {
        /// Its bytes.
        package var bytes: [UInt8]
        /// `image/jpeg`, or `image/png` where parts are transparent or there are few colours.
        package var type: String
    }

    /// The bytes of an upload, to be read.
    ///
    /// - Throws: `damaged` when no place has them whole, `noSuchFile` when they are gone.
    package func content(of record: MediaRecord) throws -> OpenObject {
        let content = record.content
        guard let checks = BlockChecks(coded: content.checks, sizeBytes: Int(content.sizeBytes)) else {
            throw StorageError(
                .damaged, "the record of upload \(record.id) does not fit its bytes", hint: "run \"social verify\"")
        }
        return try store().reader.open(content.object, checks: checks)
    }

    /// The picture of an upload, upright, as large as it fits into a square.
    ///
    /// - Throws: `noTool` when a program is needed that is not installed, `notMedia` when it has no picture.
    package func picture(of record: MediaRecord, side: Int) throws -> Picture {
        let type = record.content.type
        switch type {
        case "image/jpeg", "image/png", "image/gif":
            let bytes = try content(of: record).read()
            do { return try Picture.decode(bytes, fitting: (side, side)).picture } catch {
                throw MediaError(.notMedia, "the picture of upload \(record.id) cannot be decoded: \(error)")
            }
        case _ where type.hasPrefix("image/") || type.hasPrefix("video/"):
            return try foreignPicture(of: record, side: side)
        default: throw MediaError(.notMedia, "the upload \"\(record.content.name)\" is no picture or film")
        }
    }

    /// The picture of what another program decodes.
    private func foreignPicture(of record: MediaRecord, side: Int) throws -> Picture {
        guard let program = ExternalProgram("ffmpeg") else {
            throw ToolError(
                .noTool, "ffmpeg, which decodes \(record.content.type), is not installed",
                hint: "install ffmpeg, or take the original")
        }
        let path = try provenPath(of: record)
        var arguments = ["-v", "error", "-nostdin", "-threads", "1", "-protocol_whitelist", "file"]
        if let duration = record.content.durationMilliseconds, duration > 1_000, record.content.type.hasPrefix("video/")
        {
            // The first frame of a film is often black.
            arguments += ["-ss", "\(min(duration / 10, 10_000))ms"]
        }
        arguments += [
            "-i", "file:\(path)", "-frames:v", "1", "-vf",
            "scale='min(\(side),iw)':'min(\(side),ih)':force_original_aspect_ratio=decrease", "-f", "image2pipe",
            "-c:v", "png", "-",
        ]
        let bytes = try program.run(arguments, limitBytes: Limits.framePictureBytes)
        do {
            let picture = try Picture.decode(bytes, fitting: (side, side)).picture
            guard record.content.type == "image/webp" else { return picture }
            // ffmpeg leaves the orientation of WebP pictures to others.
            let metadata = try? MediaMetadata.read(try content(of: record).read())
            return picture.oriented(metadata?.orientation ?? 1)
        } catch { throw MediaError(.notMedia, "ffmpeg found no picture in upload \(record.id)") }
    }

    /// Where another program can read the bytes of an upload, all of which have been proved.
    func provenPath(of record: MediaRecord) throws -> String {
        let (hash, store) = (record.content.object, try store())
        for folder in store.layout.candidates(for: hash) {
            if try store.keeper.prove(hash, sizeBytes: Int(record.content.sizeBytes), in: folder) == .sound {
                return hash.path(in: folder)
            }
        }
        if let path = try store.fetched(hash, sizeBytes: Int(record.content.sizeBytes)) { return path }
        _ = try content(of: record)
        throw StorageError(
            .damaged, "the object \(hash) is damaged in every place", hint: "run \"social upload verify --repair\"")
    }

    /// What an upload looks like from afar.
    package func look(of record: MediaRecord) throws -> MediaRecord.Look {
        MediaRecord.Look(try picture(of: record, side: MediaRecord.Look.side))
    }

    /// The fingerprints of a picture, and of it turned and mirrored; none of one without features.
    package static func fingerprints(_ picture: Picture, isTurned: Bool) -> [PictureHash] {
        guard let spectrum = PictureSpectrum(picture) else { return [] }
        return isTurned ? spectrum.variants : [spectrum.hash]
    }

    /// What the bytes of an upload say about themselves; nil for what is no picture or film.
    package func metadata(of record: MediaRecord) throws -> MediaMetadata? {
        guard record.content.type != PreparedUpload.anyType else { return nil }
        let object = try content(of: record)
        if object.sizeBytes <= Limits.heldUploadBytes { return try? MediaMetadata.read(try object.read()) }
        let map = try MappedUpload(provenPath(of: record))
        return try? MediaMetadata.read(FileBytes(map.file.bytes, keptBy: map))
    }

    // MARK: Thumbnails

    /// An upload in a size: a picture that fits into it, made when it is asked for the first time.
    ///
    /// - Throws: as `picture`.
    package func rendition(of record: MediaRecord, _ size: Size) throws -> Rendition {
        guard let side = size.side else {
            return Rendition(bytes: try content(of: record).read(), type: record.content.type)
        }
        let path = thumbnailPath(record.content.object, size)
        if let kept = Rendition(openingThumbnail: path) { return kept }
        let rendition = try Rendition(try picture(of: record, side: side))
        keep(rendition, path)
        return rendition
    }

    private func thumbnailPath(_ object: ObjectHash, _ size: Size) -> String {
        "\(thumbnails(object))/\(object.path)-\(size.rawValue)"
    }

    /// Keeps a thumbnail, where that is possible.
    private func keep(_ rendition: Rendition, _ path: String) {
        if media.context.isDryRun { return }
        let files = FileSystem(tap: media.context.fileTap)
        let group = FileSystem.parent(of: path)
        do {
            try files.makeDirectory(FileSystem.parent(of: group), shared: isShared)
            try files.makeDirectory(group, shared: isShared)
            try rendition.writeThumbnail(path, shared: isShared, files)
        } catch { media.context.observer?.note("a thumbnail is not kept: \(error.message)") }
    }

    /// Removes the thumbnails of an object.
    func removeThumbnails(of object: ObjectHash) throws {
        let files = FileSystem(tap: media.context.fileTap)
        for size in Size.allCases where size.side != nil {
            let path = thumbnailPath(object, size)
            if files.exists(path) { try files.remove(path) }
        }
    }

    /// Removes the thumbnails in a folder whose objects nobody refers to, and whatever else lies there.
    ///
    /// After slots have moved there may be some where nobody looks for them any more.
    package func removeStrayThumbnails(in folder: String) throws {
        let files = FileSystem(tap: media.context.fileTap)
        guard files.isDirectory(folder) else { return }
        for group in try files.names(in: folder) where files.isDirectory("\(folder)/\(group)") {
            for name in try files.names(in: "\(folder)/\(group)") {
                let object = ObjectHash(group + name.prefix { $0 != "-" })
                if let object, !name.hasSuffix(".new"), try media.references(to: object) > 0 { continue }
                try files.remove("\(folder)/\(group)/\(name)")
            }
        }
    }
}

extension Pictures.Rendition {
    /// Two formats, each of which is the kind of a file that holds it.
    private static let kinds: [(type: String, kind: UInt64)] = [("image/jpeg", 0x54_4A31), ("image/png", 0x54_5031)]

    /// A picture as a JPEG file, or as PNG where parts of it are transparent or it has few colours.
    init(_ picture: Picture) throws(PictureError) {
        let file = try picture.thumbnailFile()
        self.init(bytes: file.bytes, type: file.type.mimeType)
    }

    /// A thumbnail that was kept; nil when there is none, or it is damaged.
    fileprivate init?(openingThumbnail path: String) {
        for (type, kind) in Self.kinds {
            guard let file = PackedFile(opening: path, kind: kind, files: FileSystem()) else { continue }
            guard (try? file.prove()) != nil, let bytes = try? file.all(0, of: UInt8.self) else { return nil }
            self.init(bytes: Array(bytes), type: type)
            return
        }
        return nil
    }

    fileprivate func writeThumbnail(_ path: String, shared: Bool, _ files: FileSystem) throws(StorageError) {
        let file = PackedFile(sectionSizes: [bytes.count])
        let place = file.place(0, of: UInt8.self)
        for (index, byte) in bytes.enumerated() { place[index] = byte }
        let kind = Self.kinds.first { $0.type == type }?.kind ?? 0
        try file.write(path, kind: kind, shared: shared, files: files)
    }
}
