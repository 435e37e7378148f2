// What is known of a film that was cut, and the texts by which players find their way.

internal import Formats
internal import SocialCore
internal import TestKit

/// What reads playlists, and traces of networks.
enum PlaylistParsers {
    static let all = [
        FuzzSubject("playlists", playlists), FuzzSubject("films", films), FuzzSubject("traces", traces),
    ]

    /// Texts that stand in the place of all texts of a film, when it is verified.
    private static func playlists() throws -> FuzzParser {
        var chance = Chance(seed: 7)
        let made = MadeFilm(&chance, videos: 1, sounds: 1, segments: 3)
        let texts = made.film.resources.compactMap { resource -> [UInt8]? in
            if case .text(let text) = resource.content { made.film.bytes(of: text) } else { nil }
        }
        let known =
            try Samples.files("fixtures/playlists", ending: ".m3u8")
            + Samples.files("fixtures/playlists", ending: ".mpd")
        let words = [
            "#EXTM3U", "#EXTINF:", "#EXT-X-BYTERANGE:", "#EXT-X-MAP:URI=", "#EXT-X-STREAM-INF:", "#EXT-X-MEDIA:",
            "BANDWIDTH=",
            ",", "\"", "@", "\n", "<S ", "<SegmentTimeline>", "</", "/>", "d=\"", "r=\"-1\"", "&lt;", "&#x", "<!--",
            "]]>",
        ]
        return FuzzParser(seeds: texts + known, words: words.map { Array($0.utf8) }) { bytes in
            let shelf = OddShelf(made: made, text: bytes)
            let problems = try FilmVerification(made.film, on: shelf).run(isDeep: false)
            return problems.count < made.film.resources.count
        }
    }

    /// A film all of whose texts are replaced by one.
    private struct OddShelf: FilmShelf {
        let made: MadeFilm
        let text: [UInt8]

        func sizeBytes(of resource: FilmResource) -> Int? {
            if case .text = resource.content { text.count } else { made.sizeBytes(of: resource) }
        }

        func forEachChunk(
            of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void
        ) throws {
            guard case .text = resource.content else { return try made.forEachChunk(of: resource, in: range, body) }
            try body(text[range])
        }
    }

    private static func films() throws -> FuzzParser {
        var chance = Chance(seed: 8)
        let made = (0..<4).map { _ in MadeFilm(&chance, videos: 1, sounds: 1, segments: 2).film }
        let seeds = made.map { $0.bytes(of: .description) } + [try Samples.file("fixtures/playlists/film.json")]
        return FuzzParser(seeds: seeds, words: TextParsers.pieces.map { Array($0.utf8) }) { bytes in
            guard let film = try? Film(coded: bytes) else { return false }
            for resource in film.resources.prefix(200) {
                if case .text(let text) = resource.content { _ = film.bytes(of: text) }
            }
            _ = film.sizeBytes
            let again = try? Film(coded: film.bytes(of: .description))
            try FuzzFault.expect(again != nil, "what is written of a film is read again")
            return true
        }
    }

    private static func traces() throws -> FuzzParser {
        let seeds = [
            try Samples.file("fixtures/films/trace.json"),
            Array(try Samples.file("fixtures/films/trace.mahimahi").prefix(200)),
            try Samples.file("fixtures/films/sizes.json"), try Samples.file("fixtures/playlists/film.json"),
        ]
        let words = TextParsers.pieces + ["duration_ms", "bandwidth_kbps", "latency_ms", "segment_sizes_bits", "\n"]
        return FuzzParser(seeds: seeds, words: words.map { Array($0.utf8) }) { bytes in
            let isFilm = (try? PlaybackFilm(manifest: bytes)) != nil
            guard let trace = try? BandwidthTrace(text: bytes) else { return isFilm }
            try FuzzFault.expect(trace.periods.contains { $0.bandwidth > 0 }, "a trace delivers something")
            return true
        }
    }
}
