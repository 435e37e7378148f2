// One scan (T.81, annexes F and G): which components it brings, which of their coefficients, and the reading of them.

/// The header of a scan with the codes that it uses.
struct JPEGScan {
    /// Indices of components in the frame.
    let components: [Int]
    private let meanCodes: [JPEGHuffman?]
    private let otherCodes: [JPEGHuffman?]
    /// The coefficients that it brings, in their stored order.
    private let band: ClosedRange<Int>
    /// In progressive frames: whether the coefficients have had a scan before, and which bit this one brings.
    private let isRefinement: Bool
    private let bit: Int

    /// Reads the segment of a scan header.
    init(
        _ header: [UInt8], of frame: JPEGFrame, meanCodes: [JPEGHuffman?], otherCodes: [JPEGHuffman?]
    ) throws(PictureError) {
        guard let count = header.first.map(Int.init), 1...4 ~= count, header.count == 4 + 2 * count else {
            throw PictureError(.damaged, "a scan header of the JPEG file is not as long as its components need")
        }
        var components: [Int] = []
        var codes: (mean: [JPEGHuffman?], other: [JPEGHuffman?]) = ([], [])
        for place in stride(from: 1, through: 2 * count, by: 2) {
            guard let index = frame.components.firstIndex(where: { $0.id == header[place] }),
                !components.contains(index), header[place + 1] >> 4 < 4, header[place + 1] & 15 < 4
            else { throw PictureError(.damaged, "a scan of the JPEG file names a component that is not there") }
            components.append(index)
            codes.mean.append(meanCodes[Int(header[place + 1] >> 4)])
            codes.other.append(otherCodes[Int(header[place + 1] & 15)])
        }
        self.components = components
        (self.meanCodes, self.otherCodes) = codes
        let (first, last) = frame.isProgressive ? (Int(header[2 * count + 1]), Int(header[2 * count + 2])) : (0, 63)
        isRefinement = frame.isProgressive && header[2 * count + 3] >> 4 > 0
        bit = frame.isProgressive ? Int(header[2 * count + 3] & 15) : 0
        guard first <= last, last < 64, bit < 14,
            !frame.isProgressive || (first == 0 ? last == 0 : count == 1)
        else { throw PictureError(.damaged, "a scan of the JPEG file brings coefficients that cannot be") }
        band = first...last
        let needsMean = first == 0 && !isRefinement
        guard !needsMean || !self.meanCodes.contains(where: { $0 == nil }),
            last == 0 || !self.otherCodes.contains(where: { $0 == nil })
        else { throw PictureError(.damaged, "the JPEG file lacks a Huffman code") }
    }

    /// How many units it has: blocks of its one component, or blocks of each that lie over each other.
    func unitCount(of frame: JPEGFrame) -> Int {
        guard components.count == 1 else { return frame.unitColumns * frame.unitRows }
        return frame.components[components[0]].columns * frame.components[components[0]].rows
    }

    /// Notes that its bits come, each once and in order, so that a file cannot ask for the same work again and again;
    /// false if nothing of the scan is needed.
    func begin(_ frame: inout JPEGFrame) throws(PictureError) -> Bool {
        guard frame.isProgressive else { return true }
        for index in components {
            for coefficient in band {
                let missing = frame.components[index].missingBits[coefficient]
                guard missing == (isRefinement ? bit + 1 : nil) else {
                    throw PictureError(.damaged, "the scans of the JPEG file are not in order")
                }
                frame.components[index].missingBits[coefficient] = bit
            }
        }
        return band.lowerBound == 0 || frame.components[components[0]].size > 1
    }

    /// Reads units; false, and no further, if they are damaged.
    func read(_ units: Range<Int>, _ bits: inout JPEGBits, into frame: inout JPEGFrame) -> Bool {
        var state = State(componentCount: components.count)
        if components.count == 1 {
            let columns = frame.components[components[0]].columns
            for unit in units {
                let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
                guard readBlock(0, column, row, &state, &bits, into: &frame) else { return false }
            }
            return true
        }
        for unit in units {
            let (unitRow, unitColumn) = unit.quotientAndRemainder(dividingBy: frame.unitColumns)
            for place in components.indices {
                let (across, down) = (
                    frame.components[components[place]].across, frame.components[components[place]].down
                )
                for row in unitRow * down..<(unitRow + 1) * down {
                    for column in unitColumn * across..<(unitColumn + 1) * across {
                        guard readBlock(place, column, row, &state, &bits, into: &frame) else { return false }
                    }
                }
            }
        }
        return true
    }

    /// What one block leaves to the next.
    private struct State {
        /// The mean of the last block of each component.
        var means: [Int]
        /// How many blocks follow that bring nothing more.
        var emptyBlockCount = 0
        /// Room for one block; zeros between blocks.
        var block = [Int32](repeating: 0, count: 64)

        init(componentCount: Int) { means = [Int](repeating: 0, count: componentCount) }
    }

