// The first frame of a GIF picture is decoded where it lies, and frames are counted.

import Formats
import TestKit
import Testing

@Suite("GIF pictures")
struct GIFTests {
    private static let palette: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    private static let screen: [UInt8] = Array("GIF89a".utf8) + [4, 0, 3, 0, 0x81, 0, 0]

    /// A frame without compression: every index is a code of its own, and tables are cleared before codes grow.
    private func frame(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ indices: [Int], flags: UInt8 = 0) -> [UInt8] {
        var bits: [Int] = []
        func add(_ code: Int) { bits += (0..<3).map { code >> $0 & 1 } }
        for (place, index) in indices.enumerated() {
            if place % 2 == 0 { add(4) }
            add(index)
        }
        add(5)
        while bits.count % 8 != 0 { bits.append(0) }
        let data = stride(from: 0, to: bits.count, by: 8).map { start in
            UInt8((0..<8).reduce(0) { $0 | bits[start + $1] << $1 })
        }
        let head = [0x2C, x, 0, y, 0, width, 0, height, 0].map { UInt8($0) } + [flags, 2]
        return head + data.flatMap { [1, $0] } + [0]
    }

    private func indices(_ picture: Picture) -> [Int] {
        (0..<picture.width * picture.height).map { pixel in
            if picture.pixels[4 * pixel + 3] == 0 { return -1 }
            return stride(from: 0, to: 12, by: 3).first { start in
                Self.palette[start..<start + 3] == picture.pixels[4 * pixel..<4 * pixel + 3]
            }.map { $0 / 3 } ?? -2
        }
    }

    @Test("lie in their screen, with what is transparent left out")
    func transparency() throws {
        let control: [UInt8] = [0x21, 0xF9, 4, 1, 0, 0, 2, 0]
        let comment: [UInt8] = [0x21, 0xFE, 2, 65, 66, 0]
        let file = Self.screen + Self.palette + comment + control + frame(1, 1, 2, 2, [0, 1, 2, 3]) + [0x3B]
        let reader = try GIFReader(FileBytes(file))
        #expect(indices(try reader.picture()) == [-1, -1, -1, -1, -1, 0, 1, -1, -1, -1, 3, -1])
        #expect(reader.frameCount == 1)
    }

    @Test("are decoded from interlaced rows, and their frames are counted")
    func interlace() throws {
        let rows = [0, 2, 1, 3].flatMap { [$0, $0] }
        let first = frame(0, 0, 2, 4, rows, flags: 0x40)
        let file = Self.screen + Self.palette + first + frame(0, 0, 1, 1, [0]) + frame(0, 0, 1, 1, [0])
        let reader = try GIFReader(FileBytes(file))
        #expect(reader.frameCount == 3)
        #expect((reader.width, reader.height) == (4, 4))
        // Rows come in the order 0, 2, 1, 3.
        let expected = [0, 1, 2, 3].flatMap { [$0, $0, -1, -1] }
        #expect(indices(try reader.picture()) == expected)
    }

    @Test("repeat themselves through codes that grow with the table")
    func compressed() throws {
        // Codes of 3 bits: clear, 1, then 6 (1 1), 7 (1 1 1); then of 4 bits: 8 (four of them), 1 and the end.
        let codes = [(4, 3), (1, 3), (6, 3), (7, 3), (8, 4), (1, 4), (5, 4)]
        var (bits, count) = (0, 0)
        for (code, size) in codes { (bits, count) = (bits | code << count, count + size) }
        let data = (0..<(count + 7) / 8).map { UInt8(bits >> (8 * $0) & 255) }
        let image: [UInt8] = [0x2C, 0, 0, 0, 0, 11, 0, 1, 0, 0, 2, UInt8(data.count)] + data + [0, 0x3B]
        let picture = try GIFReader(FileBytes(Self.screen + Self.palette + image)).picture()
        #expect(indices(picture).prefix(11).allSatisfy { $0 == 1 })
    }

    @Test("that are damaged say how")
    func damage() {
        func code(_ file: [UInt8]) -> PictureError.Code? {
            do throws(PictureError) {
                _ = try GIFReader(FileBytes(file)).picture()
                return nil
            } catch { return error.code }
        }
        let whole = Self.screen + Self.palette + frame(0, 0, 2, 2, [0, 1, 2, 3]) + [0x3B]
        #expect(code(whole) == nil)
        #expect(code(Array("GIF90a".utf8)) == .unsupported)
        #expect(code(Array(whole.dropLast(3))) == .truncated)
        #expect(code(Self.screen + Self.palette + frame(0, 0, 2, 2, [0, 1]) + [0x3B]) == .truncated)
        #expect(code(Self.screen + Self.palette + [0x3B]) == .damaged)
        #expect(code(Self.screen + Self.palette + [0x77]) == .damaged)
        #expect(code(Self.screen + Self.palette + frame(0, 0, 2, 2, [0, 7]) + [0x3B]) == .damaged)
        var huge = whole
        for place in [6, 7, 8, 9] { huge[place] = 255 }
        #expect(code(huge) == .tooLarge)
        var random = SeededGenerator("gif hostile")
        for _ in 0..<TestRun.times(20_000, usually: 6_000) {
            var file = whole
            file.damage(&random)
            // Screens of many million pixels are tried above.
            if file.count > 9 { (file[7], file[9]) = (0, 0) }
            _ = code(file)
        }
    }
}
