// How packaging reads a film: the samples of its tracks lie interleaved, and each byte shall be read once, in large
// pieces. A window moves along the film; where one track's samples come long after those of another, a second window
// behind it serves the track that is late.

/// Parts of a film in memory, which move along it.
final class SourceWindow<Source: MovieSource> {
    private let source: Source
    private var main: Part
    private var behind: Part

    /// A part of the film.
    private struct Part {
        let memory: UnsafeMutableRawBufferPointer
        /// Which bytes of the film are in the memory.
        var range = 0..<0
    }

    /// Makes windows.
    init(_ source: Source, bytes: Int) {
        self.source = source
        main = Part(memory: .allocate(byteCount: bytes, alignment: 16))
        behind = Part(memory: .allocate(byteCount: bytes / 8, alignment: 16))
    }

    deinit {
        main.memory.deallocate()
        behind.memory.deallocate()
    }

    /// Shows a body some bytes at an offset, at least one and at most `count`, and returns how many.
    ///
    /// - Parameter needed: from where on bytes are still needed after these.
    func read(
        at offset: Int, count: Int, needed: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        if !main.range.contains(offset) {
            if offset < main.range.lowerBound {
                if !behind.range.contains(offset) { try fill(&behind, from: offset, to: offset) }
                return try show(behind, offset, count, body)
            }
            // Half of the window at most for what is late, and no gap that is larger than a window.
            let isNear = offset - main.range.upperBound < main.memory.count / 8
            let isLate = needed >= main.range.lowerBound && offset - needed <= main.memory.count / 2
            try fill(&main, from: isNear && isLate ? min(needed, offset) : offset, to: offset)
        }
        return try show(main, offset, count, body)
    }

    private func show(
        _ part: Part, _ offset: Int, _ count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        let end = min(part.range.upperBound, offset + count)
        guard end > offset else { throw MovieError(.truncated, "the film ends too early", byteOffset: offset) }
        let start = part.range.lowerBound
        try body(UnsafeRawBufferPointer(rebasing: part.memory[offset - start..<end - start]))
        return end - offset
    }

    /// Makes a window begin at a place, and fills it with what it does not have yet.
    private func fill(_ part: inout Part, from start: Int, to offset: Int) throws {
        let kept = start >= part.range.lowerBound ? max(0, part.range.upperBound - start) : 0
        if kept > 0 {
            let place = start - part.range.lowerBound
            // Safety: both places are within the memory, and memmove allows them to overlap.
            UnsafeMutableRawBufferPointer(rebasing: part.memory[..<kept])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: part.memory[place..<place + kept]))
        }
        let count = min(part.memory.count, source.sizeBytes - start)
        part.range = 0..<0
        guard count > kept else { return }
        try source.read(
            at: start + kept, into: UnsafeMutableRawBufferPointer(rebasing: part.memory[kept..<count]))
        part.range = start..<start + count
    }
}
