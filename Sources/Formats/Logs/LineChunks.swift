// Whole lines from a log that comes in pieces, and how far it has been read: after a crash, or when the log has grown,
// reading goes on exactly behind the last line that has been given out.

/// Cuts a stream of bytes behind its lines.
///
/// Memory is bounded by one line, and one copy of it is made if it comes in two pieces. Lines that are too long are
/// left out and counted.
package struct LineChunks {
    /// The place behind the last line that has been given out, or left out, in bytes from the beginning of the stream.
    package private(set) var position: Int
    /// How many lines were too long.
    package private(set) var longLines = 0

    private let limitBytes: Int
    /// The beginning of a line whose end has not come yet.
    private var held: [UInt8] = []
    /// The bytes of that line that were too many and have been forgotten.
    private var forgottenBytes = 0

    /// Begins at a place of the stream that is the beginning of a line.
    package init(startingAt position: Int = 0, limitBytes: Int = FormatLimits.accessLogLineBytes) {
        self.position = position
        self.limitBytes = max(1, limitBytes)
    }

    /// The bytes that have come in behind `position`.
    package var heldBytes: Int { held.count + forgottenBytes }

    /// Takes the next bytes, and calls `body` with whole lines, each with its end, as many as there are at once, and
    /// with the place of the first.
    ///
    /// `position` moves on when `body` returns. If `body` throws, feeding cannot go on; begin again at `position`.
    package mutating func feed<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (_ lines: UnsafeRawBufferPointer, _ position: Int) throws(Failure) -> Void
    ) throws(Failure) {
        // No piece is longer than a line may be, so that only a line that is held can be too long.
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(limitBytes))
            rest = rest.dropFirst(limitBytes)
            try feedPiece(piece, body)
        }
    }

    /// Gives out a last line that has no end, when no more will come.
    package mutating func finish<Failure: Error>(
        _ body: (_ lines: UnsafeRawBufferPointer, _ position: Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard heldBytes > 0 else { return }
        try giveHeld(body)
    }

    private mutating func feedPiece<Failure: Error>(
        _ piece: UnsafeRawBufferPointer,
        _ body: (_ lines: UnsafeRawBufferPointer, _ position: Int) throws(Failure) -> Void
    ) throws(Failure) {
        var lines = piece[...]
        if heldBytes > 0 {
            guard let end = piece.firstIndex(of: ASCII.newline) else { return hold(lines) }
            hold(piece[...end])
            try giveHeld(body)
            lines = piece[(end + 1)...]
        }
        guard let end = lines.lastIndex(of: ASCII.newline) else { return hold(lines) }
        try body(UnsafeRawBufferPointer(rebasing: lines[...end]), position)
        position += end + 1 - lines.startIndex
        hold(lines[(end + 1)...])
    }

    /// Keeps a part of a line, or only its length if the line is too long.
    ///
    /// NULs at its beginning are passed over: where a server goes on writing at its old place after its log was cut
    /// off, there may be gigabytes of them.
    private mutating func hold(_ part: Slice<UnsafeRawBufferPointer>) {
        var part = part
        if heldBytes == 0 {
            let start = part.startIndex
            part = part.drop { $0 == 0 }
            position += part.startIndex - start
        }
        let hasEnd = part.last == ASCII.newline
        if forgottenBytes == 0, held.count + part.count - (hasEnd ? 1 : 0) <= limitBytes {
            held.append(contentsOf: part)
        } else {
            forgottenBytes += held.count + part.count
            held.removeAll(keepingCapacity: true)
        }
    }

    private mutating func giveHeld<Failure: Error>(
        _ body: (_ lines: UnsafeRawBufferPointer, _ position: Int) throws(Failure) -> Void
    ) throws(Failure) {
        if forgottenBytes > 0 {
            position += forgottenBytes
            forgottenBytes = 0
            longLines += 1
            return
        }
        let line = held
        held = []
        var outcome: Result<Void, Failure> = .success(())
        line.withUnsafeBytes { bytes in
            do throws(Failure) { try body(bytes, position) } catch { outcome = .failure(error) }
        }
        try outcome.get()
        position += line.count
        held = line
        held.removeAll(keepingCapacity: true)
    }
}
