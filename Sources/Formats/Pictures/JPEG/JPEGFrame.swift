// The picture that a frame header describes, and where its components keep what the scans bring.

/// One component of a frame: a plane of samples, coarser than the picture by its sampling factors.
struct JPEGComponent {
    /// The name by which scans refer to it.
    let id: UInt8
    /// Blocks a unit, across and down.
    let across: Int, down: Int
    /// Which quantisation table it uses.
    let table: Int

    /// The side of what becomes of a block: 8, or less in reduced pictures.
    fileprivate(set) var size = 8
    /// Blocks that hold samples of the picture, as scans of this component alone bring them.
    fileprivate(set) var columns = 0, rows = 0
    /// Blocks a row with those that fill up the last unit.
    fileprivate(set) var paddedColumns = 0
    /// Samples of the picture.
    fileprivate(set) var width = 0, height = 0

    /// The quantisation table in the order of rows, as it was when the first scan of the component began.
    var quantisation: [Int32]?
    /// The samples, in rows of `stride`.
    var plane: [UInt8] = []
    /// In progressive frames: the coefficients of each block that its samples need, `size` × `size` each, in rows.
    var coefficients: [Int16] = []
    /// In progressive frames of more than means: which coefficients of each block are not zero, in their stored order.
    private var nonZeros: [UInt64] = []
    /// Where among the coefficients that are kept each one has its place, in their stored order; -1 for the others.
    private var places: [Int] = []
    /// In progressive frames: for each coefficient, how many bits are still to come; nil before its first scan.
    var missingBits = [Int?](repeating: nil, count: 64)

    /// Samples a row.
    var stride: Int { paddedColumns * size }
    /// How many coefficients of a block are kept.
    var coefficientCount: Int { size * size }

    /// Makes a component from its three bytes in the frame header.
    init(_ bytes: ArraySlice<UInt8>) throws(PictureError) {
        id = bytes[bytes.startIndex]
        across = Int(bytes[bytes.startIndex + 1] >> 4)
        down = Int(bytes[bytes.startIndex + 1] & 15)
        table = Int(bytes[bytes.startIndex + 2])
        guard 1...4 ~= across, 1...4 ~= down, table < 4 else {
            throw PictureError(.damaged, "a component in the JPEG frame header is none that can be")
        }
    }
}

extension JPEGComponent {
    /// Takes the memory for the coefficients of a progressive frame.
    fileprivate mutating func makeRoom(blockCount: Int) {
        coefficients = [Int16](repeating: 0, count: blockCount * coefficientCount)
        nonZeros = [UInt64](repeating: 0, count: size > 1 ? blockCount : 0)
        let size = size
        places = JPEGDecoder.order.map { $0 / 8 < size && $0 % 8 < size ? $0 / 8 * size + $0 % 8 : -1 }
    }

    fileprivate mutating func dropCoefficients() { (coefficients, nonZeros) = ([], []) }

    /// Whether a coefficient of a block is not zero.
    @inline(__always)
    func isNonZero(_ index: Int, ofBlock block: Int) -> Bool { nonZeros[block] >> UInt64(index) & 1 == 1 }

    /// Brings a coefficient of a block.
    @inline(__always)
    mutating func set(_ index: Int, ofBlock block: Int, to value: Int16) {
        guard value != 0 else { return }
        nonZeros[block] |= 1 << UInt64(index)
        let place = places[index]
        if place >= 0 { coefficients[block * coefficientCount + place] = value }
    }

    /// Adds a bit to a coefficient of a block that is not zero.
    @inline(__always)
    mutating func refine(_ index: Int, ofBlock block: Int, _ unit: Int16) {
        guard case let place = places[index], place >= 0 else { return }
        let value = coefficients[block * coefficientCount + place]
        if value & unit == 0 { coefficients[block * coefficientCount + place] = value &+ (value > 0 ? unit : -unit) }
    }
}

/// A frame with its components.
struct JPEGFrame {
    /// The size of the picture as stored, in pixels.
    let width: Int, height: Int
    /// Whether scans refine coefficients, rather than bring each block whole.
    let isProgressive: Bool
    /// Largest sampling factors.
    let across: Int, down: Int
    /// How many units there are in a row, and rows of units.
    let unitColumns: Int, unitRows: Int
    /// In the order of the header.
    var components: [JPEGComponent]