    @inline(__always)
    private func readBlock(
        _ place: Int, _ column: Int, _ row: Int, _ state: inout State, _ bits: inout JPEGBits,
        into frame: inout JPEGFrame
    ) -> Bool {
        let index = components[place]
        guard frame.isProgressive else {
            return readWhole(place, column, row, &state, &bits, into: &frame.components[index])
        }
        let block = row * frame.components[index].paddedColumns + column
        if band.lowerBound == 0 {
            let first = block * frame.components[index].coefficientCount
            if isRefinement {
                if bits.takeBit() { frame.components[index].coefficients[first] |= 1 << Int16(bit) }
            } else {
                guard let mean = nextMean(place, &state, &bits) else { return false }
                frame.components[index].coefficients[first] = Int16(truncatingIfNeeded: mean << bit)
            }
            return !bits.isExhausted
        }
        guard let code = otherCodes[place] else { return false }
        if isRefinement { return refine(&frame.components[index], block, code, &state.emptyBlockCount, &bits) }
        return begin(&frame.components[index], block, code, &state.emptyBlockCount, &bits)
    }

    @inline(__always)
    private func nextMean(_ place: Int, _ state: inout State, _ bits: inout JPEGBits) -> Int? {
        guard let length = meanCodes[place]?.next(&bits), length <= 16 else { return nil }
        state.means[place] &+= bits.takeSigned(length)
        return state.means[place]
    }

    /// A block of a sequential frame, which goes to the plane at once.
    private func readWhole(
        _ place: Int, _ column: Int, _ row: Int, _ state: inout State, _ bits: inout JPEGBits,
        into component: inout JPEGComponent
    ) -> Bool {
        guard let mean = nextMean(place, &state, &bits), let code = otherCodes[place],
            let quantisation = component.quantisation
        else { return false }
        let (size, stride) = (component.size, component.stride)
        let start = JPEGFrame.place(component, column: column, row: row)
        let first = Int32(truncatingIfNeeded: mean) &* quantisation[0]
        var index = 1
        var isFlat = true
        while index < 64 {
            guard let symbol = code.next(&bits) else { return false }
            let length = symbol & 15
            if length == 0 {
                if symbol != 0xF0 { break }
                index += 16
                continue
            }
            index += symbol >> 4
            guard index < 64 else { return false }
            let natural = JPEGDecoder.order[index]
            state.block[natural] = Int32(truncatingIfNeeded: bits.takeSigned(length)) &* quantisation[natural]
            isFlat = false
            index += 1
        }
        guard !bits.isExhausted else { return false }
        if isFlat {
            JPEGTransform.flat(first, size: size, into: &component.plane, at: start, stride: stride)
        } else {
            state.block[0] = first
            JPEGTransform.inverse(state.block, size: size, into: &component.plane, at: start, stride: stride)
            for place in 0..<64 { state.block[place] = 0 }
        }
        return true
    }

    /// The first scan of a band: runs of zeros and values, or how many blocks end here.
    private func begin(
        _ component: inout JPEGComponent, _ block: Int, _ code: JPEGHuffman, _ emptyBlockCount: inout Int,
        _ bits: inout JPEGBits
    ) -> Bool {
        guard emptyBlockCount == 0 else {
            emptyBlockCount -= 1
            return true
        }
        var index = band.lowerBound
        while index <= band.upperBound {
            guard let symbol = code.next(&bits) else { return false }
            let (run, length) = (symbol >> 4, symbol & 15)
            if length == 0 {
                if run < 15 {
                    emptyBlockCount = (1 << run) - 1 + bits.take(run)
                    break
                }
                index += 16
                continue
            }
            index += run
            guard index <= band.upperBound else { return false }
            component.set(index, ofBlock: block, to: Int16(truncatingIfNeeded: bits.takeSigned(length) << bit))
            index += 1
        }
        return !bits.isExhausted
    }

    /// A later scan of a band (T.81, G.1.2.3): one more bit for what is not zero, and new values of one bit between.
    private func refine(
        _ component: inout JPEGComponent, _ block: Int, _ code: JPEGHuffman, _ emptyBlockCount: inout Int,
        _ bits: inout JPEGBits
    ) -> Bool {
        let unit = Int16(1) << Int16(bit)
        var index = band.lowerBound
        while emptyBlockCount == 0, index <= band.upperBound {
            guard let symbol = code.next(&bits) else { return false }
            let run = symbol >> 4
            var value: Int16 = 0
            if symbol & 15 != 0 {
                value = bits.takeBit() ? unit : -unit
            } else if run < 15 {
                emptyBlockCount = (1 << run) + bits.take(run)
                break
            }
            index = refine(&component, block, from: index, zeroCount: run, unit, &bits)
            if index <= band.upperBound { component.set(index, ofBlock: block, to: value) }
            index += 1
        }
        if emptyBlockCount > 0 {
            _ = refine(&component, block, from: index, zeroCount: 64, unit, &bits)
            emptyBlockCount -= 1
        }
        return !bits.isExhausted
    }

    /// Refines from `start` on to the zero behind `zeroCount` zeros, and says where that is.
    private func refine(
        _ component: inout JPEGComponent, _ block: Int, from start: Int, zeroCount: Int, _ unit: Int16,
        _ bits: inout JPEGBits
    ) -> Int {
        var zeroCount = zeroCount
        var index = start
        while index <= band.upperBound {
            if !component.isNonZero(index, ofBlock: block) {
                if zeroCount == 0 { break }
                zeroCount -= 1
            } else if bits.takeBit() {
                component.refine(index, ofBlock: block, unit)
            }
            index += 1
        }
        return index
    }
}
