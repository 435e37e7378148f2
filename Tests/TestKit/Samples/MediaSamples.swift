// Small files of each kind, with everything in them that is nobody's business. Their pictures are not decoded here, so
// they need none that make sense.

/// Files that are put together byte by byte.
package enum MediaSamples {
    /// What must not be left anywhere.
    package static let secret = "a secret"
    /// What must stay as it is: it stands where pixels are.
    package static let pixels: [UInt8] = Array("these are pixels".utf8)

    /// Exif data with an orientation of 6, a date, a camera and a place, in either byte order.
    package static func exif(isBig: Bool = true) -> [UInt8] {
        var tiff = Fields(isBig)
        tiff.bytes += Array((isBig ? "MM" : "II").utf8)
        tiff.add(42, 2)
        tiff.add(8, 4)
        // Each directory is followed by what does not fit into its entries.
        tiff.add(5, 2)
        tiff.entry(0x010F, 2, 6, 74)
        tiff.entry(0x0110, 2, 9, 80)
        tiff.entry(0x0112, 3, 1, 6)
        tiff.entry(0x8769, 4, 1, 90)
        tiff.entry(0x8825, 4, 1, 128)
        tiff.add(0, 4)
        tiff.bytes += Array("Canon\0Canon X1\0\0".utf8)
        tiff.add(1, 2)
        tiff.entry(0x9003, 2, 20, 108)
        tiff.add(0, 4)
        tiff.bytes += Array("2024:05:06 07:08:09\0".utf8)
        tiff.add(4, 2)
        tiff.entry(1, 2, 2, isBig ? 0x4E00_0000 : 0x4E)
        tiff.entry(2, 5, 3, 182)
        tiff.entry(3, 2, 2, isBig ? 0x5700_0000 : 0x57)
        tiff.entry(4, 5, 3, 206)
        tiff.add(0, 4)
        for value in [48, 1, 12, 1, 36, 1, 16, 1, 30, 1, 0, 0] { tiff.add(value, 4) }
        return tiff.bytes + Array(secret.utf8)
    }

    /// A JPEG picture.
    package static let jpeg: [UInt8] = {
        let head = segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9])
        let told =
            segment(0xE1, Array("Exif\0\0".utf8) + exif()) + segment(0xFE, Array(secret.utf8))
            + segment(0xE2, Array("MPF\0\(secret)".utf8)) + segment(0xED, Array("Photoshop 3.0\0\(secret)".utf8))
        let kept =
            segment(0xE2, Array("ICC_PROFILE\0profile".utf8))
            + segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 1])
            + segment(0xC0, [8, 0, 2, 0, 3, 3, 1, 17, 0, 2, 17, 0, 3, 17, 0]) + segment(0xDA, [1, 1, 0, 0, 63, 0])
            + pixels + [0xFF, 0, 0xFF, 0xD0] + pixels
        return [0xFF, 0xD8] + head + told + kept + [0xFF, 0xD9] + Array(secret.utf8)
    }()

    /// A PNG picture, animated, whose checksums are wrong.
    package static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", [0, 0, 0, 3, 0, 0, 0, 2, 8, 6, 0, 0, 0])
        + chunk("gAMA", [0, 0, 0xB1, 0x8F]) + chunk("tEXt", Array("Comment\0\(secret)".utf8)) + chunk("eXIf", exif())
        + chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])
        + chunk("fcTL", [UInt8](repeating: 0, count: 20) + [0, 1, 0, 4, 0, 0]) + chunk("IDAT", pixels)
        + chunk("tIME", [7, 232, 1, 1, 1, 1, 1])
        + chunk("fcTL", [UInt8](repeating: 0, count: 20) + [0, 50, 0, 0, 0, 0])
        + chunk("fdAT", [0, 0, 0, 2] + pixels) + chunk("IEND", []) + Array(secret.utf8)

    /// An animated GIF picture.
    package static let gif: [UInt8] = {
        let control: [UInt8] = [0x21, 0xF9, 4, 0, 10, 0, 0, 0]
        let picture: [UInt8] =
            [0x2C, 0, 0, 0, 0, 3, 0, 2, 0, 0x80, 1, 2, 3, 4, 5, 6, 2] + block(pixels) + [0]
        return Array("GIF89a".utf8) + [3, 0, 2, 0, 0x80, 0, 0, 9, 9, 9, 8, 8, 8] + [0x21, 0xFF]
            + block(Array("NETSCAPE2.0".utf8)) + [3, 1, 0, 0, 0, 0x21, 0xFE] + block(Array(secret.utf8)) + [0]
            + [0x21, 0xFF] + block(Array("XMP DataXMP".utf8)) + block(Array(secret.utf8)) + [0] + control + picture
            + control + [0x21, 1] + block([UInt8](repeating: 0, count: 12)) + block(Array(secret.utf8)) + [0] + control
            + picture + [0x3B] + Array(secret.utf8)
    }()

    /// A WebP picture.
    package static let webp: [UInt8] = {
        let content =
            riff("VP8X", [0x1C, 0, 0, 0, 2, 0, 0, 1, 0, 0]) + riff("ICCP", Array("profile".utf8))
            + riff("VP8L", [0x2F, 2, 0x40, 0, 0x10] + pixels) + riff("EXIF", exif(isBig: false))
            + riff("XMP ", Array(secret.utf8))
        return riff("RIFF", Array("WEBP".utf8) + content) + Array(secret.utf8)
    }()

    /// A segment of a JPEG file.
    package static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xFF, marker] + number(body.count + 2, 2) + body
    }

    /// A chunk of a PNG file, with a wrong checksum.
    package static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        number(data.count, 4) + Array(name.utf8) + data + [1, 2, 3, 4]
    }

    /// A block of a GIF file.
    package static func block(_ data: [UInt8]) -> [UInt8] { [UInt8(data.count)] + data }

    /// A chunk of a RIFF file.
    package static func riff(_ name: String, _ data: [UInt8]) -> [UInt8] {
        Array(name.utf8) + number(data.count, 4).reversed() + data + (data.count % 2 == 1 ? [0] : [])
    }

    /// A number, most significant byte first.
    package static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private struct Fields {
        var bytes: [UInt8] = []
        let isBig: Bool

        init(_ isBig: Bool) { self.isBig = isBig }

        mutating func add(_ value: Int, _ width: Int) {
            bytes += isBig ? number(value, width) : number(value, width).reversed()
        }

        /// An entry; a short number stands at the beginning of its four bytes.
        mutating func entry(_ tag: Int, _ kind: Int, _ count: Int, _ value: Int) {
            add(tag, 2)
            add(kind, 2)
            add(count, 4)
            add(kind == 3 && isBig ? value << 16 : value, 4)
        }
    }
}
