// Hashes of pictures stay near through mild edits, and far between pictures.

import Formats
import Testing

@Suite("Pictures are told apart by what they look like")
struct PictureHashTests {
    /// Soft spots of random colours, places and sizes.
    private func scene(_ random: inout SeededGenerator, width: Int, height: Int) -> Picture {
        let spots = (0..<24).map { _ in
            (
                x: Double(random.below(1000)) / 1000, y: Double(random.below(1000)) / 1000,
                size: 0.02 + Double(random.below(1000)) / 8000, colour: (0..<3).map { _ in Double(random.below(256)) }
            )
        }
        return picture(width, height) { x, y in
            var (colour, total) = ([60.0, 60, 60], 0.5)
            for spot in spots {
                let (dx, dy) = (x - spot.x, y - spot.y)
                let weight = max(0, 1 - (dx * dx + dy * dy) / (spot.size * spot.size)) * 8
                for channel in 0..<3 { colour[channel] += weight * spot.colour[channel] }
                total += weight
            }
            return colour.map { min(255, $0 / (total + 0.5)) }
        }
    }

    private func picture(_ width: Int, _ height: Int, _ colour: (Double, Double) -> [Double]) -> Picture {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                let values = colour((Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height))
                pixels += values.map { UInt8($0) } + [255]
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private func edited(_ picture: Picture, _ change: (Double, Double, Double) -> [Double]) -> Picture {
        var edited = picture
        for place in stride(from: 0, to: picture.pixels.count, by: 4) {
            let values = change(
                Double(picture.pixels[place]), Double(picture.pixels[place + 1]), Double(picture.pixels[place + 2]))
            for channel in 0..<3 { edited.pixels[place + channel] = UInt8(max(0, min(255, values[channel]))) }
        }
        return edited
    }

    @Test("grey, brighter, coarser and at other sizes they are the same; others are far")
    func edits() throws {
        var random = SeededGenerator("picture hash")
        var others: [PictureHash] = []
        for _ in 0..<6 {
            let seen = random
            let original = scene(&random, width: 96, height: 80)
            var again = seen
            let larger = scene(&again, width: 150, height: 121)
            let hash = try #require(PictureHash(of: original))
            let edits = [
                larger, edited(original) { [0.299 * $0 + 0.587 * $1 + 0.114 * $2].flatMap { [$0, $0, $0] } },
                edited(original) { [1.1 * $0, 1.1 * $1, 1.1 * $2] },
                edited(original) { [$0, $1, $2].map { ($0 / 8).rounded(.down) * 8 + 4 } },
            ]
            for (index, edit) in edits.enumerated() {
                let distance = hash.distance(to: try #require(PictureHash(of: edit)))
                #expect(distance <= PictureHash.nearDistance, "edit \(index), seed \(random.seed)")
            }
            for other in others { #expect(hash.distance(to: other) > 60, "seed \(random.seed)") }
            others.append(hash)
        }
    }

    @Test("turned and mirrored they have one of the eight variants")
    func variants() throws {
        var random = SeededGenerator("picture variants")
        let original = scene(&random, width: 90, height: 70)
        let variants = try #require(PictureSpectrum(original)).variants
        #expect(variants.count == 8 && variants.first == PictureHash(of: original))
        for (index, variant) in variants.enumerated() {
            let isTransposed = index & 4 != 0
            let (width, height) = isTransposed ? (70, 90) : (90, 70)
            var turned = Picture(width: width, height: height)
            for row in 0..<height {
                for column in 0..<width {
                    let x = index & 1 != 0 ? width - 1 - column : column
                    let y = index & 2 != 0 ? height - 1 - row : row
                    let from = 4 * (isTransposed ? x * 90 + y : y * 90 + x)
                    for channel in 0..<4 {
                        turned.pixels[4 * (row * width + column) + channel] = original.pixels[from + channel]
                    }
                }
            }
            // Sums in another order round otherwise, so values beside the median may change sides.
            let distance = try #require(PictureHash(of: turned)).distance(to: variant)
            #expect(distance <= 4, "variant \(index), seed \(random.seed)")
            if index > 0 { #expect(variants[0].distance(to: variant) > 60, "seed \(random.seed)") }
        }
    }

    @Test("flat and tiny pictures have no hash, and transparent ones are seen on white")
    func flat() {
        #expect(PictureHash(of: picture(64, 64) { _, _ in [90, 90, 90] }) == nil)
        #expect(PictureHash(of: picture(1, 1) { _, _ in [200, 0, 0] }) == nil)
        #expect(PictureHash(of: Picture(width: 0, height: 0)) == nil)
        #expect(PictureHash(of: Picture(width: 80, height: 80)) == nil)
        var chequered = picture(64, 64) { x, y in [Double(Int(x * 8) % 2 == Int(y * 5) % 2 ? 255 : 0), 0, 0] }
        #expect(PictureHash(of: chequered) != nil)
        for place in stride(from: 3, to: chequered.pixels.count, by: 4) { chequered.pixels[place] = 0 }
        #expect(PictureHash(of: chequered) == nil)
    }

    @Test("their text form is read back")
    func text() {
        var random = SeededGenerator("picture hash text")
        for _ in 0..<100 {
            let hash = PictureHash(words: SIMD4(random.next() >> 60, random.next(), random.next(), random.next()))
            #expect(hash.description.utf8.count == 64 && PictureHash(hash.description) == hash)
        }
        for text in ["", "0", String(repeating: "g", count: 64), "+" + String(repeating: "0", count: 63)] {
            #expect(PictureHash(text) == nil)
        }
    }
}
