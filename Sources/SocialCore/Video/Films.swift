// How are films streamed? The façade of the room: an upload that is a film is cut into segments, in several qualities,
// each of which is stored as an object; what they are stands in one more object, and which they are with the upload.
// The original stays what it was.

internal import Formats
internal import Glibc

/// The films of a network.
package struct Films {
    let uploads: Uploads
    /// Where encoded qualities are kept while a film is cut.
    let workFolder: String
    let isShared: Bool

    private var media: Media { uploads.pictures.media }
    private var context: Context { media.context }

    /// The films among the uploads of a network.
    init(uploads: Uploads, workFolder: String, isShared: Bool) {
        self.uploads = uploads
        self.workFolder = workFolder
        self.isShared = isShared
    }

    // MARK: Reading

    /// As what an upload is streamed.
    ///
    /// - Throws: `notCut` when it was not cut, `StorageError` when its description is damaged.
    package func film(of record: MediaRecord) throws -> Film {
        guard let segmentation = record.content.segmentation else {
            throw FilmError(
                .notCut, "the upload \(record.id) was not cut",
                hint: "\"social video-segment cut \(record.id)\" does it")
        }
        let size = Int(segmentation.manifest.sizeBytes)
        guard let checks = BlockChecks(coded: segmentation.checks, sizeBytes: size) else {
            throw StorageError(.damaged, "what is kept of film \(record.id) is damaged", hint: "run \"social verify\"")
        }
        let object = try uploads.store().reader.open(segmentation.manifest.object, checks: checks)
        return try Film(coded: try object.read())
    }

    /// Visits all uploads that were cut, newest first.
    package func forEach(_ body: (MediaRecord) throws -> Void) throws {
        var last = MediaID(rawValue: .max)
        while true {
            let page = try media.page(by: nil, in: MediaID(rawValue: 1)...last, limit: Limits.pageRows)
            for record in page where record.content.segmentation != nil { try body(record) }
            guard page.count == Limits.pageRows, let end = page.last, end.id.rawValue > 1 else { return }
            last = MediaID(rawValue: end.id.rawValue - 1)
        }
    }

    /// The bytes of a track.
    ///
    /// - Throws: `StorageError` when they lie nowhere.
    package func open(_ track: Film.Track) throws -> OpenObject {
        guard let object = track.object else {
            throw FilmError(.badFilm, "the track \"\(track.name)\" is no object")
        }
        return try uploads.store().reader.open(object.hash, checks: object.checks)
    }

    // MARK: Cutting

    /// Uploads a film and cuts it.
    ///
    /// - Throws: what is wrong with the file, before anything is stored; and as `cut` of an upload.
    package func cut(_ upload: Upload, as request: CutRequest, by author: AccountRecord) throws -> Outcome {
        try FilmCutter.check(upload.label)
        let made = try uploads.put(upload, by: author)
        var outcome = try cut(made.record, as: request, from: context.isDryRun ? upload.label : nil)
        outcome.isNew = outcome.isNew || made.isNew
        return outcome
    }

    /// What became of a film.
    package struct Outcome: Sendable {
        /// The upload that it belongs to.
        package var record: MediaRecord
        /// As what it is streamed.
        package var film: Film
        /// False when it was cut in the same way before.
        package var isNew: Bool
        /// Whether it lacks qualities that were asked for, because nothing here can encode them.
        package var lacksQualities = false
    }

    /// Cuts an upload that is a film.
    ///
    /// Encoded qualities are kept until the film is cut, so a run that was stopped goes on where it was.
    /// - Parameter author: when given, the upload must be this account's.
    /// - Throws: `FilmError` about the film, `ToolError` about what encodes it.
    package func cut(_ record: MediaRecord, as request: CutRequest, by author: UserID? = nil) throws -> Outcome {
        try cut(record, as: request, by: author, from: nil)
    }

    private func cut(
        _ record: MediaRecord, as request: CutRequest, by author: UserID? = nil, from path: String?
    ) throws -> Outcome {
        if let author, author != record.author {
            throw StoreError(.notTheAuthor, "the upload \"\(record.id)\" is someone else's")
        }
        let text = try self.text(of: request)
        if record.content.segmentation != nil, let film = try? film(of: record), film.request == text {
            return Outcome(record: record, film: film, isNew: false)
        }
        let folder = context.isDryRun ? try FileSystem().makeTemporaryDirectory() : workFolder
        let work = Workplace("\(folder)/\(Self.name(of: record.content.object, text))", context: context)
        try work.make(isShared: isShared)
        let file = try FilmFile(try path ?? uploads.pictures.provenPath(of: record), label: record.content.name)
        let prepared = try FilmCutter(request: request, workFolder: work.path, context: context).prepare(file)
        var film = Film(
            request: prepared.lacksQualities ? "" : text,
            source: Film.Source(object: record.content.object, sizeBytes: Int(record.content.sizeBytes)),
            plan: request.plan, form: request.form, cuts: prepared.cuts, scenes: prepared.scenes, tracks: [])
        let cut = try store(prepared, &film, for: record, author)
        try work.remove()
        return Outcome(
            record: cut.value, film: film, isNew: cut.isNew, lacksQualities: prepared.lacksQualities)
    }

    /// Stores the tracks of a film and what is said about it, and lets the upload refer to them.
    private func store(
        _ prepared: FilmCutter.Prepared, _ film: inout Film, for record: MediaRecord, _ author: UserID?
    ) throws -> Creation<MediaRecord> {
        if context.isDryRun {
            for part in prepared.parts {
                var digest = ObjectDigest()
                var sink = TrackSink(part.track, isHashed: true) { digest.add($0) }
                try part.write(to: &sink)
                let (hash, checks) = digest.finish()
                film.tracks.append(part.filmTrack(sink.layout, object: Film.StoredTrack(hash: hash, checks: checks)))
            }
            try film.validate()
            // An upload of a dry run is not there.
            guard try media.records(of: [record.id]) != [nil] else { return Creation(record, isNew: true) }
            return try refer(record, to: film, film.coded, BlockChecks(of: film.coded), author)
        }
        context.observer?.begin("storing segments", total: prepared.parts.count)
        defer { context.observer?.end() }
        let store = try uploads.store()
        try uploads.holder.hold(store)
        defer { if !media.router.hasOpenGroup { uploads.holder.release() } }
        // Slots may have moved while others removed objects: where things lie now is seen under the hold.
        try media.router.lookAtMap()
        let writer = try uploads.store().writer
        for part in prepared.parts {
            var layout: TrackLayout?
            let stored = try writer.put(part.stream { layout = $0 })
            guard let layout else { continue }
            let object = Film.StoredTrack(hash: stored.hash, checks: stored.checks)
            film.tracks.append(part.filmTrack(layout, object: object))
            context.observer?.advance(by: 1)
        }
        try film.validate()
        let description = film.coded
        let manifest = try writer.put(.bytes(description))
        return try refer(record, to: film, description, manifest.checks, author)
    }

    private func refer(
        _ record: MediaRecord, to film: Film, _ description: [UInt8], _ checks: BlockChecks, _ author: UserID?
    ) throws -> Creation<MediaRecord> {
        let segmentation = Segmentation(
            manifest: .init(object: ObjectHash(of: description), sizeBytes: Int64(description.count)),
            checks: checks.coded,
            tracks: film.tracks.compactMap { track in
                track.object.map { .init(object: $0.hash, sizeBytes: Int64($0.checks.sizeBytes)) }
            })
        return try uploads.update(record.id, by: author) { $0.segmentation = segmentation }
    }

    /// Cuts a film that is in a file, into a folder that has nothing to do with a network, and is not synced.
    ///
    /// - Throws: as `cut` of an upload, and `notEmpty` when there is something in the folder but what is left of a run
    ///   that was stopped.
    package static func cut(
        _ path: String, as request: CutRequest, into folder: String, context: Context
    ) throws -> (
        film: Film, lacksQualities: Bool
    ) {
        let file = try FilmFile(path)
        let files = FileSystem(tap: context.fileTap)
        let name = ".work"
        if !files.exists("\(folder)/\(name)") { try files.requireEmpty(folder) }
        // What is left of a run before may have been put there by somebody else.
        func requireNoLink(_ path: String) throws(StorageError) {
            if files.isLink(path) { throw StorageError(errno: ELOOP, while: "write into \"\(path)\"") }
        }
        try requireNoLink("\(folder)/\(name)")
        if !context.isDryRun { try files.makeOutDirectory(folder) }
        let work = Workplace(
            "\(context.isDryRun ? try files.makeTemporaryDirectory() : folder)/\(name)", context: context)
        try work.make(isShared: false)
        let prepared = try FilmCutter(request: request, workFolder: work.path, context: context).prepare(file)
        var film = Film(
            request: request.text(files: []), source: Film.Source(object: nil, sizeBytes: file.sizeBytes),
            plan: request.plan, form: request.form, cuts: prepared.cuts, scenes: prepared.scenes, tracks: [])
        context.observer?.begin("writing segments", total: prepared.parts.count)
        defer { context.observer?.end() }
        for part in prepared.parts {
            let place = context.isDryRun ? nil : "\(folder)/\(part.name)"
            if let place {
                try requireNoLink(place)
                try files.makeOutDirectory(place)
            }
            film.tracks.append(try part.write(into: place, isSingleFile: request.form.isSingleFile))
            context.observer?.advance(by: 1)
        }
        try film.validate()
        if !context.isDryRun { try FilmFolder(folder).describe(film) }
        try work.remove()
        return (film, prepared.lacksQualities)
    }

    // MARK: Names

    private func text(of request: CutRequest) throws -> String {
        request.text(
            files: try request.files.map { file in
                var digest = ObjectDigest()
                let film = try FilmFile(file.path)
                var bytes = [UInt8](repeating: 0, count: 1 << 20)
                for start in stride(from: 0, to: film.sizeBytes, by: bytes.count) {
                    try bytes.withUnsafeMutableBytes { bytes in
                        let part = UnsafeMutableRawBufferPointer(
                            rebasing: bytes[..<min(bytes.count, film.sizeBytes - start)])
                        try film.read(at: start, into: part)
                        digest.add(UnsafeRawBufferPointer(part))
                    }
                }
                return digest.finish().hash
            })
    }

    private static func name(of object: ObjectHash, _ request: String) -> String {
        String(ObjectHash(of: Array("\(object) \(request)".utf8)).description.prefix(32))
    }
}

/// A folder in which encoded qualities are kept while a film is cut.
private struct Workplace {
    let path: String
    private let files: FileSystem
    private let isDryRun: Bool

    init(_ path: String, context: Context) {
        self.path = path
        files = FileSystem(tap: context.fileTap)
        isDryRun = context.isDryRun
    }

    func make(isShared: Bool) throws {
        try files.makeDirectory(FileSystem.parent(of: path), shared: isShared)
        try files.makeDirectory(path, shared: isShared)
    }

    /// Removes it, when the film is cut.
    func remove() throws {
        try files.removeTree(path)
        let parent = FileSystem.parent(of: path)
        if try files.names(in: parent).isEmpty { try files.removeDirectory(parent) }
    }
}
