// Exif data (CIPA DC-008): a little TIFF file inside a picture. Only two of its pointers are followed, each once, so
// no cycle and no depth can arise; what is damaged is passed over.

/// What is read from Exif data.
struct Exif {
    /// How the rows are to be shown, 1 to 8.
    private(set) var orientation = 1
    private var date: String?
    private var offset: String?
    private var make: String?
    private var model: String?
    private var location: MediaMetadata.Location?

    /// Reads what can be read of a TIFF file, with or without the mark before it that JPEG demands.
    init(_ part: FilePart) {
        guard let tiff = Self.tiff(part), let fields = TIFFFields(tiff) else { return }
        let main = fields.directory(at: fields.first)
        if let value = main[0x0112].flatMap(fields.integer), (1...8).contains(value) { orientation = value }
        make = main[0x010F].flatMap(fields.text)
        model = main[0x0110].flatMap(fields.text)
        date = main[0x0132].flatMap(fields.text).flatMap(Self.date)
        if let detail = main[0x8769].flatMap(fields.integer).map(fields.directory) {
            date = detail[0x9003].flatMap(fields.text).flatMap(Self.date) ?? date
            offset = (detail[0x9011] ?? detail[0x9010]).flatMap(fields.text)
        }
        if let place = main[0x8825].flatMap(fields.integer).map(fields.directory),
            let latitude = fields.degrees(place[2], place[1], negative: "S", limit: 90),
            let longitude = fields.degrees(place[4], place[3], negative: "W", limit: 180)
        {
            location = MediaMetadata.Location(latitude: latitude, longitude: longitude)
        }
    }

    /// Writes down what is known.
    func describe(_ metadata: inout MediaMetadata) {
        metadata.orientation = orientation
        metadata.date = date.map { $0 + (offset.flatMap(Self.zone) ?? "") }
        metadata.location = location
        metadata.camera = Self.camera(make, model)
    }

    /// The name of a camera; models often repeat their maker.
    static func camera(_ make: String?, _ model: String?) -> String? {
        guard let make, let model else { return make ?? model }
        let first = make.split(separator: " ").first.map { $0.lowercased() } ?? ""
        return model.lowercased().hasPrefix(first) ? model : "\(make) \(model)"
    }

    /// The Exif data that says an orientation and nothing else.
    static func minimal(_ orientation: Int) -> [UInt8] {
        var bytes: [UInt8] = Array("MM".utf8)
        bytes.appendBig(42, 2)
        bytes.appendBig(8, 4)
        // One entry: the tag, a short number, one of it, the value and padding; no directory follows.
        bytes.appendBig(1, 2)
        bytes.appendBig(0x0112, 2)
        bytes.appendBig(3, 2)
        bytes.appendBig(1, 4)
        bytes.appendBig(orientation, 2)
        bytes.appendBig(0, 6)
        return bytes
    }

    private static func tiff(_ part: FilePart) -> FilePart? {
        part.has("Exif\0") ? try? part.part(from: 6) : part
    }

    /// `2024:05:06 07:08:09` as `2024-05-06T07:08:09`; nil for what is no date.
    private static func date(_ text: String) -> String? {
        guard let match = text.wholeMatch(ofDigitsIn: "0000:00:00 00:00:00") else { return nil }
        let date = "\(match[0])-\(match[1])-\(match[2])T\(match[3]):\(match[4]):\(match[5])"
        return (try? RFC3339.parse(date + "Z")) == nil ? nil : date
    }

    /// An offset such as `+02:00`; nil for what is none.
    private static func zone(_ text: String) -> String? {
        (try? RFC3339.parse("2000-01-01T00:00:00" + text)) == nil ? nil : text
    }
}

