// The two ways in which a stripped file comes about: put together part by part, or changed in place where offsets
// matter.

/// Makes a file from parts of another, one behind the other.
struct FileRewrite {
    /// The size of what there is, in bytes.
    private(set) var count = 0
    private let source: FileBytes
    private var pieces: [StrippedFile.Piece] = []

    init(_ source: FileBytes) { self.source = source }

    /// Whether nothing was added yet.
    var isEmpty: Bool { count == 0 }

    /// Adds a part of the source as it is.
    mutating func keep(_ part: FilePart) { keep(part.range) }

    /// Adds a range of the source as it is.
    mutating func keep(_ range: Range<Int>) {
        count += range.count
        if case .source(let last) = pieces.last, last.upperBound == range.lowerBound {
            pieces[pieces.count - 1] = .source(last.lowerBound..<range.upperBound)
        } else {
            pieces.append(.source(range))
        }
    }

    /// Adds something new.
    mutating func add(_ piece: StrippedFile.Piece) {
        count += piece.count
        pieces.append(piece)
    }

    /// Adds new bytes.
    mutating func add(_ bytes: [UInt8]) { add(.bytes(bytes)) }

    /// Leaves a place at which something will stand that is known only later.
    mutating func reserve() -> Int {
        pieces.append(.bytes([]))
        return pieces.count - 1
    }

    /// Fills a place that was reserved; one that is not filled vanishes.
    mutating func fill(_ place: Int, _ bytes: [UInt8]) {
        count += bytes.count - pieces[place].count
        pieces[place] = .bytes(bytes)
    }

    /// The file.
    func finished() -> StrippedFile { StrippedFile(source, pieces) }
}

/// A file that is changed in place, so that no offset in it changes.
struct FileEdit {
    private let source: FileBytes
    private var changes: [(start: Int, piece: StrippedFile.Piece)] = []
    /// How many bytes may still be overwritten; tables that name the same place again and again end here.
    private var allowance: Int

    init(_ file: FilePart) {
        source = file.file
        allowance = 4 * file.count
    }

    /// Overwrites a part with a text, if it has the room, and fills up the rest.
    mutating func overwrite(_ part: FilePart, with text: [UInt8] = [], fill: UInt8 = 0) throws(PictureError) {
        allowance -= part.count
        guard allowance >= 0 else { throw PictureError(.damaged, "the file names the same place too often") }
        let text = text.count <= part.count ? text : []
        try change(part.range.lowerBound, .bytes(text))
        try change(part.range.lowerBound + text.count, .filled(fill, count: part.count - text.count))
    }

    /// Makes a box one of the same size that holds nothing.
    mutating func free(_ box: Boxes.Box) throws(PictureError) {
        try change(box.whole.range.lowerBound + 4, .bytes(("free" as FourCC).bytes))
        try overwrite(box.data)
    }

    private mutating func change(_ start: Int, _ piece: StrippedFile.Piece) throws(PictureError) {
        guard piece.count > 0 else { return }
        // The samples of a track often follow one another.
        if let last = changes.last, case .filled(let byte, let more) = piece,
            case .filled(byte, let count) = last.piece, last.start + count == start
        {
            changes[changes.count - 1].piece = .filled(byte, count: count + more)
            return
        }
        guard changes.count < PictureLimits.changes else {
            throw PictureError(.tooLarge, "the film has more than \(PictureLimits.changes) places to clear")
        }
        changes.append((start, piece))
    }

    /// The file with all changes; where some lie over each other, the one that begins first is kept.
    func finished() -> StrippedFile {
        var rewrite = FileRewrite(source)
        for (start, piece) in changes.sorted(by: { $0.start < $1.start }) {
            let end = start + piece.count
            if start > rewrite.count { rewrite.keep(rewrite.count..<start) }
            guard end > rewrite.count else { continue }
            switch piece {
            case .bytes(let bytes): rewrite.add(Array(bytes.suffix(end - rewrite.count)))
            case .filled(let byte, _): rewrite.add(.filled(byte, count: end - rewrite.count))
            case .source: break
            }
        }
        rewrite.keep(rewrite.count..<source.count)
        return rewrite.finished()
    }
}
