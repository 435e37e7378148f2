// The segments of a JPEG file (T.81, annex B): tables, the frame header, scans.

/// Reads the segments, and keeps the tables that scans use.
struct JPEGDecoder {
    /// The picture; nil before its header.
    private(set) var frame: JPEGFrame?
    private var markers: JPEGMarkers
    private let scale: Int
    /// In the order of rows.
    private var quantisations = [[Int32]?](repeating: nil, count: 4)
    private(set) var meanCodes = [JPEGHuffman?](repeating: nil, count: 4)
    private(set) var otherCodes = [JPEGHuffman?](repeating: nil, count: 4)
    /// Units between two restart marks; zero without.
    private(set) var restartInterval = 0
    private var hasJFIF = false
    private var adobeTransform: UInt8?

    /// The order in which coefficients are stored: for each, its place in rows.
    static let order: [Int] = [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60,
        61, 54, 47, 55, 62, 63,
    ]

    /// Begins a file; blocks become squares of `scale`.
    init(_ file: FileBytes, scale: JPEG.Scale) throws(PictureError) {
        markers = try JPEGMarkers(file)
        self.scale = scale.rawValue
    }

    /// Reads the file; false if something behind the first scan is damaged or missing.
    mutating func read() throws(PictureError) -> Bool {
        var isComplete = true
        var isEnded = false
        var scanCount = 0
        while !isEnded, let marker = markers.next() {
            do {
                if marker == 0xDA {
                    scanCount += 1
                    if try !readScan() { isComplete = false }
                } else {
                    isEnded = try readSegment(marker)
                }
            } catch {
                guard scanCount > 0 else { throw error }
                isComplete = false
                isEnded = true
            }
        }
        guard scanCount > 0, frame != nil else {
            throw PictureError(.truncated, "the JPEG file ends before its picture")
        }
        guard frame?.components.contains(where: { $0.quantisation != nil }) == true else {
            throw PictureError(.damaged, "no scan of the JPEG file is whole")
        }
        if frame?.components.contains(where: { $0.quantisation == nil }) == true { isComplete = false }
        if frame?.isProgressive == true { frame?.transformAll() }
        return isComplete && isEnded
    }

    /// How the components stand for colours: what Adobe's segment says, else what the names of components suggest.
    func colour(of frame: JPEGFrame) -> JPEGColour {
        switch frame.components.count {
        case 1: return .grey
        case 3:
            if hasJFIF { return .luminance }
            if let adobeTransform { return adobeTransform == 0 ? .direct : .luminance }
            return frame.components.map(\.id) == Array("RGB".utf8) ? .direct : .luminance
        default:
            guard let adobeTransform else { return .ink }
            return adobeTransform == 2 ? .invertedInkLuminance : .invertedInk
        }
    }

    /// The contents of a segment that is looked at.
    private mutating func header() throws(PictureError) -> [UInt8] { Array(try markers.segment().bytes) }

    /// Reads what is not a scan; true at the end mark.
    private mutating func readSegment(_ marker: UInt8) throws(PictureError) -> Bool {
        switch marker {
        case 0x01, 0xD0...0xD8: break
        case 0xD9: return true
        case 0xC0, 0xC1, 0xC2:
            guard frame == nil else { throw PictureError(.damaged, "the JPEG file has two frames") }
            frame = try JPEGFrame(
                header(), isProgressive: marker == 0xC2, scale: scale, fileBytes: markers.file.count)
        case 0xC4: try readCodes(header()[...])
        case 0xC3, 0xC5...0xCF:
            throw PictureError(.unsupported, "the JPEG file is lossless, hierarchical or arithmetically coded")
        case 0xDB: try readQuantisations(header()[...])
        case 0xDD:
            let segment = try header()
            guard segment.count == 2 else {
                throw PictureError(.damaged, "the restart interval of the JPEG file is no number of two bytes")
            }
            restartInterval = Int(segment[0]) << 8 | Int(segment[1])
        case 0xE0: hasJFIF = try markers.segment().has("JFIF\0") || hasJFIF
        case 0xEE:
            let segment = try header()
            if segment.count >= 12, segment.starts(with: Array("Adobe".utf8)) { adobeTransform = segment[11] }
        default: _ = try markers.segment()
        }
        return false
    }

    private mutating func readQuantisations(_ segment: ArraySlice<UInt8>) throws(PictureError) {
        var rest = segment
        while let kind = rest.popFirst() {
            let width = kind >> 4 == 0 ? 1 : 2
            guard kind >> 4 < 2, kind & 15 < 4, rest.count >= 64 * width else {
                throw PictureError(.damaged, "a quantisation table of the JPEG file is none that can be")
            }
            var table = [Int32](repeating: 0, count: 64)
            for place in Self.order {
                for _ in 0..<width { table[place] = table[place] << 8 | Int32(rest.removeFirst()) }
            }
            quantisations[Int(kind & 15)] = table
        }
    }

    private mutating func readCodes(_ segment: ArraySlice<UInt8>) throws(PictureError) {
        var rest = segment
        while let kind = rest.popFirst() {
            let counts = rest.prefix(16)
            rest = rest.dropFirst(16)
            let symbols = rest.prefix(counts.reduce(0) { $0 + Int($1) })
            rest = rest.dropFirst(symbols.count)
            guard kind >> 4 < 2, kind & 15 < 4, counts.count == 16,
                let code = JPEGHuffman(counts: counts, symbols: symbols)
            else { throw PictureError(.damaged, "a Huffman code of the JPEG file is none that can be") }
            if kind >> 4 == 0 { meanCodes[Int(kind & 15)] = code } else { otherCodes[Int(kind & 15)] = code }
        }
    }

    private mutating func readScan() throws(PictureError) -> Bool {
        let header = try header()
        guard var frame else { throw PictureError(.damaged, "a scan of the JPEG file comes before the frame header") }
        let scan = try JPEGScan(header, of: frame, meanCodes: meanCodes, otherCodes: otherCodes)
        for index in scan.components where frame.components[index].quantisation == nil {
            guard let table = quantisations[frame.components[index].table] else {
                throw PictureError(.damaged, "the JPEG file lacks a quantisation table")
            }
            frame.components[index].quantisation = table
        }
        self.frame = nil
        defer { self.frame = frame }
        return try readIntervals(of: scan, into: &frame)
    }

    /// Reads the intervals between restart marks; false if some were damaged, which stay as they were.
    private mutating func readIntervals(of scan: JPEGScan, into frame: inout JPEGFrame) throws(PictureError) -> Bool {
        guard try scan.begin(&frame) else { return true }
        let unitCount = scan.unitCount(of: frame)
        let interval = restartInterval > 0 ? restartInterval : unitCount
        var isWhole = true
        var unit = 0
        while true {
            let units = unit..<min(unit + interval, unitCount)
            var bits = JPEGBits(markers.file, at: markers.position)
            if !scan.read(units, &bits, into: &frame) { isWhole = false }
            markers.position = bits.position
            unit += interval
            if unit >= unitCount { return isWhole }
            guard let marker = markers.next() else { return false }
            guard 0xD0...0xD7 ~= marker else {
                markers.position -= 2
                return false
            }
            // Marks count from 0 to 7; those that are missing stand for intervals that are lost.
            let lost = (Int(marker) - unit / interval + 1) & 7
            if lost > 0 { isWhole = false }
            unit += lost * interval
            if unit >= unitCount { return false }
        }
    }
}
