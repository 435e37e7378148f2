// One file of the simulated disk.

internal import Glibc

/// A file's durable bytes, and the changes since.
struct SimulatedFile {
    struct Write {
        var offset: Int
        var bytes: [UInt8]
        var isMapped: Bool
    }

    private enum Change {
        case write(Write)
        case resize(Int)
    }

    private var durable: [UInt8]
    private var pending: [Change] = []

    init(durable: [UInt8] = []) { self.durable = durable }

    mutating func write(_ write: Write) { pending.append(.write(write)) }

    mutating func resize(_ size: Int) { pending.append(.resize(size)) }

    mutating func sync() {
        durable = current
        pending = []
    }

    /// The bytes as the running program sees them.
    var current: [UInt8] {
        var bytes = durable
        for change in pending {
            switch change {
            case .write(let write): SimulatedFile.copy(write.bytes[...], to: write.offset, of: &bytes)
            case .resize(let size): SimulatedFile.resize(&bytes, size)
            }
        }
        return bytes
    }

    /// The bytes that survive a power cut, when each change has a probability of being on its way already.
    func afterPowerCut(keeping percent: Int, _ chance: Chance) -> [UInt8] {
        if pending.isEmpty { return durable }
        // The last write that each sector has seen; within a sector, writes arrive in their order.
        var last: [Int: Int] = [:]
        for (index, change) in pending.enumerated() {
            guard case .write(let write) = change else { continue }
            let isTorn = percent < 100 && chance.percent(25)
            let isKept = chance.percent(percent)
            for sector in SimulatedFile.sectors(of: write) where isTorn ? chance.percent(50) : isKept {
                last[sector] = index
            }
        }
        var bytes = durable
        for (index, change) in pending.enumerated() {
            switch change {
            case .resize(let size): if chance.percent(percent) { SimulatedFile.resize(&bytes, size) }
            case .write(let write):
                for sector in SimulatedFile.sectors(of: write) {
                    guard let newest = last[sector], index <= newest else { continue }
                    let start = max(write.offset, sector * SimulatedDisk.sectorBytes)
                    let end = min(write.offset + write.bytes.count, (sector + 1) * SimulatedDisk.sectorBytes)
                    let part = write.bytes[start - write.offset..<end - write.offset]
                    if write.isMapped, index == newest, percent < 100, chance.percent(25) {
                        SimulatedFile.copyWords(Array(part), to: start, of: &bytes) { chance.percent(50) }
                    } else {
                        SimulatedFile.copy(part, to: start, of: &bytes)
                    }
                }
            }
        }
        return bytes
    }

    // MARK: Bytes

    private static func sectors(of write: Write) -> ClosedRange<Int> {
        let last = max(write.offset, write.offset + write.bytes.count - 1)
        return write.offset / SimulatedDisk.sectorBytes...last / SimulatedDisk.sectorBytes
    }

    private static func resize(_ bytes: inout [UInt8], _ size: Int) {
        if size < bytes.count { bytes.removeLast(bytes.count - size) }
        guard size > bytes.count else { return }
        // In one piece: byte by byte would take most of the time of a test that is built without optimisation.
        bytes = [UInt8](unsafeUninitializedCapacity: size) { [bytes] buffer, count in
            let target = UnsafeMutableRawBufferPointer(buffer)
            // Safety: the buffer is as large as the file becomes.
            if let start = target.baseAddress { memset(start, 0, size) }
            bytes.withUnsafeBytes { target.copyMemory(from: $0) }
            count = size
        }
    }

    private static func copy(_ part: ArraySlice<UInt8>, to offset: Int, of bytes: inout [UInt8]) {
        if part.isEmpty { return }
        if offset + part.count > bytes.count { resize(&bytes, offset + part.count) }
        part.withUnsafeBytes { source in
            bytes.withUnsafeMutableBytes { target in
                // Safety: the file was just made long enough.
                UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + source.count]).copyMemory(from: source)
            }
        }
    }

    /// Copies those words of eight bytes that are chosen; offsets of mapped stores are multiples of eight.
    static func copyWords(_ part: [UInt8], to offset: Int, of bytes: inout [UInt8], where isKept: () -> Bool) {
        for word in stride(from: 0, to: part.count, by: 8) where isKept() {
            copy(part[word..<min(word + 8, part.count)], to: offset + word, of: &bytes)
        }
    }
}