extension String {
    /// The groups of digits of a text that looks like a pattern in which each 0 stands for a digit.
    fileprivate func wholeMatch(ofDigitsIn pattern: String) -> [Substring]? {
        guard utf8.count == pattern.utf8.count else { return nil }
        for (byte, sample) in zip(utf8, pattern.utf8) {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            guard sample == UInt8(ascii: "0") ? isDigit : byte == sample else { return nil }
        }
        return split { $0 == ":" || $0 == " " }
    }
}

/// The fields of a TIFF file, of either byte order.
private struct TIFFFields {
    /// Where a field's values lie, and what they are.
    struct Entry {
        let kind: Int
        let count: Int
        let place: FilePart
    }

    /// The offset of the first directory.
    let first: Int
    private let tiff: FilePart
    private let isBig: Bool

    init?(_ tiff: FilePart) {
        self.tiff = tiff
        isBig = tiff.has("MM")
        guard isBig || tiff.has("II"), let mark = try? isBig ? tiff.big(2, 2) : tiff.little(2, 2), mark == 42,
            let first = try? isBig ? tiff.big(4, 4) : tiff.little(4, 4)
        else { return nil }
        self.first = first
    }

    /// The entries that can be read of the directory at an offset, by their tags.
    func directory(at offset: Int) -> [Int: Entry] {
        var entries: [Int: Entry] = [:]
        guard let count = number(tiff, offset, 2) else { return entries }
        for index in 0..<count {
            guard let entry = try? tiff.part(offset + 2 + 12 * index, 12) else { break }
            guard let tag = number(entry, 0, 2), let kind = number(entry, 2, 2), let values = number(entry, 4, 4),
                let width = Self.width(kind)
            else { continue }
            let size = width * values
            let start = size <= 4 ? offset + 2 + 12 * index + 8 : number(entry, 8, 4) ?? -1
            guard let place = try? tiff.part(start, size), entries[tag] == nil else { continue }
            entries[tag] = Entry(kind: kind, count: values, place: place)
        }
        return entries
    }

    /// The first value of a field of whole numbers.
    func integer(_ entry: Entry) -> Int? {
        switch entry.kind {
        case 1: number(entry.place, 0, 1)
        case 3: number(entry.place, 0, 2)
        case 4, 13: number(entry.place, 0, 4)
        default: nil
        }
    }

    /// A field of text, up to its first NUL, without spaces around it; nil if nothing is left.
    func text(_ entry: Entry) -> String? {
        guard entry.kind == 2, entry.count <= 1 << 10 else { return nil }
        return MediaText.text(entry.place.bytes)
    }

    /// An angle of degrees, minutes and seconds with the letter of its direction.
    func degrees(_ entry: Entry?, _ direction: Entry?, negative: String, limit: Double) -> Double? {
        guard let entry, entry.kind == 5, entry.count == 3, let direction = direction.flatMap(text) else { return nil }
        var angle = 0.0
        for (index, unit) in [1.0, 60, 3_600].enumerated() {
            guard let upper = number(entry.place, 8 * index, 4), let lower = number(entry.place, 8 * index + 4, 4)
            else { return nil }
            // Zero of zero is how cameras leave out the seconds.
            guard lower > 0 || upper == 0 else { return nil }
            if lower > 0 { angle += Double(upper) / Double(lower) / unit }
        }
        guard angle <= limit else { return nil }
        return direction.uppercased() == negative ? -angle : angle
    }

    private func number(_ part: FilePart, _ offset: Int, _ width: Int) -> Int? {
        try? isBig ? part.big(offset, width) : part.little(offset, width)
    }

    /// The bytes of one value.
    private static func width(_ kind: Int) -> Int? {
        switch kind {
        case 1, 2, 6, 7: 1
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12: 8
        default: nil
        }
    }
}

/// Texts in files.
enum MediaText {
    /// The text up to the first NUL, without spaces around it and without control characters; nil if nothing is left.
    static func text(_ bytes: Slice<FileBytes>) -> String? {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let clean = String(text.unicodeScalars.filter { $0.properties.generalCategory != .control })
        let words = clean.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? nil : words
    }
}
