// PNG pictures are decoded as they were written, in whichever of the format's ways, and damaged ones are errors.

import Formats
import TestKit
import Testing

@Suite("PNG pictures")
struct PNGTests {
    @Test("are decoded, with every colour type, depth, filter and order of rows", arguments: SamplePNG.kinds)
    func kinds(_ kind: (Int, Int)) throws {
        var random = SeededGenerator("png \(kind)")
        for _ in 0..<20 {
            var sample = SamplePNG.random(&random, kind)
            let palette = (0..<3 << min(kind.1, 8)).map { _ in UInt8(random.below(256)) }
            let alphas = (0..<random.below(1 << min(kind.1, 8))).map { _ in UInt8(random.below(256)) }
            // The colour of the first pixel is the transparent one.
            let clear = random.below(2) == 0 && (kind.0 == 0 || kind.0 == 2) ? sample.samples[0] : nil
            if kind.0 == 3 { sample.extra = [("PLTE", palette), ("tRNS", alphas)] }
            if let clear { sample.extra = [("tRNS", clear.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })] }
            let highest = (1 << kind.1) - 1
            let expected = sample.samples.flatMap { samples -> [Int] in
                if kind.0 == 3 {
                    let index = samples[0]
                    return palette[3 * index..<3 * index + 3].map { Int($0) * 257 }
                        + [index < alphas.count ? Int(alphas[index]) * 257 : 65_535]
                }
                let scaled = samples.map { $0 * 65_535 / highest }
                switch scaled.count {
                case 1: return [scaled[0], scaled[0], scaled[0], samples == clear ? 0 : 65_535]
                case 2: return [scaled[0], scaled[0], scaled[0], scaled[1]]
                case 3: return scaled + [samples == clear ? 0 : 65_535]
                default: return scaled
                }
            }
            let reader = try PNGReader(FileBytes(sample.file(&random)))
            #expect(try reader.samples16().map { Int($0) } == expected, "seed \(random.seed)")
            let rounded = expected.map { UInt8((Double($0) / 257).rounded()) }
            #expect(try reader.picture().pixels == rounded, "seed \(random.seed)")
        }
    }

    @Test("come back from the encoder as they were, in the smallest kind that holds them")
    func roundTrip() throws {
        var random = SeededGenerator("png round trip")
        let kinds: [(PNGHeader.Colour, isGrey: Bool, isOpaque: Bool)] = [
            (.grey, true, true), (.greyAlpha, true, false), (.truecolour, false, true),
            (.truecolourAlpha, false, false),
        ]
        for (colour, isGrey, isOpaque) in kinds {
            var picture = Picture(width: 1 + random.below(40), height: 1 + random.below(40))
            for start in stride(from: 0, to: picture.pixels.count, by: 4) {
                for channel in 0..<4 { picture.pixels[start + channel] = UInt8(random.below(256)) }
                if isGrey { for channel in 1..<3 { picture.pixels[start + channel] = picture.pixels[start] } }
                if isOpaque { picture.pixels[start + 3] = 255 }
            }
            if !isGrey { picture.pixels.replaceSubrange(0..<2, with: [1, 2]) }
            if !isOpaque { picture.pixels[3] = 7 }
            let reader = try PNGReader(FileBytes(PNGWriter.encode(picture)))
            #expect(try reader.picture() == picture, "seed \(random.seed)")
            #expect(reader.header.colour == colour)
        }
    }

    @Test("are fitted while they are decoded just as afterwards")
    func fitted() throws {
        var random = SeededGenerator("png fitted")
        for kind in SamplePNG.kinds where kind.0 != 3 {
            let reader = try PNGReader(FileBytes(SamplePNG.random(&random, kind).file(&random)))
            let expected = try reader.picture().fitted(width: 7, height: 5)
            #expect(try reader.picture(fittedWidth: 7, height: 5) == expected, "seed \(random.seed)")
        }
    }

    @Test("that are damaged say how")
    func damage() throws {
        var random = SeededGenerator("png damage")
        var sample = SamplePNG.random(&random, (2, 8))
        let file = sample.file(&random)
        #expect(code([]) == .unsupported)
        #expect(code(Array(file.dropLast(12))) == .truncated)
        #expect(code(file.prefix(50) + SamplePNG.chunk("IEND", [])) != nil)
        // One bit of the data: the chunk's checksum is wrong.
        var flipped = file
        flipped[45] ^= 1
        #expect(code(flipped) == .damaged)
        // A chunk that is not needed may be damaged, and may not be missing from a picture that needs it.
        sample.extra = [("teXt", [1, 2, 3])]
        var other = sample.file(&random)
        other[8 + 25 + 9] ^= 1
        #expect(code(other) == nil)
        sample.extra = [("ABCD", [])]
        #expect(code(sample.file(&random)) == .unsupported)
        let indexed = SamplePNG.random(&random, (3, 8)).file(&random)
        #expect(code(indexed) == .damaged)
    }

    @Test("whose zlib checksum is wrong are refused, though that of the chunk is right")
    func adler() throws {
        let header = SamplePNG.chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
        var data = Compressed.zlib([0, 200])
        data[data.count - 1] ^= 1
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        #expect(code(signature + header + SamplePNG.chunk("IDAT", data) + SamplePNG.chunk("IEND", [])) == .damaged)
    }

    @Test("that declare more pixels than a file may hold are refused before memory is taken")
    func bombs() {
        func file(_ width: Int, _ height: Int) -> [UInt8] {
            let header = SamplePNG.bigEndian(width) + SamplePNG.bigEndian(height) + [8, 6, 0, 0, 0]
            return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + SamplePNG.chunk("IHDR", header)
        }
        #expect(code(file(1 << 30, 1)) == .tooLarge)
        #expect(code(file(20_000, 20_000)) == .tooLarge)
        #expect(code(file(9_000, 9_000)) == .tooLarge)
        #expect(code(file(0, 9)) == .damaged)
    }

    @Test("with bytes changed, cut and repeated are errors or pictures, never a crash")
    func hostile() {
        var random = SeededGenerator("png hostile")
        for _ in 0..<TestRun.times(3_000, usually: 800) {
            var sample = SamplePNG.random(&random, SamplePNG.kinds[random.below(SamplePNG.kinds.count)])
            if sample.colour == 3 { sample.extra = [("PLTE", [1, 2, 3, 4, 5, 6])] }
            var file = sample.file(&random)
            file.damage(&random)
            if random.below(2) == 0 { file.mendChecksums() }
            _ = code(file)
        }
    }

    private func code(_ file: [UInt8]) -> PictureError.Code? {
        do throws(PictureError) {
            _ = try PNGReader(FileBytes(file)).picture()
            return nil
        } catch { return error.code }
    }
}

extension [UInt8] {
    /// Flips, cuts or repeats some bytes.
    mutating func damage(_ random: inout SeededGenerator) {
        for _ in 0...random.below(4) where !isEmpty {
            let place = random.below(count)
            switch random.below(4) {
            case 0: removeLast(random.below(count))
            case 1: insert(contentsOf: self[place..<Swift.min(count, place + 1 + random.below(40))], at: place)
            default: self[place] ^= UInt8(1 << random.below(8))
            }
        }
    }

    /// Makes the checksums of PNG's chunks right, so that damage comes further than to them.
    fileprivate mutating func mendChecksums() {
        var start = 8
        while count - start >= 12 {
            let length = self[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = start + 8 + length
            guard end + 4 <= count else { return }
            let checksum = Int(Compressed.checksum(Array(self[start + 4..<end])))
            replaceSubrange(end..<end + 4, with: SamplePNG.bigEndian(checksum))
            start = end + 4
        }
    }
}
