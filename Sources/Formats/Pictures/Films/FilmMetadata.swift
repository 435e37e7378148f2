// What MP4 and QuickTime files say about themselves, from the boxes of `moov` (ISO/IEC 14496-12, QuickTime File
// Format).

/// Reads the metadata of MP4 and QuickTime files.
enum FilmMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        guard let movie = try file.box("moov") else { throw PictureError(.damaged, "the film has no box \"moov\"") }
        metadata.frames = nil
        var scale = 0
        var boxes = Boxes(movie)
        while let box = try boxes.next() {
            switch box.name {
            case "mvhd":
                scale = try times(box.data).scale
                try header(box.data, &metadata)
            case "mvex":
                // The length of a film in fragments, which the header counts as nothing.
                if metadata.durationMilliseconds == nil, let extent = try box.data.box("mehd") {
                    let duration = try extent.big(4, try extent.byte(0) == 1 ? 8 : 4)
                    metadata.durationMilliseconds = milliseconds(duration, scale)
                }
            case "trak": try track(box.data, &metadata)
            case "udta": userData(box.data, &metadata)
            case "meta": QuickTimeKeys.read(box.data, into: &metadata)
            default: break
            }
        }
    }

    /// The fields of a header of a film, a track or its media that say a time, with the width of each.
    static func times(_ header: FilePart) throws(PictureError) -> (width: Int, scale: Int) {
        let width = try header.byte(0) == 1 ? 8 : 4
        return (width, try header.big(4 + 2 * width, 4))
    }

    private static func header(_ header: FilePart, _ metadata: inout MediaMetadata) throws(PictureError) {
        let (width, scale) = try times(header)
        // A length of nothing or of all ones is one that is not known.
        if let duration = try? header.big(8 + 2 * width, width), duration > 0, duration != 0xFFFF_FFFF {
            metadata.durationMilliseconds = milliseconds(duration, scale)
        }
        // Seconds since 1904; programs without a clock write 0 or the beginning of 1970.
        let epoch = 2_082_844_800
        if let seconds = try? header.big(4, width), seconds > epoch, seconds < 1 << 36 {
            metadata.date = RFC3339.format(Int64(seconds - epoch) * 1_000).prefix(19) + "Z"
        }
    }

    private static func milliseconds(_ duration: Int, _ scale: Int) -> Int? {
        scale == 0 ? nil : Int(exactly: (Double(duration) * 1_000 / Double(scale)).rounded())
    }

    private static func track(_ track: FilePart, _ metadata: inout MediaMetadata) throws(PictureError) {
        guard let media = try track.box("mdia"), let handler = try media.box("hdlr")?.code(8) else { return }
        let samples = try media.box("minf", "stbl")
        let entry = try samples?.box("stsd")
        // Eight bytes of the table and the size of the entry stand before its name.
        let codec = entry.flatMap { try? $0.code(12) }
        try metadata.add(
            MediaMetadata.Track(kind: MediaMetadata.Track.Kind(handler: handler), codec: codec?.text ?? ""))
        guard handler == "vide", metadata.width == 0, let header = try track.box("tkhd") else { return }
        let matrix = try header.byte(0) == 1 ? 52 : 40
        metadata.width = try header.big(matrix + 36, 4) >> 16
        metadata.height = try header.big(matrix + 40, 4) >> 16
        if let entry, entry.count >= 44, case let width = try entry.big(40, 2), width > 0 {
            metadata.width = width
            metadata.height = try entry.big(42, 2)
        }
        metadata.orientation = try orientation(header, matrix)
        if let sizes = try samples?.box("stsz"), case let count = try sizes.big(8, 4), count > 0 {
            metadata.frames = count
        }
    }

    /// The orientation that a matrix without scaling stands for.
    private static func orientation(_ header: FilePart, _ matrix: Int) throws(PictureError) -> Int {
        // Where the axis of rows and that of columns go; the last number of each row of three is no part of it.
        var signs: [Int] = []
        for offset in [0, 4, 12, 16] {
            let value = try header.big(matrix + offset, 4)
            signs.append(value == 0 ? 0 : value >> 31 == 0 ? 1 : -1)
        }
        return switch signs {
        case [-1, 0, 0, 1]: 2
        case [-1, 0, 0, -1]: 3
        case [1, 0, 0, -1]: 4
        case [0, 1, 1, 0]: 5
        case [0, 1, -1, 0]: 6
        case [0, -1, -1, 0]: 7
        case [0, -1, 1, 0]: 8
        default: 1
        }
    }

    /// The place as telephones write it (3GPP TS 26.244): a name, a role, longitude and latitude.
    private static func place(_ data: FilePart) -> MediaMetadata.Location? {
        // A version and a language stand before the name, which ends with NUL.
        guard let name = try? data.part(from: 6), let end = name.bytes.firstIndex(of: 0),
            let numbers = try? name.part(from: end + 2 - name.range.lowerBound), let east = try? numbers.big(0, 4),
            let north = try? numbers.big(4, 4)
        else { return nil }
        func degrees(_ value: Int) -> Double { Double(Int32(truncatingIfNeeded: value)) / 65_536 }
        return MediaMetadata.Location(latitude: degrees(north), longitude: degrees(east)).valid
    }

    /// QuickTime's texts, of which Android writes the place.
    private static func userData(_ data: FilePart, _ metadata: inout MediaMetadata) {
        var texts: [FourCC: String] = [:]
        var boxes = Boxes(data)
        while let box = try? boxes.next() {
            if box.name == "meta" { QuickTimeKeys.read(box.data, into: &metadata) }
            if box.name == "loci" { metadata.location = place(box.data) ?? metadata.location }
            guard ["©xyz", "©mak", "©mod"].contains(box.name), let length = try? box.data.big(0, 2),
                let text = try? box.data.part(4, length)
            else { continue }
            texts[box.name] = MediaText.text(text.bytes)
        }
        metadata.location = texts["©xyz"].flatMap(MediaMetadata.Location.init) ?? metadata.location
        metadata.camera = Exif.camera(texts["©mak"], texts["©mod"]) ?? metadata.camera
    }
}

