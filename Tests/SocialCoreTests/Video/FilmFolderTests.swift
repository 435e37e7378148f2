// Films in plain folders: filled, read, and found out when something is wrong with them.

import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Folder of a film")
struct FilmFolderTests {
    /// A folder with a film.
    private final class Exported {
        let directory: TemporaryDirectory
        let made: MadeFilm
        let folder: FilmFolder

        init(seed number: Int, isSingleFile: Bool? = nil) throws {
            var chance = Chance(seed: UInt64(number))
            let form = Film.Form(isSingleFile: isSingleFile ?? chance.percent(50))
            made = MadeFilm(&chance, videos: 2, sounds: 1, segments: 2 + chance.below(10), form: form)
            directory = try TemporaryDirectory()
            folder = FilmFolder(directory.file("film"))
            try folder.fill(with: made.film, from: made)
        }

        func problems() throws -> [FilmProblem] {
            try FilmVerification(try folder.film(), on: folder).run(isDeep: false)
        }

        /// Changes the text of a file.
        func edit(_ key: String, _ change: (String) -> String) throws {
            let path = "\(folder.path)/\(key)"
            let text = String(decoding: try FileSystem().contents(of: path), as: UTF8.self)
            let changed = change(text)
            try #require(changed != text, "nothing was damaged")
            try TemporaryDirectory.write(Array(changed.utf8), to: path)
        }

        /// Changes the bytes of a file.
        func spoil(_ key: String, _ change: (inout [UInt8]) -> Void) throws {
            let path = "\(folder.path)/\(key)"
            var bytes = try FileSystem().contents(of: path)
            change(&bytes)
            try TemporaryDirectory.write(bytes, to: path)
        }
    }

