// `film.json`: what is written is read, and what cannot be is refused with its place.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Coding of a film")
struct FilmCodingTests {
    @Test("any film is what it was")
    func roundTrip() throws {
        for number in 0..<TestRun.times(60) {
            var chance = Chance(case: number)
            let film = MadeFilm(&chance).film
            #expect(try Film(coded: film.coded) == film, "seed \(TestRun.seed), case \(number)")
        }
    }

    @Test("a film of ten hours is small enough, and is still read")
    func large() throws {
        var film = FilmFixture.film()
        film.cuts = (0..<10_000).map { Film.Cut(milliseconds: Int64($0) * 4_000, reason: .target) }
        for number in film.tracks.indices {
            let segments = (0..<10_000).map { index in
                Film.Segment(
                    part: Film.Part(offset: 140 + index, sizeBytes: 1, hash: FilmFixture.hash(0)),
                    start: Int64(index) * 96_000, duration: 96_000, firstFrameBytes: 1)
            }
            film.tracks[number].segments = segments
            film.tracks[number].object?.checks = BlockChecks(of: [UInt8](repeating: 0, count: 10_140))
        }
        let coded = film.coded
        #expect(coded.count < 90 * 30_000)
        #expect(try Film(coded: coded) == film)
    }

    @Test(
        "what cannot be a film is refused, and where is said",
        arguments: [
            (#""format":"social-film""#, #""format":"film""#, "format"),
            (#""version":1"#, #""version":2"#, "format"),
            (#""bytes":9000"#, #""bytes":-1"#, "source.bytes"),
            (#""target_ms":4000"#, #""target_ms":-4000"#, "plan"),
            (#""mode":"content""#, #""mode":"else""#, "plan.mode"),
            (#""hls":true"#, #""hls":1"#, "playlists.hls"),
            (#"[4004,"scene",0.75]"#, #"[4004,"scene",1.5]"#, "cuts[1]"),
            (#"[4004,"scene",0.75]"#, #"[9999,"scene",0.75]"#, "cuts[2]"),
            (#"[4004,"scene",0.75]"#, #"[4004,"why",0.75]"#, "cuts[1]"),
            (#"[4004,"scene",0.75]"#, #"[4004,"scene"]"#, "cuts[1]"),
            (#"[4004,"scene",0.75],"#, "", "tracks[0]"),
            (#""name":"low""#, #""name":"..""#, "tracks[0].name"),
            (#""name":"low""#, #""name":"""#, "tracks[0].name"),
            (#""name":"low""#, #""name":"high""#, "tracks[1]"),
            (#""name":"low""#, #""name":"a\"b""#, "tracks[0].name"),
            (#""kind":"video","width":640"#, #""kind":"smell","width":640"#, "tracks[0].kind"),
            (#""width":640"#, #""width":0"#, "tracks[0]"),
            (#""width":640,"#, "", "tracks[0].width"),
            (#""frame_rate":[24000,1001]"#, #""frame_rate":[24000,0]"#, "tracks[0]"),
            (#""frame_rate":[24000,1001]"#, #""frame_rate":[24000]"#, "tracks[0].frame_rate"),
            (#""channels":2"#, #""channels":0"#, "tracks[2]"),
            (#""codec":"mp4a.40.2""#, #""codec":"mp4a,x""#, "tracks[2].codec"),
            (#""language":"en""#, #""language":"e n""#, "tracks[2].language"),
            (#""timescale":48000"#, #""timescale":0"#, "tracks[2]"),
            (#""timescale":48000"#, #""timescale":1000000001"#, "tracks[2]"),
            (#""start":0"#, #""start":-1"#, "tracks[0].start"),
            (#""checks":""#, #""checks":"00"#, "tracks[0].checks"),
            (#""header":[100"#, #""header":[0"#, "tracks[0].header"),
            (#""header":[100"#, #""header":[1099511627777"#, "tracks[0].header"),
            (#"[1000,96096,250,"#, #"[1000,0,250,"#, "tracks[0].segments[0]"),
            (#"[1000,96096,250,"#, #"[1000,-5,250,"#, "tracks[0].segments"),
            (#"[1000,96096,250,"#, #"[1000,9223372036854775807,250,"#, "tracks[0].segments"),
            (#"[1000,96096,250,"#, #"[1000,96096,1001,"#, "tracks[0].segments[0]"),
            (#"[1000,96096,250,"#, #"[1000,96096,0,"#, "tracks[0].segments[0]"),
            (#"[1000,96096,250,"#, #"[1000,96096,250,"x"],["#, "tracks[0].segments"),
            (#"[1000,96096,250,"#, #"[1000,90000000000,250,"#, "tracks[0].segments[0]"),
        ])
    func hostile(part: String, replacement: String, place: String) throws {
        let text = String(decoding: FilmFixture.film().coded, as: UTF8.self)
        let range = try #require(text.firstRange(of: part))
        let error = #expect(throws: FilmError.self) {
            try Film(coded: Array(text.replacingCharacters(in: range, with: replacement).utf8))
        }
        #expect(error?.message.hasPrefix(place) == true, "\(error?.message ?? "")")
    }

    @Test("what is no JSON says the line and the column")
    func syntax() throws {
        let error = #expect(throws: DataError.self) { try Film(coded: Array("{\"format\":\n}".utf8)) }
        #expect(error?.line == 2)
        #expect(throws: FilmError.self) { try Film(coded: Array("[]".utf8)) }
        #expect(throws: FilmError.self) { try Film(coded: [UInt8](repeating: 32, count: (32 << 20) + 1)) }
    }

    @Test("a film that was made wrong is noticed before its playlists are written")
    func validation() {
        var film = FilmFixture.film()
        #expect(throws: Never.self) { try film.validate() }
        film.tracks[1].segments[1].part.offset += 1
        #expect(throws: FilmError.self) { try film.validate() }
        film = FilmFixture.film()
        film.tracks[1].segments[1].start += 1
        #expect(throws: FilmError.self) { try film.validate() }
        film = FilmFixture.film()
        film.tracks[1].segments.removeLast()
        #expect(throws: FilmError.self) { try film.validate() }
        film = FilmFixture.film()
        film.tracks = []
        #expect(throws: FilmError.self) { try film.validate() }
    }
}
