// What a segment knows of pictures and films beside words: how large they are, and their fingerprints.

internal import Formats

/// What a document is as a picture or film.
package struct DocumentPicture: Equatable, Sendable {
    /// Pixels from left to right; 0 where that is not known.
    var width: UInt32
    /// Pixels from top to bottom.
    var height: UInt32
    /// What it looks like; nil for what has no features, and for films.
    var hash: PictureHash?

    /// Nil for an upload that is no picture.
    init?(_ content: MediaRecord.Content) {
        width = UInt32(clamping: content.width ?? 0)
        height = UInt32(clamping: content.height ?? 0)
        hash = content.look?.hash
        if width == 0, height == 0, hash == nil { return nil }
    }

    fileprivate init(width: UInt32, height: UInt32, hash: PictureHash?) {
        self.width = width
        self.height = height
        self.hash = hash
    }
}

extension Segment {
    /// Whether a document is at least so large.
    @inline(__always)
    func isLarge(_ document: UInt32, width: UInt32, height: UInt32) throws(StorageError) -> Bool {
        guard file.count(Section.pixels, of: UInt32.self) > 0 else { return width == 0 && height == 0 }
        let pixels = try file.part(Section.pixels, 2 * Int(document)..<2 * Int(document) + 2, of: UInt32.self)
        return pixels[0] >= width && pixels[1] >= height
    }

    /// What a document is as a picture; nil where it is none.
    func picture(_ document: UInt32) throws(StorageError) -> DocumentPicture? {
        guard file.count(Section.pixels, of: UInt32.self) > 0 else { return nil }
        let pixels = try file.part(Section.pixels, 2 * Int(document)..<2 * Int(document) + 2, of: UInt32.self)
        let count = file.count(Section.pictured, of: UInt32.self)
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if try pictured(middle) < document { low = middle + 1 } else { high = middle }
        }
        var hash: PictureHash?
        if low < count, try pictured(low) == document { hash = try likenesses().hash(low) }
        if pixels[0] == 0, pixels[1] == 0, hash == nil { return nil }
        return DocumentPicture(width: pixels[0], height: pixels[1], hash: hash)
    }

    /// Calls a closure for each document whose fingerprint differs in at most `radius` bits.
    func near(
        _ hash: PictureHash, radius: Int, _ visit: (_ document: UInt32, _ distance: Int) -> Void
    ) throws(StorageError) {
        var found: [(position: Int, distance: Int)] = []
        try likenesses().near(hash, radius: radius) { found.append(($0, $1)) }
        for match in found { visit(try pictured(match.position), match.distance) }
    }

    private func likenesses() throws(StorageError) -> LikenessIndex {
        try LikenessIndex(file, from: Section.likenesses)
    }

    /// The document of a fingerprint.
    private func pictured(_ position: Int) throws(StorageError) -> UInt32 {
        let document = try file.element(Section.pictured, position, of: UInt32.self)
        guard document < count else { throw file.damaged }
        return document
    }
}

/// The sections of a segment that are about pictures, while it is made.
struct PictureSections {
    private var pixels: [UInt32] = []
    private var pictured: [UInt32] = []
    private var hashes: [PictureHash] = []

    /// What is known of the pictures of so many documents, in the order of these.
    init(_ pictures: [(document: UInt32, picture: DocumentPicture)], documents count: Int) {
        if pictures.isEmpty { return }
        pixels = Array(repeating: 0, count: 2 * count)
        for (document, picture) in pictures {
            pixels[2 * Int(document)] = picture.width
            pixels[2 * Int(document) + 1] = picture.height
            guard let hash = picture.hash else { continue }
            pictured.append(document)
            hashes.append(hash)
        }
    }

    /// The bytes of each.
    var sizes: [Int] { [4 * pixels.count, 4 * pictured.count] + LikenessIndex.sectionSizes(hashes.count) }

    /// Fills them.
    func write(into file: PackedFile) {
        _ = file.place(Segment.Section.pixels, of: UInt32.self).update(fromContentsOf: pixels)
        _ = file.place(Segment.Section.pictured, of: UInt32.self).update(fromContentsOf: pictured)
        LikenessIndex.write(hashes, into: file, from: Segment.Section.likenesses)
    }
}
