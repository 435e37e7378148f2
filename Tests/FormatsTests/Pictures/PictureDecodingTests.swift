// Through one door pictures come upright, in the wanted size, whatever their format and way of being stored.

import Formats
import TestKit
import Testing

@Suite("Decoding pictures for looking at")
struct PictureDecodingTests {
    @Test("gives JPEG in exactly the wanted size, from the least that has to be decoded", arguments: JPEGTests.names)
    func jpeg(name: String) throws {
        let whole = try Picture.decode(JPEGTests.bytes(name))
        let decoded = try JPEG.decode(JPEGTests.file(name)).picture
        #expect(whole.isComplete && whole.picture == decoded)
        for (frame, size) in [
            ((100, 100), (43, 30)), ((20, 20), (20, 14)), ((9, 100), (9, 6)), ((100, 3), (4, 3)), ((1, 1), (1, 1)),
        ] {
            let small = try Picture.decode(JPEGTests.bytes(name), fitting: frame).picture
            #expect((small.width, small.height) == size)
            let expected = whole.picture.fitted(width: frame.0, height: frame.1)
            let distance = zip(small.pixels, expected.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            #expect(distance <= 10 * small.pixels.count, "\(Double(distance) / Double(small.pixels.count))")
        }
    }

    @Test("turns them, and fits what is looked at into the frame, not what is stored")
    func orientation() throws {
        let jpeg = try JPEGTests.bytes("444")
        let orientation: [UInt8] = MediaSamples.segment(0xE1, Array("Exif\0\0".utf8) + MediaSamples.exif())
        let turned = Array(jpeg[..<2]) + orientation + Array(jpeg[2...])
        let upright = try Picture.decode(turned).picture
        let stored = try Picture.decode(jpeg).picture
        #expect(upright == stored.oriented(6))
        let small = try Picture.decode(turned, fitting: (15, 100)).picture
        #expect((small.width, small.height) == (15, 22))
    }

    @Test("gives PNG and GIF as their readers do")
    func others() throws {
        var random = SeededGenerator("decoding")
        let png = SamplePNG.random(&random, (6, 8)).file(&random)
        let reader = try PNGReader(FileBytes(png))
        #expect(try Picture.decode(png).picture == reader.picture())
        let expected = try reader.picture(fittedWidth: 5, height: 5)
        #expect(try Picture.decode(png, fitting: (5, 5)).picture == expected)
        let gif: [UInt8] =
            Array("GIF89a".utf8) + [2, 0, 1, 0, 0x80, 0, 0, 9, 9, 9, 8, 8, 8]
            + [0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B]
        #expect(try Picture.decode(gif).picture.pixels == [9, 9, 9, 255, 8, 8, 8, 255])
    }

    @Test("refuses other kinds of files, and interlaced ones that are too large")
    func refused() {
        func code(_ file: [UInt8]) -> PictureError.Code? {
            do throws(PictureError) {
                _ = try Picture.decode(file)
                return nil
            } catch { return error.code }
        }
        #expect(code(MediaSamples.webp) == .unsupported)
        #expect(code(MediaSamples.film) == .unsupported)
        #expect(code(Array("text".utf8)) == .unsupported)
        #expect(code(Array(MediaSamples.jpeg.prefix(60))) == .truncated)
        let header = SamplePNG.bigEndian(8_000) + SamplePNG.bigEndian(5_001) + [1, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let rest = SamplePNG.chunk("IDAT", []) + SamplePNG.chunk("IEND", [])
        #expect(code(signature + SamplePNG.chunk("IHDR", header + [0]) + rest) == .truncated)
        #expect(code(signature + SamplePNG.chunk("IHDR", header + [1]) + rest) == .tooLarge)
    }
}
