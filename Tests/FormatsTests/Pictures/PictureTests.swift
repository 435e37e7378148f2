// Pictures are made smaller in linear light, turned, and told in few bytes.

import Formats
import Testing

@Suite("Pictures")
struct PictureTests {
    private func picture(_ width: Int, _ height: Int, _ pixels: [[UInt8]]) -> Picture {
        Picture(width: width, height: height, pixels: pixels.flatMap(\.self))
    }
    private let black: [UInt8] = [0, 0, 0, 255]
    private let white: [UInt8] = [255, 255, 255, 255]
    private let red: [UInt8] = [255, 0, 0, 255]
    private let clear: [UInt8] = [0, 255, 0, 0]

    @Test("are averaged in linear light, weighed by what is seen")
    func light() {
        let board = picture(2, 2, [black, white, white, black])
        #expect(board.scaled(width: 1, height: 1).pixels == [188, 188, 188, 255])
        #expect(board.averageColour.hex == "#bcbcbc")
        #expect(picture(2, 1, [red, clear]).scaled(width: 1, height: 1).pixels == [255, 0, 0, 128])
        #expect(picture(1, 1, [clear]).averageColour.hex == "#000000")
        // With gamma 1 the samples are the light itself.
        let linear = PictureTransfer(encodingGamma: 100_000)
        let half = picture(1, 1, [[128, 128, 128, 255]])
        #expect(half.scaled(width: 1, height: 1, from: linear).pixels == [188, 188, 188, 255])
        #expect(PictureTransfer(encodingGamma: 45_455) == .sRGB)
    }

    @Test("keep a uniform colour at any size, and borders that fall between pixels count in part")
    func areas() {
        var random = SeededGenerator("areas")
        for _ in 0..<200 {
            let colour = (0..<3).map { _ in UInt8(random.below(256)) } + [255]
            let (width, height) = (1 + random.below(50), 1 + random.below(50))
            let uniform = picture(width, height, Array(repeating: colour, count: width * height))
            let small = uniform.scaled(width: 1 + random.below(60), height: 1 + random.below(60))
            #expect(small.width <= width && small.height <= height)
            #expect(
                small.pixels == Array(repeating: colour, count: small.width * small.height).flatMap(\.self),
                "seed \(random.seed)")
        }
        // Three pixels become two: the middle one counts half in each.
        let three = picture(3, 1, [white, black, black]).scaled(width: 2, height: 1, from: .sRGB)
        #expect(three.pixels == [213, 213, 213, 255, 0, 0, 0, 255])
    }

    @Test("fit into a frame with their proportions, and never grow")
    func fitting() {
        func size(_ width: Int, _ height: Int) -> [Int] {
            let size = Picture.fittedSize(of: (width, height), within: (100, 50))
            return [size.width, size.height]
        }
        #expect(size(400, 100) == [100, 25])
        #expect(size(100, 400) == [13, 50])
        #expect(size(10_000, 3) == [100, 1])
        #expect(size(30, 20) == [30, 20])
    }

    @Test("are turned as each orientation of Exif says")
    func orientation() {
        // The letters of a picture that reads "ab" above "cd" above "ef" when it is looked at rightly.
        let stored = [
            1: "ab cd ef", 2: "ba dc fe", 3: "fe dc ba", 4: "ef cd ab", 5: "ace bdf", 6: "bdf ace", 7: "fdb eca",
            8: "eca fdb",
        ]
        for (orientation, text) in stored.sorted(by: { $0.key < $1.key }) {
            let rows = text.split(separator: " ").map { Array($0.utf8) }
            let picture = picture(rows[0].count, rows.count, rows.flatMap { $0.map { [$0, 0, 0, 255] } })
            let turned = picture.oriented(orientation)
            let letters = stride(from: 0, to: 24, by: 4).map { turned.pixels[$0] }
            #expect(String(decoding: letters, as: UTF8.self) == "abcdef", "orientation \(orientation)")
            #expect((turned.width, turned.height) == (2, 3), "orientation \(orientation)")
        }
        let one = picture(1, 1, [red])
        #expect(one.oriented(0) == one && one.oriented(9) == one)
    }

    @Test("become half blocks, the last of an odd height and transparent ones without colour")
    func halfBlocks() {
        let blocks = picture(2, 3, [red, clear, white, black, red, red]).halfBlocks(columns: 10, rows: 10)
        let hex = blocks.rows.map { $0.map { "\($0.upper?.hex ?? "-") \($0.lower?.hex ?? "-")" } }
        #expect(hex == [["#ff0000 #ffffff", "- #000000"], ["#ff0000 -", "#ff0000 -"]])
        #expect(picture(2, 3, []).halfBlocks(columns: 1, rows: 1).columns == 1)
    }

    @Test("blur into 32 letters that give back their colours")
    func placeholder() throws {
        let size = 40
        let pixels = (0..<size * size).map { index -> [UInt8] in
            let (x, y) = (index % size, index / size)
            return [UInt8(x * 6), UInt8(y * 6), UInt8(200 - 2 * x), 255]
        }
        let picture = picture(size, size, pixels)
        let text = BlurPlaceholder(picture).text
        #expect(text.count == 32)
        let again = try #require(BlurPlaceholder(text))
        #expect(again.text == text)
        let blurred = again.picture(width: size, height: size)
        let distances = zip(blurred.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }
        #expect(distances.reduce(0, +) / distances.count <= 8)
        #expect(BlurPlaceholder("abc") == nil)
        #expect(BlurPlaceholder(text + "AAAA") == nil)
        #expect(BlurPlaceholder(String(text.dropLast()) + "!") == nil)
        let grey = BlurPlaceholder(Picture(width: 1, height: 1, pixels: [90, 90, 90, 255]))
        #expect(grey.picture(width: 1, height: 1).pixels == [90, 90, 90, 255])
        _ = BlurPlaceholder(Picture(width: 3, height: 1))
    }
}
