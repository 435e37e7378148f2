// Edit lists of the usual kind say when a track begins and what of it is presented; others are refused, not misread.

import Testing

@testable import Formats

@Suite("Edit lists")
struct EditListTests {
    private func track(_ edits: [(duration: Int, start: Int, rate: Int)], isWide: Bool = false) throws -> MovieTrack {
        var plain = MovieTests.audio
        plain.edits = edits
        return try Movie(reading: FileBytes(FilmBytes.film([plain], FilmForm(hasWideTimes: isWide)).bytes)).tracks[0]
    }

    private static let once = 1 << 16

    @Test("that there are none of", arguments: [false, true])
    func none(isWide: Bool) throws {
        let track = try track([], isWide: isWide)
        #expect(track.presentationStart == 0)
        #expect(track.presentedDuration == 39 * 1024 + 100)
    }

    @Test("leave out the beginning and the end", arguments: [false, true])
    func part(isWide: Bool) throws {
        let track = try track([(500, 1024, Self.once)], isWide: isWide)
        #expect(track.presentationStart == 1024)
        #expect(track.presentedDuration == 24_000)
        #expect(track.delay == .zero)
        #expect(track.presentationTime(of: track.samples[0]) == -1024)
    }

    @Test("wait first", arguments: [false, true])
    func wait(isWide: Bool) throws {
        let track = try track([(250, -1, Self.once), (0, 1024, Self.once), (9, -1, Self.once)], isWide: isWide)
        #expect(track.refusal == nil)
        #expect(track.delay == MovieTime(1, 4))
        #expect(track.presentationTime(of: track.samples[0]) == 12_000 - 1024)
        #expect(track.presentedDuration == 39 * 1024 + 100 - 1024)
    }

    @Test("say one part in pieces")
    func pieces() throws {
        let track = try track([(100, 1024, Self.once), (200, 1024 + 4_800, Self.once)])
        #expect(track.refusal == nil)
        #expect(track.presentedDuration == 14_400)
    }

    @Test("are refused if they say more than that")
    func refused() throws {
        for (edits, reason) in [
            ([(100, 0, Self.once), (100, 20_000, Self.once)], "several parts"), ([(100, 0, 0)], "another speed"),
            ([(100, 0, Self.once), (100, -1, Self.once), (100, 4_800, Self.once)], "holes"),
            ([(100, -1, Self.once)], "nothing at all"),
        ] {
            let refusal = try #require(try track(edits).refusal)
            #expect(refusal.code == .unsupported)
            #expect(refusal.message.contains(reason))
        }
    }

    @Test("that are missing present what is shown before zero, too")
    func negative() throws {
        var plain = MovieTests.video
        plain.edits = []
        plain.samples[0].composition = -600
        let track = try Movie(reading: FileBytes(FilmBytes.film([plain]).bytes)).tracks[0]
        #expect(track.presentationStart == -600)
        #expect(track.presentationTime(of: track.samples[0]) == 0)
    }
}
