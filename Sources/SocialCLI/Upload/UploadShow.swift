// `upload show`: everything that is known of an upload, and on a terminal the picture itself.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum UploadShow {
    static let command = Command(
        ["upload", "show"], "Show an upload and what is known of it",
        discussion: """
            On a terminal with colours the picture is drawn, two pixels a character. What a file tells of itself is \
            read from its bytes; place, camera and date are there only if it was uploaded with --keep-metadata.
            """,
        operands: [UploadNoun.id], options: [CommonOptions.by, AccessRecording.option],
        examples: [
            Example("social upload show ana/cat.png", "Show a picture"),
            Example("social upload show ana/cat.png --json | jq .object", "Print the hash of its bytes"),
        ],
        fields: UploadOutput.fields + [
            Field("references", .integer, "uploads that have the same bytes, this one included"),
            Field("colours", .string, nullable: true, "what a pixel is made of"),
            Field("bit_depth", .integer, nullable: true, "bits of a component of a pixel"),
            Field("orientation", .integer, nullable: true, "how the stored rows are to be shown, 1 to 8 as in Exif"),
            Field("taken_at", .string, nullable: true, "when it was taken, if the file says so"),
            Field("camera", .string, nullable: true, "the camera, if the file says so"),
            Field("latitude", .number, nullable: true, "where it was taken, if the file says so"),
            Field("longitude", .number, nullable: true, "the same"),
            Field("tracks", .array, "the tracks of a film: kind and codec"),
        ],
        exits: [UploadNoun.missing, UploadNoun.damaged], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let record = try session.upload(try session.invocation[UploadNoun.id])
        let network = try session.network()
        var recording = try AccessRecording(session, viewer: session.viewer())
        try draw(record, session, network)
        for row in try UploadOutput.rows([record], network) {
            let metadata = try network.pictures.metadata(of: record)
            let tracks = (metadata?.tracks ?? []).map { track in
                JSONValue.object([
                    .init("kind", .string(track.kind.rawValue)), .init("codec", .string(track.codec)),
                ])
            }
            let cells: [Cell] = [
                .integer(Int64(try network.media.references(to: record.content.object))),
                .text(orNull: metadata?.colour?.rawValue), .integer(orNull: metadata?.bitDepth.map { Int64($0) }),
                .integer(orNull: metadata.map { Int64($0.orientation) }), .text(orNull: metadata?.date),
                .text(orNull: metadata?.camera), .measure(metadata?.location?.latitude),
                .measure(metadata?.location?.longitude), .json(.array(tracks)),
            ]
            try session.printSheet(command.fields, row.cells + cells)
        }
        recording?.add(.media(record.id), .view)
        recording?.finish()
    }

    /// Draws the picture, where there are colours.
    private static func draw(_ record: MediaRecord, _ session: Session, _ network: Network) throws {
        let (world, line) = (session.world, session.invocation)
        let when = When(rawValue: line[Globals.color]) ?? .auto
        guard session.format == .table,
            when.usesColor(isTerminal: world.terminal.isOutput, environment: world.environment)
        else { return }
        let columns = min(world.terminal.columns ?? 80, 80)
        do {
            let picture = try network.pictures.picture(of: record, side: 2 * columns)
            let cells = picture.halfBlocks(columns: columns, rows: columns / 3)
            _ = try world.output.write(TerminalPicture.text(cells))
        } catch let error as ToolError { try session.note(error.message) } catch let error as MediaError {
            if record.content.width != nil { try session.note(error.message) }
        }
    }
}

/// A picture as a terminal with 24-bit colour draws it.
enum TerminalPicture {
    /// Lines of half blocks.
    static func text(_ picture: HalfBlocks) -> String {
        var text = ""
        for row in picture.rows {
            for cell in row { text += glyph(cell) }
            text += "\u{1B}[0m\n"
        }
        return text
    }

    private static func glyph(_ cell: HalfBlocks.Cell) -> String {
        func code(_ kind: Int, _ colour: PictureColour) -> String {
            "\(kind);2;\(colour.red);\(colour.green);\(colour.blue)"
        }
        switch (cell.upper, cell.lower) {
        case (let upper?, let lower?): return "\u{1B}[\(code(38, upper));\(code(48, lower))m▀"
        case (let upper?, nil): return "\u{1B}[0;\(code(38, upper))m▀"
        case (nil, let lower?): return "\u{1B}[0;\(code(38, lower))m▄"
        case (nil, nil): return "\u{1B}[0m "
        }
    }
}
