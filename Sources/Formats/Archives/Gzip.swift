// Compressed files (gzip, RFC 1952) as a source of bytes: recognised by their first bytes, whatever their name, and
// inflated piece by piece, so that memory stays small and a decompression bomb is refused on the way.

/// Reads gzip.
package enum Gzip {
    /// Whether data that begins with these bytes is compressed.
    package static func isGzip(_ head: some Sequence<UInt8>) -> Bool { head.starts(with: [0x1F, 0x8B]) }

    /// The bytes of a source, inflated if they are compressed and as they are otherwise.
    ///
    /// Several compressed files one after the other are one, as for `gzip` itself. Damage is a `DataError` with the
    /// place in the compressed data.
    package static func inflating(_ source: @escaping ChunkSource) -> ChunkSource {
        var state = State.unknown
        return { buffer in
            if case .unknown = state {
                var head: [UInt8] = []
                try fill(&head, upTo: 2, from: source)
                state = isGzip(head) ? .compressed(GzipStream(source, head)) : .plain(head)
            }
            switch state {
            case .compressed(let stream): try stream.read(into: &buffer)
            case .plain(let head):
                state = .plain([])
                if head.isEmpty { try source(&buffer) } else { buffer += head }
            case .unknown: break
            }
        }
    }

    private enum State {
        case unknown
        case plain([UInt8])
        case compressed(GzipStream)
    }

    /// Reads until a buffer has some bytes or the source ends.
    private static func fill(_ buffer: inout [UInt8], upTo count: Int, from source: ChunkSource) throws {
        while buffer.count < count {
            let before = buffer.count
            try source(&buffer)
            if buffer.count == before { return }
        }
    }
}

/// One compressed source that is being read.
private final class GzipStream {
    private let source: ChunkSource
    private let inflater = Inflater(.gzip)
    private var input: [UInt8]
    private var position = 0
    /// Compressed bytes before those in `input`.
    private var consumedBytes = 0
    private var inflatedBytes = 0
    /// Whether the last member is whole and no other has begun.
    private var isBetweenMembers = false

    init(_ source: @escaping ChunkSource, _ head: [UInt8]) {
        self.source = source
        input = head
    }

    private var offset: Int { consumedBytes + position }

    /// Appends the next inflated bytes, or none at the end.
    func read(into buffer: inout [UInt8]) throws {
        let before = buffer.count
        while buffer.count == before {
            if position == input.count, try !refill() {
                if isBetweenMembers { return }
                throw DataError(.syntax, byteOffset: offset, "the compressed data ends too early")
            }
            if isBetweenMembers, try !beginMember() { return }
            let outcome = inflater.step(input, &position, into: &buffer)
            switch outcome {
            case .goesOn: break
            case .ended: isBetweenMembers = true
            case .damaged(let why):
                throw DataError(.syntax, byteOffset: offset, "the compressed data is damaged: \(why)")
            }
            try check(adding: buffer.count - before)
        }
    }

    /// Begins the next member; false when only padding with zeros is left.
    private func beginMember() throws -> Bool {
        while true {
            while position < input.count, input[position] == 0 { position += 1 }
            if position < input.count { break }
            if try !refill() { return false }
        }
        guard input[position] == 0x1F else {
            throw DataError(.syntax, byteOffset: offset, "there is something else after the compressed data")
        }
        inflater.reset()
        isBetweenMembers = false
        return true
    }

    private func refill() throws -> Bool {
        consumedBytes += input.count
        input.removeAll(keepingCapacity: true)
        position = 0
        try source(&input)
        return !input.isEmpty
    }

    private func check(adding count: Int) throws {
        inflatedBytes += count
        let allowed = FormatLimits.inflateFreeBytes
        if inflatedBytes > allowed, inflatedBytes / FormatLimits.inflateRatio > offset {
            throw DataError(
                .outOfRange, byteOffset: offset,
                "the compressed data grows more than \(FormatLimits.inflateRatio) times; that is no text")
        }
    }
}
