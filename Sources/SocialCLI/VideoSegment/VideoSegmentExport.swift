// `video-segment export`: a film as a plain folder, for a web server or an object store.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum VideoSegmentExport {
    static let film = Operand("ID|DIR", .film, help: "Which film: an upload as elsewhere, or a folder")
    static let directory = Operand("DIR", .directory, help: "The folder to make, or an empty one")
    static let player = Switch(
        "player", help: "Add a page that plays the film, and a configuration for nginx")

    static let command = Command(
        ["video-segment", "export"], "Write a film into a folder that any web server can serve",
        discussion: """
            The folder has the playlists master.m3u8 (HLS) and manifest.mpd (DASH), film.json, and a folder of \
            segments for each quality. It does not depend on anything else, and can be copied to an object store as \
            it is. film.json is written last: a folder without it was not exported whole. With --player the page \
            index.html plays the film in any current browser, from any web server and without others' scripts.
            """,
        operands: [film, directory], options: [player, CommonOptions.by],
        examples: [
            Example("social video-segment export ana/film.mp4 site --player", "Make a folder with a page that plays"),
            Example(
                "social video-segment export ana/film.mp4 site -q && social video-segment verify site",
                "Export a film, and check what was written"),
        ],
        fields: [
            Field("directory", .string, "the folder"), Field("files", .integer, "how many files were written"),
            Field("bytes", .integer, "their size"), Field("page", .string, nullable: true, "the page that plays it"),
        ],
        exits: [
            ExitStatus(65, "what the folder says is no film"), ExitStatus(66, "there is no such folder"),
            VideoSegmentNoun.missing, ExitStatus(73, "the folder is not empty"), UploadNoun.damaged,
        ], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let word = try line[film]
        let named = try session.film(word)
        let folder = FilmFolder(try line[directory])
        let title = named.record.map(FilmOutput.title) ?? word
        let extras = line.isOn(player) ? FilmPlayer(title: title).files : []
        if session.context.isDryRun {
            try FileSystem().requireEmpty(folder.path)
        } else {
            try folder.fill(with: named.film, from: named.shelf, extras: extras, observer: session.context.observer)
        }
        let resources = named.film.resources
        let sizes = try resources.map { try named.shelf.sizeBytes(of: $0) ?? 0 } + extras.map(\.text.utf8.count)
        try session.printSummary(
            command.fields,
            [
                .text(folder.path), .integer(Int64(sizes.count)), .integer(Int64(sizes.reduce(0, +))),
                line.isOn(player) ? .text("\(folder.path)/\(FilmPlayer.page)") : .null,
            ])
    }
}
