// A film drawn with characters, in terminals of any width.

import SocialCore
import TestKit
import Testing

@Suite("The chart of a film")
struct FilmChartTests {
    @Test("has room beside the longest name of a track, however narrow the terminal is", arguments: [1, 40, 66, 200])
    func longName(columns: Int) throws {
        var chance = Chance(seed: 1)
        var film = MadeFilm(&chance, videos: 1, sounds: 1, segments: 3).film
        film.tracks[0].name = String(repeating: "v", count: 64)
        let world = try CommandWorld()
        try FileSystem().makeDirectory(world.path("film"))
        try FilmFolder(world.path("film")).describe(film)
        world.isTerminal = true
        world.columns = columns
        let outcome = world.run(["video-segment", "show", world.path("film"), "--chart"])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        // Two tracks, the cuts, the scenes, the time and the legend.
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 6 && lines.dropLast().allSatisfy { $0.count <= max(columns, 64 + 1 + 33) })
        #expect(lines.first?.hasPrefix(film.tracks[0].name + " ") == true)
    }
}
