// JPEG files give the pixels that libjpeg gives, and damaged ones an error or as much as there is.

import Formats
import Glibc
import TestKit
import Testing

@Suite("JPEG pictures are decoded")
struct JPEGTests {
    /// Files of 43 × 30 pixels under fixtures/pictures, and the Adler-32 of their pixels, red, green and blue, as
    /// libjpeg-turbo 3 decodes them.
    static let files: [(name: String, checksum: UInt32)] = [
        ("444", 4_234_603_985),
        ("422", 4_049_333_422),
        ("420", 1_426_976_027),
        ("progressive", 1_426_976_027),
        ("restarts", 1_426_976_027),
        ("progressive-restarts", 1_426_976_027),
        ("rgb", 3_260_148_433),
        ("grey", 3_078_674_856),
        ("cmyk", 2_975_153_473),
        ("progressive-grey", 3_078_674_856),
        ("440", 4_041_601_088),
        ("411", 1_021_571_076),
        ("mixed", 1_001_451_081),
        ("separate", 1_426_976_027),
    ]

    static let names = files.map(\.name)

    static func file(_ name: String) throws -> FileBytes { FileBytes(try bytes(name)) }

    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        let file = try #require(fopen("\(folder)/fixtures/pictures/\(name).jpg", "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    private func checksum(_ picture: Picture) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for (index, byte) in picture.pixels.enumerated() where index % 4 != 3 {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }

    @Test(
        "to the same samples as libjpeg: sequential and progressive, any sampling, restarts, grey, RGB, CMYK",
        arguments: files)
    func exact(name: String, expected: UInt32) throws {
        let decoded = try JPEG.decode(Self.file(name))
        #expect(decoded.isComplete)
        #expect(decoded.picture.width == 43 && decoded.picture.height == 30)
        #expect(checksum(decoded.picture) == expected)
    }

    @Test(
        "reduced: to the mean of the pixels that each stands for, nearly", arguments: names,
        [JPEG.Scale.half, .quarter, .eighth])
    func reduced(name: String, scale: JPEG.Scale) throws {
        let full = try JPEG.decode(Self.file(name)).picture
        let small = try JPEG.decode(Self.file(name), scale: scale)
        let step = 8 / scale.rawValue
        #expect(small.isComplete)
        #expect(small.picture.width == (43 + step - 1) / step && small.picture.height == (30 + step - 1) / step)
        var (error, count) = (0, 0)
        for row in 0..<30 / step {
            for column in 0..<43 / step {
                for channel in 0..<3 {
                    var sum = 0
                    for y in row * step..<(row + 1) * step {
                        for x in column * step..<(column + 1) * step {
                            sum += Int(full.pixels[4 * (y * 43 + x) + channel])
                        }
                    }
                    let place = 4 * (row * small.picture.width + column) + channel
                    error += abs(Int(small.picture.pixels[place]) - sum / (step * step))
                    count += 1
                }
            }
        }
        #expect(error <= 6 * count, "\(Double(error) / Double(count)) levels")
    }

    @Test("as far as they go, if their end is missing", arguments: names)
    func truncated(name: String) throws {
        let bytes = try Self.bytes(name)
        let whole = try JPEG.decode(FileBytes(bytes)).picture
        var pictureCount = 0
        // Some lengths by chance in the usual run, with those about both ends; each of them in the long one.
        let lengths = Array(3..<bytes.count - 2)
        let some = TestRun.some(lengths.count / 8, of: lengths, Chance("JPEG cut off"))
        let ends = [0, 1, 2, bytes.count - 2, bytes.count - 1]
        for count in some + ends {
            do {
                let decoded = try JPEG.decode(FileBytes(Array(bytes.prefix(count))))
                #expect(!decoded.isComplete && decoded.picture.width == 43)
                pictureCount += 1
                if count == bytes.count - 2 { #expect(decoded.picture == whole) }
            } catch {
                #expect(error.code == (count < 2 ? .unsupported : error.code == .damaged ? .damaged : .truncated))
            }
        }
        #expect(pictureCount > some.count / 8)
    }

    @Test("or refused, whatever bytes are flipped, cut out or repeated")
    func hostile() throws {
        var random = SeededGenerator("jpeg")
        var (pictures, errors) = (0, 0)
        for name in Self.names {
            let file = try Self.bytes(name)
            for _ in 0..<TestRun.times(100, usually: 40) {
                var bytes = file
                for _ in 0..<1 + random.below(4) {
                    let start = random.below(bytes.count)
                    let end = min(bytes.count, start + random.below(40))
                    switch random.below(4) {
                    case 0: bytes[start] ^= 1 << UInt8(random.below(8))
                    case 1: bytes[start] = UInt8.random(in: 0...255, using: &random)
                    case 2 where bytes.count > end - start: bytes.removeSubrange(start..<end)
                    default: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count))
                    }
                }
                let scale = JPEG.Scale.allCases[random.below(4)]
                do {
                    let picture = try JPEG.decode(FileBytes(bytes), scale: scale).picture
                    #expect(picture.pixels.count == 4 * picture.width * picture.height, "seed \(random.seed)")
                    #expect(picture.width * picture.height <= 512 * bytes.count, "seed \(random.seed)")
                    pictures += 1
                } catch { errors += 1 }
            }
        }
        #expect(pictures > 40 && errors > 40)
    }

    @Test("unless they are of a kind that is not read, too large, or shorter than their size needs")
    func refused() throws {
        var bytes = try Self.bytes("444")
        let header = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        func code() -> PictureError.Code? {
            do {
                _ = try JPEG.decode(FileBytes(bytes))
                return nil
            } catch { return error.code }
        }
        #expect(code() == nil)
        bytes[header + 5] = 0xFF
        bytes[header + 6] = 0xFF
        #expect(code() == .truncated)
        bytes[header + 7] = 0xFF
        #expect(code() == .tooLarge)
        bytes[header + 5] = 0
        bytes[header + 6] = 0
        #expect(code() == .unsupported)
        bytes[header + 1] = 0xC9
        #expect(code() == .unsupported)
        bytes = Array("GIF89a".utf8)
        #expect(code() == .unsupported)
    }

    @Test("at the smallest scale that still has the pixels")
    func scales() {
        func least(_ width: Int, _ height: Int) -> JPEG.Scale { .least(of: (width, height), for: (100, 90)) }
        #expect(least(800, 1600) == .eighth)
        #expect(least(799, 1600) == .quarter)
        #expect(least(1600, 719) == .quarter)
        #expect(least(200, 1600) == .half)
        #expect(least(100, 90) == .full)
    }
}
