// Small files made of boxes and of elements.

extension MediaSamples {
    /// A film that is turned by a quarter, with a place in three forms, and a second track that samples places.
    package static let film: [UInt8] = {
        let start = box("ftyp", Array("isom".utf8) + [0, 0, 2, 0] + Array("isomavc1".utf8))
        let data = box("mdat", pixels + Array(secret.utf8))
        let place = start.count + 8 + pixels.count
        let movie =
            box("mvhd", number(0, 4) + number(3_797_798_400, 4) + number(9, 4) + number(600, 4) + number(900, 4))
            + track("vide", "avc1", samples: [], at: 0) + track("meta", "mebx", samples: [3, 5], at: place)
            + box("udta", named([0xA9] + Array("xyz".utf8), Array("+48.2082-016.3738/".utf8)))
            + box("meta", keys("com.apple.quicktime.model", "Phone 1"))
        return start + data + box("moov", movie) + box("uuid", Array("0123456789abcdef\(secret)".utf8))
    }()

    /// A picture that is turned by a quarter, with Exif data and XMP.
    package static let heic: [UInt8] = {
        let start = box("ftyp", Array("heic".utf8) + [0, 0, 0, 0] + Array("mif1heic".utf8))
        let exif = number(0, 4) + MediaSamples.exif()
        let data = box("mdat", pixels + exif + Array(secret.utf8))
        let place = start.count + 8 + pixels.count
        let location =
            number(0, 4) + number(0x4400, 2) + number(2, 2) + number(2, 2) + number(0, 2) + number(1, 2)
            + number(place, 4) + number(exif.count, 4) + number(3, 2) + number(0, 2) + number(1, 2)
            + number(place + exif.count, 4) + number(secret.utf8.count, 4)
        let items = [(1, "hvc1"), (2, "Exif"), (3, "mime")].map { (id, kind) in
            box("infe", [2, 0, 0, 0] + number(id, 2) + number(0, 2) + Array(kind.utf8) + [0])
        }
        let properties =
            box(
                "ipco",
                box("ispe", number(0, 4) + number(3, 4) + number(2, 4)) + box("irot", [3])
                    + box("pixi", number(0, 4) + [3, 10, 10, 10]))
            + box("ipma", number(0, 4) + number(1, 4) + number(1, 2) + [3, 0x81, 0x82, 0x83])
        let meta =
            number(0, 4) + box("pitm", number(0, 4) + number(1, 2))
            + box("iinf", number(0, 4) + number(3, 2) + items.flatMap { $0 }) + box("iloc", location)
            + box("iprp", properties)
        return start + data + box("meta", meta) + box("mpvd", Array(secret.utf8))
    }()

    /// A film of elements.
    package static let webm: [UInt8] = {
        let video = element([0xE0], element([0xB0], number(3, 2)) + element([0xBA], number(2, 1)))
        let track = element([0xAE], element([0x83], [1]) + element([0x86], Array("V_VP9".utf8)) + video)
        let information =
            element([0xBF], [1, 2, 3, 4]) + element([0x2A, 0xD7, 0xB1], number(1_000_000, 3))
            + element([0x44, 0x89], number(Int(1_500.0.bitPattern), 8)) + element([0x7B, 0xA9], Array(secret.utf8))
            + element([0x44, 0x61], number(0, 8))
        // A cluster without a size, as cameras write them.
        let content =
            element([0x15, 0x49, 0xA9, 0x66], information) + element([0x16, 0x54, 0xAE, 0x6B], track)
            + [0x1F, 0x43, 0xB6, 0x75, 0xFF] + element([0xA3], pixels)
            + element([0x12, 0x54, 0xC3, 0x67], Array(secret.utf8))
        return element([0x1A, 0x45, 0xDF, 0xA3], element([0x42, 0x82], Array("webm".utf8)))
            + [0x18, 0x53, 0x80, 0x67, 0x01] + [UInt8](repeating: 0xFF, count: 7) + content
    }()

    /// A box with a name.
    package static func box(_ name: String, _ data: [UInt8]) -> [UInt8] { named(Array(name.utf8), data, isText: false) }

    /// A box with a name of any bytes; a text has its length and language before it.
    private static func named(_ name: [UInt8], _ data: [UInt8], isText: Bool = true) -> [UInt8] {
        let data = isText ? number(data.count, 2) + [0, 0] + data : data
        return number(data.count + 8, 4) + name + data
    }

    private static func track(_ handler: String, _ codec: String, samples: [Int], at place: Int) -> [UInt8] {
        let matrix = [0, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000].flatMap { number($0, 4) }
        let header =
            number(0, 4) + number(77, 4) + [UInt8](repeating: 0, count: 32) + matrix + number(3 << 16, 4)
            + number(2 << 16, 4)
        let entry = box(codec, [UInt8](repeating: 0, count: 8))
        let sizes = samples.flatMap { number($0, 4) }
        let tables =
            box("stsd", number(0, 4) + number(1, 4) + entry)
            + box("stsz", number(0, 4) + number(0, 4) + number(samples.count, 4) + sizes)
            + box("stsc", number(0, 4) + number(1, 4) + number(1, 4) + number(samples.count, 4) + number(1, 4))
            + box("stco", number(0, 4) + number(samples.isEmpty ? 0 : 1, 4) + number(place, 4))
        let media =
            box("mdhd", number(0, 4) + number(77, 4) + number(77, 4) + number(600, 4) + number(900, 4))
            + box("hdlr", number(0, 8) + Array(handler.utf8)) + box("minf", box("stbl", tables))
        return box("trak", box("tkhd", header) + box("mdia", media) + box("udta", Array(secret.utf8)))
    }

    private static func keys(_ key: String, _ value: String) -> [UInt8] {
        let text = box("data", number(1, 4) + number(0, 4) + Array(value.utf8))
        return box("hdlr", number(0, 8) + Array("mdta".utf8))
            + box("keys", number(0, 4) + number(1, 4) + box("mdta", Array(key.utf8)))
            + box("ilst", named(number(1, 4), text, isText: false))
    }

    private static func element(_ id: [UInt8], _ data: [UInt8]) -> [UInt8] {
        id + [0x40 | UInt8(data.count >> 8), UInt8(truncatingIfNeeded: data.count)] + data
    }
}
