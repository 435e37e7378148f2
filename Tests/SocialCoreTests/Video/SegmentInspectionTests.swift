// Segments taken apart: those of a real film, and what is noticed when they are not what is said of them.

import SocialCore
import TestKit
import Testing

@Suite("Inspection of segments")
struct SegmentInspectionTests {
    /// A film of two seconds, cut into a folder.
    private struct Cut {
        let directory: TemporaryDirectory
        let folder: FilmFolder
        var film: Film

        init(targetMilliseconds: Int64 = 500, isSingleFile: Bool = false) throws {
            directory = try TemporaryDirectory()
            folder = FilmFolder(directory.file("film"))
            let plan = CutPlan(
                mode: .uniform, targetMilliseconds: targetMilliseconds, leastMilliseconds: 100,
                mostMilliseconds: 2 * targetMilliseconds)
            film = try Films.cut(
                Repository.path("fixtures/films/h264-aac.mp4"),
                as: CutRequest(plan: plan, form: Film.Form(isSingleFile: isSingleFile)), into: folder.path,
                context: Context()
            ).film
        }

        func problems() throws -> [FilmProblem] { try FilmVerification(film, on: folder).run(isDeep: true) }

        /// Changes bytes of a file behind the first place where some letters stand.
        func patch(_ key: String, after letters: String, at offset: Int, with bytes: [UInt8]) throws {
            let path = "\(folder.path)/\(key)"
            var content = try FileSystem().contents(of: path)
            let place =
                try #require(
                    content.indices.first { content[$0...].starts(with: letters.utf8) }) + letters.utf8.count + offset
            content.replaceSubrange(place..<place + bytes.count, with: bytes)
            try TemporaryDirectory.write(content, to: path)
        }
    }

    @Test("a film that was cut is as it says", arguments: [false, true])
    func whole(isSingleFile: Bool) throws {
        let cut = try Cut(isSingleFile: isSingleFile)
        #expect(cut.film.cuts.count > 3)
        #expect(try cut.folder.film() == cut.film)
        #expect(try cut.problems() == [])
    }

    @Test("segments with other times, or none, are found")
    func bytes() throws {
        let later = try Cut()
        try later.patch("source/00003.m4s", after: "tfdt", at: 4, with: [0, 0, 0, 0, 0, 1, 0, 0])
        #expect(try later.problems().first?.message.contains("follow") == true)
        #expect(try later.problems().map(\.place) == ["source/00003.m4s"])
        let gone = try Cut()
        try gone.patch("audio/00002.m4s", after: "moo", at: 0, with: [UInt8(ascii: "x")])
        #expect(try gone.problems().map(\.place) == ["audio/00002.m4s"])
        let header = try Cut()
        try header.patch("audio/init.mp4", after: "trak", at: -4, with: Array("free".utf8))
        #expect(try header.problems().map(\.place) == ["audio/00001.m4s"])
    }

    @Test("what is said of segments has to be so")
    func claims() throws {
        let cut = try Cut()
        func messages(_ change: (inout Film) -> Void) throws -> [String] {
            var other = cut
            change(&other.film)
            return try other.problems().filter { $0.code == .segmentWrong }.map(\.message)
        }
        #expect(try messages { $0.tracks[0].segments[1].firstFrameBytes += 1 }.first?.contains("first picture") == true)
        #expect(try messages { $0.tracks[1].timescale += 1 }.first?.contains("units of time") == true)
        #expect(try messages { $0.tracks[0].segments[2].start += 512 }.first?.contains("begins at") == true)
    }

    @Test("sound that is cut elsewhere than the pictures is found")
    func sound() throws {
        var (short, long) = (try Cut(), try Cut(targetMilliseconds: 1_000))
        #expect(long.film.cuts.count < short.film.cuts.count)
        try FileSystem().removeTree("\(short.folder.path)/audio")
        try TemporaryDirectory.copy("\(long.folder.path)/audio", to: "\(short.folder.path)/audio")
        short.film.tracks[1] = long.film.tracks[1]
        let problems = try short.problems()
        #expect(problems.contains { $0.code == .notAligned && $0.place.hasPrefix("audio/") })
        long.film.tracks.removeLast()
        #expect(!(try long.problems().contains { $0.code == .notAligned }))
    }
}
