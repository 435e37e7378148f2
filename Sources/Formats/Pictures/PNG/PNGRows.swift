// The pixel data of PNG from the file to plain rows: the IDAT chunks one after the other, inflated piece by piece, and
// the filter of each row undone (PNG Specification, §9 and §10).

/// Brings the rows of a PNG picture.
struct PNGRows {
    /// The row that was read last, without its filter type.
    private(set) var row: [UInt8] = []

    private var chunks: PNGChunks
    /// What of the current chunk is still to be inflated.
    private var data: FilePart
    /// How far a filter looks back, in bytes: at least one, also where pixels are smaller.
    private let pixelBytes: Int
    private let inflater = Inflater(.zlib)
    /// A piece of the chunk, for a chunk may be as large as the file.
    private var input: [UInt8] = []
    private var position = 0
    private var inflated: [UInt8] = []
    private var inflatedPosition = 0
    private var hasEnded = false
    private var previous: [UInt8] = []

    /// Begins with the first IDAT chunk; `chunks` brings what follows it.
    init(_ header: PNGHeader, first: PNGChunk, then chunks: PNGChunks) {
        self.chunks = chunks
        data = first.data
        pixelBytes = max(1, header.bitsPerPixel / 8)
    }

    /// Begins a pass with rows of so many bytes.
    mutating func beginPass(rowBytes: Int) {
        row = [UInt8](repeating: 0, count: rowBytes)
        previous = row
    }

    /// Reads the next row of the pass.
    mutating func next() throws(PictureError) {
        let count = row.count + 1
        while inflated.count - inflatedPosition < count { try inflate() }
        swap(&row, &previous)
        let filter = inflated[inflatedPosition]
        row.removeAll(keepingCapacity: true)
        row += inflated[inflatedPosition + 1..<inflatedPosition + count]
        inflatedPosition += count
        guard let filter = PNGFilter(rawValue: filter) else {
            throw PictureError(.damaged, "a row of the PNG picture has the unknown filter \(filter)")
        }
        filter.undo(&row, previous: previous, pixelBytes: pixelBytes)
    }

    /// Reads what follows the last row, so that a wrong checksum or a missing end is found.
    mutating func finish() throws(PictureError) {
        while !hasEnded, inflated.count == inflatedPosition { try inflate() }
        var isData = true
        while true {
            let chunk = try chunks.nextChecked()
            if chunk.name == "IEND" { return }
            isData = isData && chunk.name == "IDAT"
            if chunk.isCritical, !isData {
                throw PictureError(.damaged, "the chunk \(chunk.name.text) stands behind the pixels")
            }
        }
    }

    /// Inflates some bytes, at least one step of them.
    private mutating func inflate() throws(PictureError) {
        guard !hasEnded else { throw PictureError(.truncated, "the PNG picture has too few pixels") }
        if inflatedPosition > 0 {
            inflated.removeFirst(inflatedPosition)
            inflatedPosition = 0
        }
        let before = (inflated.count, position)
        switch inflater.step(input, &position, into: &inflated) {
        case .ended: hasEnded = true
        case .damaged(let why): throw PictureError(.damaged, "the pixels of the PNG picture are damaged: \(why)")
        case .goesOn:
            if before == (inflated.count, position) { try bringInput() }
        }
    }

    private mutating func bringInput() throws(PictureError) {
        while data.count == 0 {
            let chunk = try chunks.nextChecked()
            guard chunk.name == "IDAT" else {
                throw PictureError(.truncated, "the pixels of the PNG picture end too early")
            }
            data = chunk.data
        }
        let count = min(data.count, Inflater.stepBytes)
        input.removeAll(keepingCapacity: true)
        input += data.bytes.prefix(count)
        position = 0
        data = try data.part(from: count)
    }
}
