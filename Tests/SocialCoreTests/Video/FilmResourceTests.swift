// The keys of a film.

import SocialCore
import TestKit
import Testing

@Suite("Keys of a film")
struct FilmResourceTests {
    @Test("every key leads to what it is the key of")
    func lookup() {
        for number in 0..<TestRun.times(60) {
            var chance = Chance(case: number)
            var film = MadeFilm(&chance).film
            film.form.isHLS = chance.percent(70)
            film.form.isDASH = chance.percent(70)
            let resources = film.resources
            #expect(Set(resources.map(\.key)).count == resources.count)
            for resource in resources {
                #expect(film.resource(at: resource.key) == resource, "seed \(TestRun.seed), case \(number)")
            }
        }
    }

    @Test("there are as many files as the form of the film wants")
    func forms() {
        let keys = FilmFixture.film().resources.map(\.key)
        let last = [
            "low/playlist.m3u8", "low/iframes.m3u8", "high/playlist.m3u8", "high/iframes.m3u8", "audio/playlist.m3u8",
            "master.m3u8", "manifest.mpd", "film.json",
        ]
        #expect(keys.prefix(5) == ["low/init.mp4", "low/00001.m4s", "low/00002.m4s", "low/00003.m4s", "high/init.mp4"])
        #expect(keys.suffix(8) == last[...])
        #expect(keys.count == 20)
        let single = FilmFixture.film(isSingleFile: true).resources.map(\.key)
        #expect(single == ["low/track.mp4", "high/track.mp4", "audio/track.mp4"] + last)
    }

    @Test(
        "what is no key leads nowhere",
        arguments: [
            "", "/", "film.json/", "/film.json", "low", "low/", "low/00000.m4s", "low/00004.m4s", "low/1.m4s",
            "low/000001.m4s", "low/+0001.m4s", "low/-0001.m4s", "low/00001.m4s/", "low/x/00001.m4s", "other/init.mp4",
            "audio/iframes.m3u8", "low/track.mp4", "low/99999999999999999999.m4s", "../film.json", "LOW/init.mp4",
        ])
    func unknown(key: String) {
        #expect(FilmFixture.film().resource(at: key) == nil)
    }

    @Test("types are those that players and servers expect")
    func types() {
        let film = FilmFixture.film()
        func type(_ key: String) -> String? { film.resource(at: key)?.type }
        #expect(type("film.json") == "application/json")
        #expect(type("master.m3u8") == "application/vnd.apple.mpegurl")
        #expect(type("low/iframes.m3u8") == "application/vnd.apple.mpegurl")
        #expect(type("manifest.mpd") == "application/dash+xml")
        #expect(type("low/00001.m4s") == "video/mp4")
        #expect(type("audio/init.mp4") == "audio/mp4")
    }
}
