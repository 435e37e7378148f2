// A file that was made from another by leaving out and overwriting parts, told in pieces, so that a film of gigabytes
// is written and hashed with the memory of a small one.

/// A file as the pieces that follow one another in it.
package struct StrippedFile: Sendable {
    /// One piece.
    package enum Piece: Equatable, Sendable {
        /// Bytes of the file that it was made from.
        case source(Range<Int>)
        /// Bytes that are new.
        case bytes([UInt8])
        /// The same byte again and again.
        case filled(UInt8, count: Int)

        /// The size in bytes.
        package var count: Int {
            switch self {
            case .source(let range): range.count
            case .bytes(let bytes): bytes.count
            case .filled(_, let count): count
            }
        }
    }

    /// The pieces in their order, none of them empty.
    package let pieces: [Piece]
    /// The size in bytes.
    package let sizeBytes: Int
    /// Whether nothing had to go: the file is the one that it was made from.
    package let isUnchanged: Bool
    private let source: FileBytes

    /// A file as it is.
    package init(_ source: FileBytes) { self.init(source, [.source(0..<source.count)]) }

    /// Joins what belongs together.
    fileprivate init(_ source: FileBytes, _ parts: [Piece]) {
        var pieces: [Piece] = []
        for part in parts where part.count > 0 {
            switch (pieces.last, part) {
            case (.source(let last), .source(let next)) where last.upperBound == next.lowerBound:
                pieces[pieces.count - 1] = .source(last.lowerBound..<next.upperBound)
            case (.filled(let last, let count), .filled(let byte, let more)) where last == byte:
                pieces[pieces.count - 1] = .filled(byte, count: count + more)
            default: pieces.append(part)
            }
        }
        self.source = source
        sizeBytes = pieces.reduce(0) { $0 + $1.count }
        isUnchanged = sizeBytes == source.count && Self.isSame(pieces, source)
        self.pieces = isUnchanged && sizeBytes > 0 ? [.source(0..<sizeBytes)] : pieces
    }

    private static func isSame(_ pieces: [Piece], _ source: FileBytes) -> Bool {
        var offset = 0
        for piece in pieces {
            let place = offset..<offset + piece.count
            offset = place.upperBound
            let isSame =
                switch piece {
                case .source(let range): range == place
                case .bytes(let bytes): source[place].elementsEqual(bytes)
                case .filled(let byte, _): source[place].allSatisfy { $0 == byte }
                }
            if !isSame { return false }
        }
        return true
    }

    /// The whole file in memory.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sizeBytes)
        for piece in pieces {
            switch piece {
            case .source(let range): bytes += source[range]
            case .bytes(let new): bytes += new
            case .filled(let byte, let count): bytes += repeatElement(byte, count: count)
            }
        }
        return bytes
    }

    /// Calls `body` with all bytes in their order, at most `stepBytes` at a time.
    package func forEachStep(
        ofBytes stepBytes: Int = 1 << 20, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        func steps(_ bytes: UnsafeBufferPointer<UInt8>) throws {
            for start in stride(from: 0, to: bytes.count, by: stepBytes) {
                try body(UnsafeBufferPointer(rebasing: bytes[start..<min(bytes.count, start + stepBytes)]))
            }
        }
        for piece in pieces {
            switch piece {
            case .source(let range): try source[range].withContiguousStorageIfAvailable(steps)
            case .bytes(let new): try new.withUnsafeBufferPointer(steps)
            case .filled(let byte, let count):
                let step = [UInt8](repeating: byte, count: min(count, stepBytes))
                for start in stride(from: 0, to: count, by: stepBytes) {
                    try step.withUnsafeBufferPointer {
                        try body(UnsafeBufferPointer(rebasing: $0.prefix(count - start)))
                    }
                }
            }
        }
    }
}

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
