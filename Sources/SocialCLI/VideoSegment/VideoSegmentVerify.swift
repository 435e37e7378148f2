// `video-segment verify`: are the segments and the playlists of films all right?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum VideoSegmentVerify {
    static let films = Operand(
        zeroOrMore: "ID|DIR", .film, help: "Which films: uploads as elsewhere, or folders; otherwise all uploads")
    static let deep = Switch("deep", help: "Take every segment apart too")

    static let command = Command(
        ["video-segment", "verify"], "Check the segments and playlists of films",
        discussion: """
            Every file is there and has the bytes that were cut; playlists say what is known of the film, and lead \
            players to all of it; qualities are cut at the same times. With --deep each segment has to begin with a \
            picture that a decoder can begin with, to follow the one before, and to last as long as is said, and sound \
            has to be cut within half a packet of the pictures. The bytes of a folder that was cut with --output were \
            never hashed; there --deep is what finds damage.
            """,
        operands: [films], options: [deep, CommonOptions.by],
        examples: [
            Example("social video-segment verify", "Check all films"),
            Example("social video-segment verify ana/film.mp4 --deep", "Take one apart"),
        ],
        fields: Verify.fields,
        exits: [
            ExitStatus(1, "something was found"), ExitStatus(66, "there is no such folder"), VideoSegmentNoun.missing,
        ], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let isDeep = line.isOn(deep)
        let words = try line[films]
        var findings: [Finding] = []
        if words.isEmpty {
            try session.network().films.forEach { record in
                findings += try verify(record.id.description, session, isDeep) { try session.film(record) }
            }
        }
        for word in words {
            findings += try verify(word, session, isDeep) { try session.film(word) }
        }
        try Verify.print(session, findings)
    }

    private static func verify(
        _ name: String, _ session: Session, _ isDeep: Bool, _ find: () throws -> NamedFilm
    ) throws -> [Finding] {
        let named: NamedFilm
        do { named = try find() } catch {
            let isThere = session.filmFolder(name) != nil || MediaReference(name) != nil
            guard let problem = FilmProblem(reading: error, isThere: isThere) else { throw error }
            return [Finding(problem, of: name)]
        }
        let verification = FilmVerification(named.film, on: named.shelf, observer: session.context.observer)
        return try verification.run(isDeep: isDeep).map { Finding($0, of: name) }
    }
}
