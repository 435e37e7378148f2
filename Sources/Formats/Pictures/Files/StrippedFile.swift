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
    init(_ source: FileBytes, _ parts: [Piece]) {
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
