// What files say about themselves, and that they no longer say it when they are stripped.

import TestKit
import Testing

@testable import Formats

@Suite("Metadata of pictures and films")
struct MediaMetadataTests {
    /// The files with what is read from each.
    private static let files: [(type: MediaType, bytes: [UInt8])] = [
        (.jpeg, MediaSamples.jpeg), (.png, MediaSamples.png), (.gif, MediaSamples.gif), (.webp, MediaSamples.webp),
        (.heic, MediaSamples.heic), (.mp4, MediaSamples.film), (.webm, MediaSamples.webm),
    ]

    @Test("the kind is told by content")
    func types() {
        for file in Self.files { #expect(MediaType(file.bytes) == file.type) }
        let brands: [(String, MediaType?)] = [
            ("avifmif1", .avif), ("mif1heix", .heic), ("qt  isom", .mov), ("mp42mp41", .mp4), ("crx isom", .mp4),
            ("isomavif", .avif), ("none....", nil),
        ]
        for (brand, type) in brands {
            let name = Array(brand.utf8)
            #expect(MediaType(MediaSamples.box("ftyp", name[..<4] + [0, 0, 0, 0] + name[4...])) == type, "\(brand)")
        }
        #expect(MediaType(MediaSamples.box("moov", [])) == .mov)
        #expect(MediaType([]) == nil)
        #expect(MediaType(Array("GIF88a, which is text".utf8)) == nil)
        #expect(throws: PictureError.self) { try MediaMetadata.read(Array("text".utf8)) }
        for type in MediaType.allCases { #expect(type.mimeType.hasPrefix(type.isFilm ? "video/" : "image/")) }
        #expect(MediaType.jpeg.fileExtension == "jpg")
        #expect(MediaType.jpeg.name == "JPEG")
    }

    @Test("size, orientation, colour, frames, length, date, camera, place and tracks are read")
    func read() throws {
        for file in Self.files {
            let metadata = try MediaMetadata.read(file.bytes)
            #expect(metadata.type == file.type)
            #expect(metadata.width == 3 && metadata.height == 2, "\(file.type)")
            let isTurned = file.type != .gif && file.type != .webm
            #expect(metadata.orientation == (isTurned ? 6 : 1), "\(file.type)")
            #expect(metadata.shownSize == (isTurned ? (2, 3) : (3, 2)))
            guard [.jpeg, .png, .webp, .heic].contains(file.type) else { continue }
            #expect(metadata.date == "2024-05-06T07:08:09", "\(file.type)")
            #expect(metadata.camera == "Canon X1")
            #expect(metadata.location == MediaMetadata.Location(latitude: 48.21, longitude: -16.5), "\(file.type)")
        }
        let png = try MediaMetadata.read(MediaSamples.png)
        #expect(png.colour == .colourAlpha && png.bitDepth == 8)
        #expect(png.frames == 2 && png.durationMilliseconds == 750)
        let gif = try MediaMetadata.read(MediaSamples.gif)
        #expect(gif.colour == .palette && gif.frames == 2 && gif.durationMilliseconds == 200)
        #expect(try MediaMetadata.read(MediaSamples.jpeg).colour == .colour)
        #expect(try MediaMetadata.read(MediaSamples.webp).colour == .colourAlpha)
        #expect(try MediaMetadata.read(MediaSamples.heic).bitDepth == 10)
        let film = try MediaMetadata.read(MediaSamples.film)
        #expect(film.durationMilliseconds == 1_500)
        #expect(film.date == "2024-05-06T00:00:00Z")
        #expect(film.camera == "Phone 1")
        #expect(film.location == MediaMetadata.Location(latitude: 48.2082, longitude: -16.3738))
        #expect(film.tracks == [.init(kind: .video, codec: "avc1"), .init(kind: .other, codec: "mebx")])
        let webm = try MediaMetadata.read(MediaSamples.webm)
        #expect(webm.durationMilliseconds == 1_500 && webm.date == "2001-01-01T00:00:00Z")
        #expect(webm.tracks == [.init(kind: .video, codec: "V_VP9")])
    }

    @Test("a stripped file tells nothing but what is needed to show it")
    func strip() throws {
        for file in Self.files {
            let before = try MediaMetadata.read(file.bytes)
            let stripped = try MediaMetadata.stripped(file.bytes).bytes
            #expect(!contains(stripped, Array(MediaSamples.secret.utf8)), "\(file.type)")
            #expect(!contains(stripped, Array("Canon".utf8)), "\(file.type)")
            #expect(count(stripped, MediaSamples.pixels) == count(file.bytes, MediaSamples.pixels), "\(file.type)")
            var expected = before
            expected.date = nil
            expected.camera = nil
            expected.location = nil
            expected.tracks.removeAll { $0.kind == .other }
            #expect(try MediaMetadata.read(stripped) == expected, "\(file.type)")
            let again = try MediaMetadata.stripped(stripped)
            #expect(again.isUnchanged && again.pieces == [.source(0..<stripped.count)], "\(file.type)")
            if file.type.isFilm || file.type == .heic { #expect(stripped.count == file.bytes.count) }
        }
    }

    @Test("what colours need is kept, and so is the way in which an animation goes on")
    func kept() throws {
        let jpeg = try MediaMetadata.stripped(MediaSamples.jpeg).bytes
        // JFIF without its thumbnail, then the orientation.
        let orientation = MediaSamples.segment(0xE1, Array("Exif\0\0".utf8) + Exif.minimal(6))
        let jfif = MediaSamples.segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
        #expect(jpeg.starts(with: [0xFF, 0xD8] + jfif + orientation))
        #expect(contains(jpeg, Array("ICC_PROFILE\0profile".utf8)) && contains(jpeg, Array("Adobe".utf8)))
        #expect(jpeg.suffix(2) == [0xFF, 0xD9])
        let png = try MediaMetadata.stripped(MediaSamples.png).bytes
        for name in ["gAMA", "acTL", "fcTL", "fdAT"] { #expect(contains(png, Array(name.utf8)), "\(name)") }
        #expect(!contains(png, Array("tIME".utf8)))
        // The checksum of the chunk with orientation 6, as zlib.crc32 gives it in another language.
        #expect(contains(png, Array("eXIf".utf8) + Exif.minimal(6) + [0xD6, 0x67, 0x4B, 0x69]))
        let gif = try MediaMetadata.stripped(MediaSamples.gif).bytes
        #expect(contains(gif, Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]))
        #expect(count(gif, [0x21, 0xF9]) == 2)
        let webp = try MediaMetadata.stripped(MediaSamples.webp).bytes
        #expect(contains(webp, Array("VP8X".utf8) + [10, 0, 0, 0, 0x18]))
        #expect(webp.count == 8 + Int(webp[4]) + Int(webp[5]) << 8)
    }

    @Test("no damage makes a parser fail otherwise than with an error")
    func damage() {
        var generator = SeededGenerator("media")
        var accepted = 0
        let count = TestRun.times(2_000, usually: 600)
        for file in Self.files {
            for _ in 0..<count {
                var bytes = file.bytes
                for _ in 0...generator.below(4) where !bytes.isEmpty { generator.damage(&bytes) }
                if (try? MediaMetadata.read(bytes)) != nil { accepted += 1 }
                if let stripped = try? MediaMetadata.stripped(bytes) {
                    #expect(stripped.sizeBytes <= bytes.count + 64, "\(file.type)")
                    #expect(stripped.bytes.count == stripped.sizeBytes, "\(file.type)")
                }
            }
            for end in file.bytes.indices {
                _ = try? MediaMetadata.read(Array(file.bytes[..<end]))
                _ = try? MediaMetadata.stripped(Array(file.bytes[..<end]))
            }
        }
        #expect(accepted > count / 2)
    }

    private func contains(_ bytes: [UInt8], _ piece: [UInt8]) -> Bool { count(bytes, piece) > 0 }

    private func count(_ bytes: [UInt8], _ piece: [UInt8]) -> Int {
        bytes.indices.count { bytes[$0...].starts(with: piece) }
    }
}

extension SeededGenerator {
    /// Flips, sets, cuts or repeats something of a file.
    fileprivate mutating func damage(_ bytes: inout [UInt8]) {
        let place = below(bytes.count)
        switch below(6) {
        case 0: bytes.removeLast(bytes.count - place)
        case 1: bytes.insert(contentsOf: bytes[place...].prefix(1 + below(40)), at: below(bytes.count))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
        case 3: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xFF }
        case 4: bytes[place] = UInt8.random(in: 0...255, using: &self)
        default: bytes[place] ^= 1 << UInt8(below(8))
        }
    }
}
