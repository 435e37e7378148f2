// The texts of a small film, as they are checked in.

import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Texts of a film")
struct FilmTextTests {
    private func text(_ text: FilmText, _ film: Film) -> String {
        String(decoding: film.bytes(of: text), as: UTF8.self)
    }

    @Test("are those in fixtures/playlists")
    func snapshots() throws {
        let (film, single) = (FilmFixture.film(), FilmFixture.film(isSingleFile: true))
        var sounds = film
        sounds.tracks = [film.tracks[2], film.tracks[2], film.tracks[2]]
        for (number, language) in ["en", "de", "en"].enumerated() {
            sounds.tracks[number].name = "audio-\(number)"
            sounds.tracks[number].language = language
        }
        sounds.tracks[2].kind = .audio(channels: 6, sampleRate: 48_000)
        var many = film
        many.tracks = film.videoTracks + sounds.tracks
        var (silent, alone) = (film, film)
        silent.tracks.removeLast()
        alone.tracks.removeFirst(2)
        let differences = try Generated.differences(
            [
                "film.json": text(.description, film), "master.m3u8": text(.master, film),
                "manifest.mpd": text(.manifest, film), "playlist.m3u8": text(.playlist(track: 0), film),
                "iframes.m3u8": text(.keyFrames(track: 1), film),
                "single-playlist.m3u8": text(.playlist(track: 2), single),
                "single-iframes.m3u8": text(.keyFrames(track: 0), single),
                "single-manifest.mpd": text(.manifest, single),
                "many-sounds-master.m3u8": text(.master, many), "many-sounds-manifest.mpd": text(.manifest, many),
                "only-sounds-master.m3u8": text(.master, sounds), "only-sound-master.m3u8": text(.master, alone),
                "silent-master.m3u8": text(.master, silent),
            ], in: "fixtures/playlists")
        #expect(differences == [])
    }

    @Test("qualities that are not cut alike say each by itself where they are")
    func unaligned() {
        var film = FilmFixture.film()
        film.tracks[1].segments[0].duration += 1
        film.tracks[1].segments[1].start += 1
        film.tracks[1].segments[1].duration -= 1
        #expect(timelines(FilmFixture.film()) == 2)
        #expect(timelines(film) == 3)
        var other = FilmFixture.film()
        other.tracks[1].timescale *= 2
        #expect(timelines(other) == 3)
    }

    private func timelines(_ film: Film) -> Int { text(.manifest, film).ranges(of: "<SegmentTimeline>").count }

    @Test("durations do not drift, however many segments there are")
    func drift() {
        var film = FilmFixture.film()
        // 59 pictures of 1/90000 s more than 1.001 s: no number of decimals has it.
        let segments = (0..<5_000).map { index in
            Film.Segment(
                part: Film.Part(offset: 140 + index, sizeBytes: 1, hash: FilmFixture.hash(0)),
                start: Int64(index) * 88_411, duration: 88_411, firstFrameBytes: 1)
        }
        film.tracks = [film.tracks[0]]
        film.tracks[0].timescale = 90_000
        film.tracks[0].segments = segments
        let durations = text(.playlist(track: 0), film).split(separator: "\n").compactMap { line in
            line.hasPrefix("#EXTINF:") ? Int(line.dropFirst(8).dropLast().replacing(".", with: "")) : nil
        }
        #expect(durations.count == 5_000)
        let sum: Int = durations.reduce(0, +)
        let exact: Int = (5_000 * 88_411 * 1_000_000 + 45_000) / 90_000
        #expect(sum == exact)
        #expect(Set(durations).count > 1)
    }
}