    /// Reads the segment of a frame header; `scale` is the side of a reduced block, `fileBytes` the size of the file.
    init(
        _ header: [UInt8], isProgressive: Bool, scale: Int, fileBytes: Int
    ) throws(PictureError) {
        guard header.count >= 6, header.count == 6 + 3 * Int(header[5]) else {
            throw PictureError(.damaged, "the JPEG frame header is not as long as its components need")
        }
        guard header[0] == 8 else {
            throw PictureError(.unsupported, "the JPEG samples have \(header[0]) bits; 8 are supported")
        }
        guard [1, 3, 4].contains(header[5]) else {
            throw PictureError(.unsupported, "the JPEG picture has \(header[5]) components; 1, 3 and 4 are supported")
        }
        height = Int(header[1]) << 8 | Int(header[2])
        width = Int(header[3]) << 8 | Int(header[4])
        guard height > 0 else {
            throw PictureError(.unsupported, "the JPEG frame header leaves the height open")
        }
        try PictureLimits.check(width: width, height: height)
        self.isProgressive = isProgressive
        var components: [JPEGComponent] = []
        for start in stride(from: 6, to: header.count, by: 3) {
            components.append(try JPEGComponent(header[start..<start + 3]))
        }
        across = components.reduce(1) { max($0, $1.across) }
        down = components.reduce(1) { max($0, $1.down) }
        unitColumns = (width + 8 * across - 1) / (8 * across)
        unitRows = (height + 8 * down - 1) / (8 * down)
        self.components = components
        try layOut(scale: scale, fileBytes: fileBytes)
    }

    private mutating func layOut(scale: Int, fileBytes: Int) throws(PictureError) {
        var blockCount = 0
        for index in components.indices {
            let (h, v) = (components[index].across, components[index].down)
            // A coarser component is reduced less, so that nothing is lost; the other direction is averaged later.
            var size = scale
            while size < 8, across * scale % (2 * h * size) == 0 || down * scale % (2 * v * size) == 0 { size *= 2 }
            components[index].size = size
            components[index].columns = (width * h + 8 * across - 1) / (8 * across)
            components[index].rows = (height * v + 8 * down - 1) / (8 * down)
            components[index].paddedColumns = unitColumns * h
            components[index].width = (width * h * size + 8 * across - 1) / (8 * across)
            components[index].height = (height * v * size + 8 * down - 1) / (8 * down)
            blockCount += components[index].columns * components[index].rows
        }
        // A block takes a bit at least; so memory is bounded by the size of the file.
        guard blockCount <= 8 * fileBytes else {
            throw PictureError(.truncated, "the JPEG file is too short for \(width)×\(height) pixels")
        }
        for index in components.indices {
            let component = components[index]
            let count = component.paddedColumns * unitRows * component.down
            if isProgressive {
                components[index].makeRoom(blockCount: count)
            } else {
                components[index].plane = [UInt8](repeating: 128, count: count * component.coefficientCount)
            }
        }
    }

    /// The place of the first sample of a block.
    @inline(__always)
    static func place(_ component: JPEGComponent, column: Int, row: Int) -> Int {
        (row * component.paddedColumns * component.size + column) * component.size
    }

    /// Turns the coefficients of a progressive frame into samples.
    mutating func transformAll() {
        var block = [Int32](repeating: 0, count: 64)
        for index in components.indices {
            let component = components[index]
            components[index].dropCoefficients()
            var plane = [UInt8](repeating: 128, count: component.coefficients.count)
            defer { components[index].plane = plane }
            guard let quantisation = component.quantisation else { continue }
            let size = component.size
            for row in 0..<component.rows {
                for column in 0..<component.columns {
                    let first = (row * component.paddedColumns + column) * component.coefficientCount
                    for line in 0..<size {
                        for place in 0..<size {
                            block[8 * line + place] =
                                Int32(component.coefficients[first + line * size + place])
                                &* quantisation[8 * line + place]
                        }
                    }
                    JPEGTransform.inverse(
                        block, size: component.size, into: &plane,
                        at: Self.place(component, column: column, row: row), stride: component.stride)
                }
            }
        }
    }
}