/// The named values of QuickTime films, which Apple's devices write.
private enum QuickTimeKeys {
    /// The most values that are looked at.
    private static let keyLimit = 256

    static func read(_ data: FilePart, into metadata: inout MediaMetadata) {
        guard let data = try? data.behindVersion(), let keys = try? data.box("keys"), let list = try? data.box("ilst")
        else { return }
        var texts: [String: String] = [:]
        var values = Boxes(list)
        var count = 0
        while count < keyLimit, let box = try? values.next() {
            count += 1
            // The name of a value is the number of its key; its text follows a type and a language.
            guard let key = name(keys, Int(box.name.value)), let data = try? box.data.box("data"),
                let text = try? data.part(from: 8)
            else { continue }
            texts[key] = MediaText.text(text.bytes)
        }
        func text(_ key: String) -> String? { texts["com.apple.quicktime." + key] }
        metadata.location = text("location.ISO6709").flatMap(MediaMetadata.Location.init) ?? metadata.location
        metadata.camera = Exif.camera(text("make"), text("model")) ?? metadata.camera
        metadata.date = text("creationdate") ?? metadata.date
    }

    /// The name of a key, counted from 1.
    private static func name(_ keys: FilePart, _ number: Int) -> String? {
        guard (1...keyLimit).contains(number) else { return nil }
        var entries = try? Boxes(keys.part(from: 8))
        var entry: Boxes.Box?
        for _ in 0..<number { entry = try? entries?.next() }
        return entry.map { String(decoding: $0.data.bytes.prefix(256), as: UTF8.self) }
    }
}

extension MediaMetadata.Location {
    /// A place such as `+48.2082+016.3738/` (ISO 6709, in degrees with a fraction).
    init?(_ text: String) {
        var numbers: [String] = []
        for character in text.prefix(64) {
            switch character {
            case "+", "-": numbers.append(String(character))
            case "0"..."9", ".":
                guard !numbers.isEmpty else { return nil }
                numbers[numbers.count - 1].append(character)
            case "/": break
            default: return nil
            }
        }
        guard numbers.count >= 2, let latitude = Double(numbers[0]), let longitude = Double(numbers[1]),
            let valid = Self(latitude: latitude, longitude: longitude).valid
        else { return nil }
        self = valid
    }

    /// The place if it is one of the earth.
    fileprivate var valid: Self? { abs(latitude) <= 90 && abs(longitude) <= 180 ? self : nil }
}

extension MediaMetadata.Track.Kind {
    /// What the tracks of a handler hold.
    init(handler: FourCC) {
        self =
            switch handler {
            case "vide": .video
            case "soun": .audio
            case "text", "sbtl", "subt", "clcp": .text
            default: .other
            }
    }
}
