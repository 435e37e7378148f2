// The files in which the time zones of the world are kept (TZif, RFC 9636, versions 1 to 4). They come from the system,
// but also from a folder that a variable names, so every count is checked against the bytes that there are.

/// The bytes of a time zone.
struct TimeZoneFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A header: how much of what follows.
    private struct Header {
        let version: UInt8
        let marksOfUT: Int
        let marksOfStandard: Int
        let leapSeconds: Int
        let times: Int
        let types: Int
        let nameBytes: Int

        static let sizeBytes = 44

        /// The size of what follows; the counts have 32 bits, so that the sum cannot exceed 64.
        func blockBytes(timeBytes: Int) -> Int {
            times * (timeBytes + 1) + types * 6 + nameBytes + leapSeconds * (timeBytes + 4) + marksOfStandard
                + marksOfUT
        }
    }

    /// The zone.
    func zone() throws(DataError) -> ZoneRules {
        let first = try header(at: 0)
        if first.version == 0 { return try zone(first, at: Header.sizeBytes, timeBytes: 4, rule: nil) }
        // The older form comes first and may be empty; the second has times of 64 bits and a rule at its end.
        let start = Header.sizeBytes + first.blockBytes(timeBytes: 4)
        let second = try header(at: start)
        let block = start + Header.sizeBytes
        let footer = block + second.blockBytes(timeBytes: 8)
        return try zone(second, at: block, timeBytes: 8, rule: rule(at: footer))
    }

    private func header(at offset: Int) throws(DataError) -> Header {
        guard offset <= bytes.count - Header.sizeBytes else { throw fault(min(offset, bytes.count), "is cut off") }
        guard bytes[offset..<offset + 4].elementsEqual("TZif".utf8) else {
            throw fault(offset, "is no file of a time zone")
        }
        let header = Header(
            version: bytes[offset + 4], marksOfUT: count(offset + 20), marksOfStandard: count(offset + 24),
            leapSeconds: count(offset + 28), times: count(offset + 32), types: count(offset + 36),
            nameBytes: count(offset + 40))
        guard header.version == 0 || header.version >= UInt8(ascii: "2") else {
            throw fault(offset + 4, "has an unknown version")
        }
        return header
    }

    private func zone(
        _ header: Header, at start: Int, timeBytes: Int, rule: PosixTimeRule?
    ) throws(DataError) -> ZoneRules {
        guard header.blockBytes(timeBytes: timeBytes) <= bytes.count - start else {
            throw fault(bytes.count, "is cut off")
        }
        guard header.leapSeconds == 0 else {
            throw fault(start, "counts leap seconds, as the time of a computer does not")
        }
        guard header.types > 0 else { throw fault(start, "has no offset from UTC") }
        let indices = start + header.times * timeBytes
        let types = indices + header.times
        var offsets: [Int64] = []
        for type in 0..<header.types {
            let place = types + type * 6
            let offset = integer(at: place, bytes: 4)
            guard abs(offset) <= ZoneRules.offsetSecondsMax else { throw fault(place, "is too far from UTC") }
            offsets.append(offset)
        }
        var changes: [ZoneRules.Change] = []
        for index in 0..<header.times {
            let place = start + index * timeBytes
            let seconds = integer(at: place, bytes: timeBytes)
            let type = Int(bytes[indices + index])
            guard type < offsets.count else { throw fault(indices + index, "names an offset that it does not have") }
            if let last = changes.last, seconds <= last.seconds { throw fault(place, "goes back in time") }
            changes.append(.init(seconds: seconds, offsetSeconds: offsets[type]))
        }
        return ZoneRules(offsetAtFirst: offsets[0], changes: changes, rule: rule)
    }

    /// The rule between the newlines at the end; nil when there is none.
    private func rule(at offset: Int) throws(DataError) -> PosixTimeRule? {
        guard offset < bytes.count, bytes[offset] == ASCII.newline,
            let end = bytes[(offset + 1)...].firstIndex(of: ASCII.newline)
        else { throw fault(min(offset, bytes.count), "is cut off") }
        if end == offset + 1 { return nil }
        guard let rule = PosixTimeRule(bytes[(offset + 1)..<end]) else {
            throw fault(offset + 1, "ends with a rule that is none")
        }
        return rule
    }

    // MARK: Numbers

    private func count(_ offset: Int) -> Int { Int(integer(at: offset, bytes: 4) & 0xFFFF_FFFF) }

    /// A number of two's complement, the highest byte first; the caller knows that it is there.
    private func integer(at offset: Int, bytes count: Int) -> Int64 {
        let bits = bytes[offset..<offset + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return count == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    private func fault(_ offset: Int, _ what: String) -> DataError {
        DataError(.syntax, byteOffset: offset, "the time zone \(what)")
    }
}