    @Test("what was exported is the film, and nothing is wrong with it")
    func whole() throws {
        for number in 0..<TestRun.times(20) {
            var chance = Chance(case: number)
            let made = MadeFilm(&chance)
            #expect(
                try FilmVerification(made.film, on: made).run(isDeep: false) == [], "seed \(TestRun.seed), \(number)")
            let directory = try TemporaryDirectory()
            let folder = FilmFolder(directory.file("film"))
            try folder.fill(with: made.film, from: made, extras: [("index.html", "x")])
            #expect(try folder.film() == made.film)
            #expect(
                try FilmVerification(made.film, on: folder).run(isDeep: false) == [], "seed \(TestRun.seed), \(number)")
            for resource in made.film.resources {
                #expect(try folder.bytes(of: resource) == made.bytes(of: resource))
            }
            #expect(try FileSystem().contents(of: "\(folder.path)/index.html") == [120])
        }
    }

    @Test("a folder in which something lies is left alone")
    func notEmpty() throws {
        let exported = try Exported(seed: 1)
        let error = #expect(throws: StorageError.self) {
            try exported.folder.fill(with: exported.made.film, from: exported.made)
        }
        #expect(error?.code == .notEmpty)
        try TemporaryDirectory.write([1], to: exported.directory.file("file"))
        let other = #expect(throws: StorageError.self) {
            try FilmFolder(exported.directory.file("file")).fill(with: exported.made.film, from: exported.made)
        }
        #expect(other?.code == .notEmpty)
    }

    /// A shelf that has lost a file.
    private struct Lossy: FilmShelf {
        let inner: MadeFilm
        let lost: String

        func sizeBytes(of resource: FilmResource) -> Int? {
            resource.key == lost ? nil : inner.sizeBytes(of: resource)
        }

        func forEachChunk(
            of resource: FilmResource, in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void
        ) throws {
            try inner.forEachChunk(of: resource, in: range, body)
        }
    }

    @Test(
        "an export that breaks off does not look like a film",
        arguments: ["v0/00001.m4s", "v0/init.mp4", "a0/00003.m4s"])
    func broken(key: String) throws {
        var chance = Chance(case: 5)
        let made = MadeFilm(&chance, videos: 1, sounds: 1, segments: 3)
        let directory = try TemporaryDirectory()
        let folder = FilmFolder(directory.file("film"))
        #expect(throws: StorageError.self) { try folder.fill(with: made.film, from: Lossy(inner: made, lost: key)) }
        #expect(throws: StorageError.self) { try folder.film() }
        #expect(!FileSystem().exists("\(folder.path)/\(key)"))
    }

    @Test(
        "each kind of damage is found",
        arguments: [
            ("v0/00002.m4s", "flip", FilmProblem.Code.fileDamaged), ("v1/00001.m4s", "cut", .fileDamaged),
            ("a0/00002.m4s", "grow", .fileDamaged), ("a0/init.mp4", "flip", .fileDamaged),
            ("v0/00001.m4s", "empty", .fileDamaged), ("v0/00002.m4s", "remove", .fileMissing),
            ("a0/init.mp4", "remove", .fileMissing), ("master.m3u8", "remove", .fileMissing),
            ("manifest.mpd", "remove", .fileMissing), ("v0/iframes.m3u8", "remove", .fileMissing),
        ])
    func files(key: String, damage: String, code: FilmProblem.Code) throws {
        let exported = try Exported(seed: 2, isSingleFile: false)
        try #require(try exported.problems() == [])
        switch damage {
        case "flip": try exported.spoil(key) { $0[$0.count / 2] ^= 4 }
        case "cut": try exported.spoil(key) { $0.removeLast() }
        case "grow": try exported.spoil(key) { $0.append(0) }
        case "empty": try exported.spoil(key) { $0 = [] }
        default: try FileSystem().remove("\(exported.folder.path)/\(key)")
        }
        #expect(try exported.problems().contains { $0.code == code && $0.place == key })
    }

    @Test("damage anywhere in a single file is found, in its header and index too")
    func singleFile() throws {
        let exported = try Exported(seed: 3, isSingleFile: true)
        let size = exported.made.film.tracks[1].sizeBytes
        for place in [0, 35, size / 2, size - 1] {
            try exported.spoil("v1/track.mp4") { $0[place] ^= 1 }
            #expect(try exported.problems().map(\.place) == ["v1/track.mp4"])
            try exported.spoil("v1/track.mp4") { $0[place] ^= 1 }
        }
        #expect(try exported.problems() == [])
    }

    @Test(
        "a playlist that says something else is found, and why it leads astray",
        arguments: [
            ("v0/playlist.m3u8", "#EXT-X-MAP", "#EXT-X-TARGETDURATION:1\n#EXT-X-MAP", "longer than the target"),
            ("v0/playlist.m3u8", "#EXT-X-ENDLIST\n", "", "not complete"),
            ("v0/playlist.m3u8", "DURATION:", "DURATION:9999999999999", "not complete"),
            ("v0/playlist.m3u8", "00002.m4s", "00009999.m4s", "not there"),
            ("v0/playlist.m3u8", "#EXT-X-MAP:URI=\"init.mp4\"\n", "", "no header"),
            ("v0/playlist.m3u8", "init.mp4", "start.mp4", "not there"),
            ("v0/playlist.m3u8", "#EXTINF:", "#EXTINF:1", "segment"),
            ("v0/playlist.m3u8", "#EXT-X-INDEPENDENT-SEGMENTS\n", "", "a tag is missing"),
            ("v0/playlist.m3u8", "VERSION:7", "VERSION:3", "a tag is missing"),
            ("v0/playlist.m3u8", "#EXTM3U\n", "", "no playlist"),
            ("v0/playlist.m3u8", "#EXT-X-PLAYLIST-TYPE:VOD\n", "#EXT-X-SOMETHING\n", "unknown tag"),
            ("v0/iframes.m3u8", "#EXT-X-I-FRAMES-ONLY\n", "", "searching"),
            ("v0/iframes.m3u8", "BYTERANGE:", "BYTERANGE:99999", "behind the end"),
            ("v0/iframes.m3u8", "@0\n", "\n", "range of bytes"),
            ("master.m3u8", "v0/playlist.m3u8", "v9/playlist.m3u8", "not there"),
            ("master.m3u8", "AUDIO=\"audio\"", "AUDIO=\"other\"", "group"),
            ("master.m3u8", ":BANDWIDTH=", ":BANDWIDTH=x", "rate"),
            ("master.m3u8", "a0/playlist.m3u8\"", "a0/playlist.m3u8", "quote"),
            ("manifest.mpd", "<S t=\"", "<S t=\"9", "gap or an overlap"),
            ("manifest.mpd", "<SegmentTimeline>", "<SegmentTimeline><S d=\"5\"/>", "segments"),
            (
                "manifest.mpd", "<SegmentTimeline>",
                "<SegmentTimeline><S t=\"5\" d=\"9223372036854775807\"/><S d=\"5\"/>", "cannot be"
            ),
            (
                "manifest.mpd", "mediaPresentationDuration=\"PT", "mediaPresentationDuration=\"PT0.001S\" old=\"",
                "end when"
            ),
            ("manifest.mpd", "</Period>", "", "XML"),
            ("manifest.mpd", "id=\"v1\"", "id=\"v7\"", "qualities"),
            ("manifest.mpd", "timescale=\"", "timescale=\"7", "units of time"),
            ("manifest.mpd", "init.mp4", "start.mp4", "not there"),
            ("manifest.mpd", "$Number%05d$", "$Number%05d$x", "not there"),
        ])
    func texts(key: String, part: String, replacement: String, message: String) throws {
        let exported = try Exported(seed: 4, isSingleFile: false)
        try exported.edit(key) { text in
            text.firstRange(of: part).map { text.replacingCharacters(in: $0, with: replacement) } ?? text
        }
        let problems = try exported.problems()
        #expect(problems.contains { $0.code == .textDiffers && $0.place == key })
        #expect(
            problems.contains { $0.code == .playlistWrong && $0.place == key && $0.message.contains(message) },
            "\(problems)")
    }

    @Test(
        "byte ranges of single files are followed",
        arguments: [
            ("v0/playlist.m3u8", "@", "@1", "behind the end"),
            ("v0/playlist.m3u8", "BYTERANGE=\"", "BYTERANGE=\"9999", "behind"),
            ("manifest.mpd", "indexRange=\"", "indexRange=\"9", "described"),
            ("manifest.mpd", "range=\"0-", "range=\"1-9", "behind"),
            ("manifest.mpd", "v0/track.mp4", "v0/t.mp4", "not there"),
        ])
    func ranges(key: String, part: String, replacement: String, message: String) throws {
        let exported = try Exported(seed: 6, isSingleFile: true)
        try exported.edit(key) { text in
            text.range(of: part, options: .backwards).map { text.replacingCharacters(in: $0, with: replacement) }
                ?? text
        }
        let problems = try exported.problems()
        #expect(
            problems.contains { $0.code == .playlistWrong && $0.place == key && $0.message.contains(message) },
            "\(problems)")
    }

    @Test("a description in other words is noticed")
    func description() throws {
        let exported = try Exported(seed: 7)
        try exported.edit("film.json") { $0.replacingOccurrences(of: "{\"format\"", with: "{ \"format\"") }
        #expect(try exported.problems().map(\.place) == ["film.json"])
    }

    @Test("qualities that are not cut at the same times are found")
    func alignment() throws {
        var made = try Exported(seed: 8).made
        made.film.tracks[1].timescale += 1
        let problems = try FilmVerification(made.film, on: made).run(isDeep: false)
        #expect(problems.map(\.code).contains(.notAligned))
        #expect(problems.map(\.place).contains("v1/00002.m4s"))
    }
}
