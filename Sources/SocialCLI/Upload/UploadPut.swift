// `upload put`: store pictures, films and other files.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum UploadPut {
    static let files = Operand(
        zeroOrMore: "FILE", .fileOrDash, help: "Which files; - reads one from the standard input")
    static let filesFrom = Option(
        "files-from", .fileOrDash, configurable: false,
        help: "Read the names of files from this file, one a line, or NUL-separated with -0")
    static let name = Option(
        "name", .text.named("FILENAME"), configurable: false, help: "Keep it under this file name; for one file")
    static let keepMetadata = Switch(
        "keep-metadata", help: "Keep what the files tell of their maker: place, camera, dates, comments")
    static let any = Switch("any", help: "Take files that are no pictures or films too, as they are")
    static let onError = Option(
        "on-error", .choice(of: BadRows.Policy.self),
        help: "A bad file ends the upload, is skipped, or is reported and skipped; what came before it stays")
    static let quick = Switch(
        "quick", help: "Do not look at the pictures: no placeholder, no colour, no look-alikes, and faster")

    static let command = Command(
        ["upload", "put"], "Upload pictures, films and other files",
        discussion: """
            The type is found out from the content. Place, camera, owner, dates, comments and thumbnails are taken out \
            of every file without touching a pixel; the orientation stays. The same bytes are kept once, whoever \
            uploads them. What is printed is durable. A file that looks like one that is there already is taken, with \
            a note.
            """,
        operands: [files],
        options: [
            filesFrom, CommonOptions.by, name, UploadNoun.caption, UploadNoun.alt, UploadNoun.tags, keepMetadata, any,
            quick, onError, CommonOptions.idempotencyKey,
        ],
        groups: [ExclusiveGroup(files, filesFrom, required: true)],
        examples: [
            Example("social upload put cat.png --by ana --alt 'a cat asleep'", "Upload a picture as ana"),
            Example("find . -name '*.png' -print0 | social upload put --files-from - -0 --by ana", "Upload many"),
            Example("social upload put - --name cat.png --by ana < cat.png", "Upload what another program prints"),
        ],
        fields: UploadOutput.fields + [
            Field("duplicate", .boolean, "whether its bytes were there already"),
            Field("similar", .array, "uploads that look like it, by their ids"), CommonOutput.changed,
        ],
        exits: [
            ExitStatus(65, "a file is no picture or film, is damaged or larger than is read"),
            ExitStatus(66, "there is no such file"), ExitStatus(67, "there is no such account"),
            ExitStatus(73, "the idempotency key was used for another upload"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let author = try session.actor()
        let uploads = try self.uploads(session)
        let key = line[CommonOptions.idempotencyKey]
        if uploads.count != 1 {
            for option: any Parameter in [name, CommonOptions.idempotencyKey] where line.isGiven(option) {
                throw line.error(.conflict, "one file can have it, not \(uploads.count)", about: option)
            }
        }
        let policy = line[onError] ?? .stop
        let network = try session.network()
        session.context.observer?.begin("uploading", total: uploads.count)
        defer { session.context.observer?.end() }
        try session.printList(command.fields) { emit in
            let ends = policy == .stop
            try network.uploads.put(uploads, by: author, idempotencyKey: key, endsAtFailure: ends) { upload, result in
                session.context.observer?.advance(by: 1)
                do {
                    let outcome = try result.get()
                    let similar = try note(upload, outcome, session)
                    _ = try emit(
                        UploadOutput.cells(outcome.record, author.handle.display) + [
                            .bool(outcome.isDuplicate), .list(similar.map(\.description)), .bool(outcome.isNew),
                        ])
                } catch {
                    guard policy != .stop else { throw error }
                    if policy == .report { try session.note("\(Failure(error).message)") }
                    session.exit = ExitTable.badData
                }
            }
        }
        if !network.router.isGrouping { try session.publish(network) }
    }

    /// The uploads that a post is to show: those that words name, and files that are uploaded first.
    static func attach(
        _ words: [String], alt: [String], by author: AccountRecord, _ session: Session
    ) throws -> [MediaID] {
        var alt = alt[...]
        let network = try session.network()
        var places: [MediaID?] = []
        var files: [Upload] = []
        for word in words {
            if let reference = MediaReference(word), !FileSystem().exists(word) {
                places.append(try session.upload(reference).id)
            } else {
                places.append(nil)
                var upload = Upload(path: word)
                upload.alt = alt.popFirst()
                files.append(upload)
            }
        }
        guard alt.isEmpty else {
            throw session.invocation.error(
                .conflict, "there are more texts than files to upload", about: PostCreate.alt,
                hint: "\"upload update\" describes what is uploaded already")
        }
        var made: [MediaID] = []
        try network.uploads.put(files, by: author) { _, result in made.append(try result.get().record.id) }
        var next = made[...]
        return places.compactMap { $0 ?? next.popFirst() }
    }

    /// The files that a line names.
    private static func uploads(_ session: Session) throws -> [Upload] {
        let line = session.invocation
        var uploads: [Upload] = []
        for file in try line[files] {
            switch file {
            case .file(let path): uploads.append(Upload(path: path))
            case .dash: uploads.append(Upload(.bytes(try session.bytes(of: file)), name: line[name] ?? "upload"))
            }
        }
        if let list = line[filesFrom] {
            let separator = line.isOn(Globals.print0) ? 0 : UInt8(ascii: "\n")
            for path in try session.bytes(of: list).split(separator: separator) {
                uploads.append(Upload(path: try TextEncoding.decode(path, line: uploads.count + 1, column: 1)))
            }
        }
        for index in uploads.indices {
            if let name = line[name] { uploads[index].name = name }
            uploads[index].caption = line[UploadNoun.caption]
            uploads[index].alt = line[UploadNoun.alt]
            uploads[index].tags = UploadNoun.tags(line)
            uploads[index].keepsMetadata = line.isOn(keepMetadata)
            uploads[index].takesAnything = line.isOn(any)
            uploads[index].looks = !line.isOn(quick)
        }
        return uploads
    }

    /// Tells of what was noticed of a file that was taken all the same: which uploads look like it.
    private static func note(_ upload: Upload, _ outcome: Uploads.Outcome, _ session: Session) throws -> [MediaID] {
        if let warning = outcome.warning { try session.note(warning) }
        guard outcome.isNew, let hash = outcome.record.content.look?.hash else { return [] }
        let similar = try session.network().search.similar(to: [hash], limit: 5, except: outcome.record.id)
            .map(\.record.id)
        if !similar.isEmpty {
            let names = similar.map(\.description).joined(separator: ", ")
            try session.note("\"\(upload.label)\" looks like \(names)")
        }
        return similar
    }
}
