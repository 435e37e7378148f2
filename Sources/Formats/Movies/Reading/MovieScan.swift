// The boxes of a film that are in no other: they are read one at a time, and most of them are stepped over.

/// Goes through the outermost boxes of a film.
struct MovieScan<Source: MovieSource> {
    private let source: Source
    private var offset = 0
    private var boxes = 0

    init(_ source: Source) { self.source = source }

    /// A box that is not in memory yet.
    struct Outline {
        /// What it is.
        let name: FourCC
        /// Where it begins.
        let offset: Int
        /// With its header.
        let sizeBytes: Int
        /// How long its header is.
        let headerBytes: Int
        /// Whether it goes beyond the end of the film.
        let isCutOff: Bool
    }

    /// The next box; nil at the end.
    mutating func next() throws(MovieError) -> Outline? {
        let left = source.sizeBytes - offset
        guard left >= 8 else { return nil }
        boxes += 1
        guard boxes <= MovieLimits.boxes else {
            throw MovieError(.tooLarge, "the film has more than \(MovieLimits.boxes) boxes", byteOffset: offset)
        }
        let head = try bytes(offset, min(16, left))
        let name = FourCC(number(head[4..<8]))
        var (size, headerBytes) = (UInt64(number(head[0..<4]) as UInt32), 8)
        if size == 1, head.count == 16 {
            (size, headerBytes) = (number(head[8..<16]), 16)
        } else if size == 0 {
            size = UInt64(left)
        }
        guard size >= headerBytes else {
            throw MovieError(.damaged, "the box has the size \(size)", path: name.text, byteOffset: offset)
        }
        defer { offset += min(left, Int(clamping: size)) }
        return Outline(
            name: name, offset: offset, sizeBytes: min(left, Int(clamping: size)), headerBytes: headerBytes,
            isCutOff: size > left)
    }

    /// The box with everything in it.
    func box(_ outline: Outline) throws(MovieError) -> MovieBox {
        let fault: (MovieError.Code, String)? =
            if outline.isCutOff {
                (.truncated, "the film ends in the middle of the box, at byte \(source.sizeBytes)")
            } else if outline.sizeBytes > MovieLimits.boxBytes {
                (.tooLarge, "the box has \(outline.sizeBytes) bytes; \(MovieLimits.boxBytes) are the limit")
            } else {
                nil
            }
        if let fault {
            throw MovieError(fault.0, fault.1, path: outline.name.text, byteOffset: outline.offset)
        }
        let bytes = try bytes(outline.offset, outline.sizeBytes)
        return MovieBox(outline.name, bytes: bytes, headerBytes: outline.headerBytes, origin: outline.offset)
    }

    private func bytes(_ offset: Int, _ count: Int) throws(MovieError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                // Safety: the source fills the whole buffer, or throws.
                try source.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            }
        } catch {
            throw MovieError(.source, "the film cannot be read: \(error)", byteOffset: offset, cause: error)
        }
    }

    private func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        bytes.reduce(0) { $0 << 8 | Number($1) }
    }
}
