// `upload similar`: uploads that look like another one, or like a file.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadSimilar {
    static let like = Operand("ID|FILE", .text, help: "An upload, or a picture that need not be uploaded")
    static let distance = Option(
        "distance", .integer(in: 0...31), default: 31, help: "In how many of 256 bits the fingerprints may differ")
    static let turned = Switch("turned", help: "Also find it turned or mirrored")

    static let command = Command(
        ["upload", "similar"], "Find uploads that look alike",
        discussion: """
            Pictures are compared by a fingerprint that hardly changes when they are scaled, compressed again, made \
            brighter or grey; other pictures differ in about half of its bits. Nearest first. Pictures without \
            features, such as a plain colour, have none.
            """,
        operands: [like], options: [distance, turned, CommonOptions.limit, CommonOptions.all, CommonOptions.by],
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all)],
        examples: [
            Example("social upload similar ana/cat.png", "Find copies of an upload"),
            Example("social upload similar cat.png --turned --distance 20", "Find what looks like a file"),
        ],
        fields: UploadOutput.fields + [Field("distance", .integer, "bits in which the fingerprints differ")],
        exits: [
            ExitStatus(65, "the file is no picture"), ExitStatus(66, "there is no such file"), UploadNoun.missing,
            UploadNoun.noTool,
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let (hashes, itself) = try fingerprints(session, try line[like], isTurned: line.isOn(turned))
        let limit = CommonOptions.limit(line)
        let found = try network.search.similar(to: hashes, radius: line[distance], limit: limit, except: itself)
        let rows = try UploadOutput.rows(found.map(\.record), network)
        try session.printList(command.fields) { emit in
            for row in rows {
                let distance = found.first { $0.record.id == row.record.id }?.distance ?? 0
                guard try emit(row.cells + [.integer(Int64(distance))]) else { return }
            }
        }
    }

    /// The fingerprints of what is named, and the upload that it is.
    static func fingerprints(
        _ session: Session, _ word: String, isTurned: Bool
    ) throws -> (hashes: [PictureHash], itself: MediaID?) {
        let pictures = try session.network().pictures
        let side = MediaRecord.Look.side
        if let reference = MediaReference(word), !FileSystem().exists(word) {
            let record = try session.upload(reference)
            if !isTurned, let look = record.content.look { return (look.hash.map { [$0] } ?? [], record.id) }
            return (Pictures.fingerprints(try pictures.picture(of: record, side: side), isTurned: isTurned), record.id)
        }
        let bytes = try FileSystem().contents(of: word)
        do {
            return (
                Pictures.fingerprints(try Picture.decode(bytes, fitting: (side, side)).picture, isTurned: isTurned), nil
            )
        } catch { throw Failure("not_media", "\"\(word)\": \(error)") }
    }
}
