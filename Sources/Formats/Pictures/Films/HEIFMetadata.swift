// What AVIF and HEIC files say about themselves: the items and properties of the box `meta` (ISO/IEC 23008-12).

/// Reads and strips the metadata of AVIF and HEIC files.
enum HEIFMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        let items = try HEIFItems(file)
        if let exif = try items.list().first(where: { $0.kind == "Exif" }),
            let extent = try items.extents(of: [exif.id]).first,
            // The offset of the TIFF file in what follows stands before it.
            let start = try? extent.big(0, 4), let tiff = try? extent.part(from: 4 + start)
        {
            Exif(tiff).describe(&metadata)
        }
        // The orientation of Exif data has no meaning here; turning and mirroring are properties.
        var angle = 0
        var mirror: Int?
        for property in try items.primaryProperties() {
            switch property.name {
            case "ispe":
                metadata.width = try property.data.big(4, 4)
                metadata.height = try property.data.big(8, 4)
            case "irot": angle = try property.data.byte(0) & 3
            case "imir": mirror = try property.data.byte(0) & 1
            case "pixi":
                let channels = try property.data.byte(4)
                metadata.colour = channels == 1 ? .grey : .colour
                if channels > 0 { metadata.bitDepth = try property.data.byte(5) }
            default: break
            }
        }
        // Quarter turns against the clock, then a mirror: top to bottom (0) or left to right (1).
        metadata.orientation =
            switch mirror {
            case nil: [1, 8, 3, 6][angle]
            case 0: [4, 5, 2, 7][angle]
            default: [2, 7, 4, 5][angle]
            }
    }

    /// Overwrites Exif and XMP where they lie, so that no offset changes.
    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        let items = try HEIFItems(file)
        var edit = FileEdit(file)
        let list = try items.list()
        for extent in try items.extents(of: Set(list.filter { $0.kind == "Exif" }.map(\.id))) {
            try edit.overwrite(extent, with: [0, 0, 0, 0] + Exif.minimal(1))
        }
        for extent in try items.extents(of: Set(list.filter { ["mime", "uri "].contains($0.kind) }.map(\.id))) {
            try edit.overwrite(extent, fill: UInt8(ascii: " "))
        }
        try FilmMetadata.strip(file, in: &edit, keeping: ["meta"])
        return edit.finished()
    }
}

/// The items of a file, of which one is the picture.
private struct HEIFItems {
    /// The most parts of items that are followed.
    private static let extentLimit = 4_096
    /// The largest number of a property that an item can name.
    private static let propertyLimit = 0x7FFF

    private let file: FilePart
    private let meta: FilePart

    init(_ file: FilePart) throws(PictureError) {
        guard let meta = try file.box("meta") else { throw PictureError(.damaged, "the picture has no box \"meta\"") }
        self.file = file
        self.meta = try meta.behindVersion()
    }

    /// All items with their kinds.
    func list() throws(PictureError) -> [(id: Int, kind: FourCC)] {
        guard let table = try meta.box("iinf") else { return [] }
        var items: [(id: Int, kind: FourCC)] = []
        var entries = Boxes(try table.part(from: try table.byte(0) == 0 ? 6 : 8))
        while let entry = try entries.next() {
            let version = try entry.data.byte(0)
            // Kinds are named from version 2 on.
            guard entry.name == "infe", version >= 2 else { continue }
            let width = version == 2 ? 2 : 4
            items.append((id: try entry.data.big(4, width), kind: try entry.data.code(6 + width)))
        }
        return items
    }

    /// Where the data of some items lies.
    func extents(of ids: Set<Int>) throws(PictureError) -> [FilePart] {
        guard !ids.isEmpty, let table = try meta.box("iloc") else { return [] }
        var fields = FieldWalk(table)
        let version = try fields.next(1)
        _ = try fields.next(3)
        let widths = try fields.next(2)
        let data = try meta.box("idat")
        let wide = version < 2 ? 2 : 4
        var extents: [FilePart] = []
        let itemCount = try fields.next(wide)
        for _ in 0..<itemCount {
            let id = try fields.next(wide)
            let method = version == 0 ? 0 : try fields.next(2) & 15
            _ = try fields.next(2)
            let base = try fields.next(widths >> 4 & 15)
            let extentCount = try fields.next(2)
            guard extentCount < 2 || widths > 0xFF else {
                throw PictureError(.damaged, "the parts of an item have neither place nor length")
            }
            for _ in 0..<extentCount {
                if version > 0 { _ = try fields.next(widths & 15) }
                let offset = base + (try fields.next(widths >> 12 & 15))
                let count = try fields.next(widths >> 8 & 15)
                guard ids.contains(id), method < 2 else { continue }
                guard let home = method == 0 ? file : data else { continue }
                guard extents.count < Self.extentLimit else {
                    throw PictureError(.tooLarge, "an item has more than \(Self.extentLimit) parts")
                }
                // No length stands for everything that there is.
                extents.append(count == 0 ? try home.part(from: offset) : try home.part(offset, count))
            }
        }
        return extents
    }

    /// The properties of the picture, in their order.
    func primaryProperties() throws(PictureError) -> [Boxes.Box] {
        guard let primary = try meta.box("pitm"), let container = try meta.box("iprp", "ipco"),
            let table = try meta.box("iprp", "ipma")
        else { throw PictureError(.damaged, "the picture has no properties") }
        let id = try primary.big(4, try primary.byte(0) == 0 ? 2 : 4)
        var all: [Boxes.Box] = []
        var boxes = Boxes(container)
        while all.count < Self.propertyLimit, let box = try boxes.next() { all.append(box) }
        var fields = FieldWalk(table)
        let version = try fields.next(1)
        let isWide = try fields.next(3) & 1 == 1
        var properties: [Boxes.Box] = []
        let itemCount = try fields.next(4)
        for _ in 0..<itemCount {
            let item = try fields.next(version == 0 ? 2 : 4)
            let count = try fields.next(1)
            for _ in 0..<count {
                // The highest bit says that it must be understood; the number counts from 1.
                let number = try fields.next(isWide ? 2 : 1) & (isWide ? Self.propertyLimit : 0x7F)
                if item == id, number > 0, number <= all.count { properties.append(all[number - 1]) }
            }
            if item == id { break }
        }
        return properties
    }
}

/// Reads number after number.
private struct FieldWalk {
    private let part: FilePart
    private var offset = 0

    init(_ part: FilePart) { self.part = part }

    /// The next number of `width` bytes; 0 for one of no bytes.
    mutating func next(_ width: Int) throws(PictureError) -> Int {
        guard width <= 8 else { throw PictureError(.damaged, "a number has \(width) bytes") }
        defer { offset += width }
        return try part.big(offset, width)
    }
}
