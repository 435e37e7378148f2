// Pictures as an upload sees them: what they say of themselves, without that, decoded, and what is made of them.

internal import Formats
internal import TestKit

/// What reads pictures.
enum PictureParsers {
    static let all = [
        FuzzSubject("png", png), FuzzSubject("jpeg", jpeg), FuzzSubject("gif", gif), FuzzSubject("webp", webp),
        FuzzSubject("heic", heic),
    ]

    /// The most pixels of a picture that is always decoded; of larger ones one in `largeTurn` is.
    private static let smallPixels = 1 << 18
    private static let largeTurn: UInt64 = 64

    /// Looks at a file as an upload does.
    static func look(at file: [UInt8]) throws -> Bool {
        let bytes = FileBytes(file)
        let metadata = try? MediaMetadata.read(bytes)
        if let stripped = try? MediaMetadata.stripped(bytes) {
            try FuzzFault.expect(
                stripped.bytes.count == stripped.sizeBytes && stripped.sizeBytes <= file.count + 64,
                "a stripped file is as large as it says, and hardly larger")
        }
        var random = FuzzRandom(of: file)
        let turn = random.next()
        let pixels = metadata.map { $0.width * $0.height } ?? smallPixels
        guard pixels <= smallPixels || turn % largeTurn == 0 else { return metadata != nil }
        guard let picture = try? Picture.decode(bytes, fitting: (1 + random.below(100), 50)).picture else {
            return metadata != nil
        }
        try FuzzFault.expect(
            picture.pixels.count == 4 * picture.width * picture.height, "a picture has all its pixels")
        switch turn >> 8 & 7 {
        case 0: _ = PictureHash(of: picture)
        case 1: _ = try? picture.thumbnailFile()
        case 2: _ = BlurPlaceholder(picture).text
        default: break
        }
        return true
    }

    private static func png() throws -> FuzzParser {
        var random = FuzzRandom(1)
        var seeds = [try Samples.file("fixtures/pictures/cat.png"), MediaSamples.png]
        for kind in SamplePNG.kinds {
            var sample = SamplePNG.random(&random, kind)
            if kind.0 == 3 { sample.extra = [("PLTE", [1, 2, 3, 4, 5, 6]), ("tRNS", [0, 128])] }
            seeds.append(sample.file(&random))
        }
        let names = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "eXIf", "acTL", "fcTL", "fdAT", "iCCP", "sRGB"]
        return FuzzParser(
            seeds: seeds, words: names.map { Array($0.utf8) } + [[0, 0, 0, 0]],
            places: { Samples.places(of: names.map { Array($0.utf8) }, in: $0).map { $0 - 4 } + [16, 20, 22, 24] },
            mend: { file, _ in mendChecksums(&file) }, look)
    }

    /// Makes the checksums of the chunks right.
    private static func mendChecksums(_ file: inout [UInt8]) {
        var start = 8
        while file.count - start >= 12 {
            let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= file.count - start - 12 else { return }
            let end = start + 8 + length
            let checksum = Compressed.checksum(Array(file[start + 4..<end]))
            for index in 0..<4 { file[end + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * index)) }
            start = end + 4
        }
    }

    private static func jpeg() throws -> FuzzParser {
        let markers: [UInt8] = [
            0xC0, 0xC1, 0xC2, 0xC4, 0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE,
        ]
        return FuzzParser(
            seeds: try Samples.files("fixtures/pictures", ending: ".jpg") + [MediaSamples.jpeg],
            words: markers.map { [0xFF, $0] } + [[0xFF, 0], [0xFF, 0xFF], Array("Exif\0\0".utf8)],
            // The length and the first fields of a segment.
            places: { file in
                Samples.places(of: markers.map { [0xFF, $0] }, in: file).flatMap { [$0 + 2, $0 + 4, $0 + 5] }
            },
            look)
    }

    private static func gif() throws -> FuzzParser {
        // Two frames of a picture of four colours, the second interlaced over a part and cleared afterwards.
        let screen: [UInt8] = Array("GIF89a".utf8) + [4, 0, 3, 0, 0x81, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
        let codes: [UInt8] = [2, 7, 0x84, 0x8F, 0x19, 0x9D, 0x3D, 0x52, 0x05, 0]
        let frame: [UInt8] = [0x2C, 0, 0, 0, 0, 4, 0, 3, 0, 0] + codes
        let second: [UInt8] = [0x21, 0xF9, 4, 9, 10, 0, 3, 0, 0x2C, 1, 0, 1, 0, 2, 0, 2, 0, 0x40] + codes
        return FuzzParser(
            seeds: [screen + frame + [0x3B], screen + frame + second + frame + [0x3B], MediaSamples.gif],
            words: [[0x2C], [0x21, 0xF9, 4], [0x21, 0xFE], [0x21, 0xFF, 11], [0x3B], [0], [12], screen, frame],
            places: { _ in [6, 8, 10] }, look)
    }

    private static func webp() -> FuzzParser {
        let names = ["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "EXIF", "XMP ", "ICCP", "ANIM", "ANMF", "ALPH"]
        let lossy = MediaSamples.riff("VP8 ", [0x10, 2, 0, 0x9D, 1, 0x2A, 3, 0, 2, 0] + MediaSamples.pixels)
        let frame = MediaSamples.riff("ANMF", [UInt8](repeating: 0, count: 16) + lossy)
        let animated =
            MediaSamples.riff("VP8X", [2, 0, 0, 0, 2, 0, 0, 1, 0, 0])
            + MediaSamples.riff("ANIM", [0, 0, 0, 0, 0, 0]) + frame + frame
        let seeds = [lossy, animated].map { MediaSamples.riff("RIFF", Array("WEBP".utf8) + $0) }
        return FuzzParser(
            seeds: seeds + [MediaSamples.webp], words: names.map { Array($0.utf8) },
            places: { file in
                Samples.places(of: names.map { Array($0.utf8) }, in: file).flatMap { [$0 + 4, $0 + 8, $0 + 12] }
            }, look)
    }

    private static func heic() -> FuzzParser {
        FuzzParser(
            seeds: [MediaSamples.heic], words: FilmParsers.boxNames, places: FilmParsers.places,
            boxes: FilmParsers.boxes, look)
    }
}
