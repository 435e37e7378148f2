// Arrays packed into one file that is written once and then only read: the form of views that are made in bulk. Each
// block of 4 KiB has a checksum that is looked at before anything in the block is believed, so a torn or flipped file
// is found without reading more of it than is used; such a file needs no sync, because it can be made again.
//
//     header    magic, kind, number of sections, size, check; then offset and size of each section, 16 bytes each
//     checks    8 bytes a block of everything that follows
//     sections  each from a multiple of 64 bytes on

internal import Glibc

/// Packed arrays in memory, or mapped from a file.
package final class PackedFile {
    private static let magic: UInt64 = 0x3130_4B43_4150_4353  // "SCPACK01"
    private static let headerBytes = 64
    private static let blockBytes = 4_096

    private let base: UnsafeMutableRawPointer
    /// The bytes that it takes.
    package let sizeBytes: Int
    private let map: MappedFile?
    private let layout: Layout
    /// The blocks that have been looked at.
    private let proven: UnsafeMutablePointer<Bool>

    /// Where the sections lie.
    private struct Layout {
        var starts: [Int] = []
        var sizes: [Int]
        var checksStart: Int
        var bodyStart: Int
        var total: Int

        init(sizes: [Int]) {
            self.sizes = sizes
            let body = Layout.aligned(sizes.reduce(0) { Layout.aligned($0) + $1 })
            checksStart = PackedFile.headerBytes + 16 * sizes.count
            bodyStart = Layout.aligned(checksStart + 8 * ((body + blockBytes - 1) / blockBytes))
            var end = bodyStart
            for size in sizes {
                starts.append(Layout.aligned(end))
                end = Layout.aligned(end) + size
            }
            total = Layout.aligned(end)
        }

        var blocks: Int { (total - bodyStart + blockBytes - 1) / blockBytes }

        static func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }
    }

    // MARK: Making

    /// Memory for sections of some sizes, in bytes; they are filled through `place` and then `seal`ed.
    package init(sectionSizes: [Int]) {
        layout = Layout(sizes: sectionSizes)
        sizeBytes = layout.total
        base = .allocate(byteCount: sizeBytes, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: min(layout.bodyStart, sizeBytes))
        map = nil
        proven = .allocate(capacity: 0)
        // What lies between two sections belongs to a block and has to be the same each time.
        for (index, start) in layout.starts.enumerated() {
            let end = index + 1 < layout.starts.count ? layout.starts[index + 1] : sizeBytes
            let used = start + layout.sizes[index]
            (base + used).initializeMemory(as: UInt8.self, repeating: 0, count: end - used)
        }
    }

    /// The bytes of a file with sections of some sizes.
    static func sizeBytes(ofSections sizes: [Int]) -> Int { Layout(sizes: sizes).total }

    /// The memory of a section that is being made.
    package func place<Element: BitwiseCopyable>(
        _ section: Int, of type: Element.Type = Element.self
    ) -> UnsafeMutableBufferPointer<Element> {
        let count = layout.sizes[section] / MemoryLayout<Element>.stride
        // Safety: the section lies inside the memory, aligned to 64 bytes, and holds plain numbers only.
        let start = (base + layout.starts[section]).bindMemory(to: Element.self, capacity: count)
        return UnsafeMutableBufferPointer(start: start, count: count)
    }

    /// Writes what was made to a file, replacing it; not synced.
    ///
    /// - Parameter kind: what the sections mean, and in which format.
    package func write(
        _ path: String, kind: UInt64, shared: Bool, files: FileSystem
    ) throws(StorageError) {
        func put(_ value: UInt64, at offset: Int) { base.storeBytes(of: value, toByteOffset: offset, as: UInt64.self) }
        put(PackedFile.magic, at: 0)
        put(kind, at: 8)
        put(UInt64(layout.sizes.count), at: 16)
        put(UInt64(sizeBytes), at: 24)
        for (index, size) in layout.sizes.enumerated() {
            put(UInt64(layout.starts[index]), at: PackedFile.headerBytes + 16 * index)
            put(UInt64(size), at: PackedFile.headerBytes + 16 * index + 8)
        }
        for block in 0..<layout.blocks { put(check(ofBlock: block), at: layout.checksStart + 8 * block) }
        put(headerCheck, at: 32)
        // Safety: the memory is this object's own and stays while it is written.
        try files.replaceUnsynced(
            path, with: UnsafeRawBufferPointer(start: base, count: sizeBytes), shared: shared)
    }

    // MARK: Opening

    /// Maps a file.
    ///
    /// - Returns: nil when there is none of this kind, or its head is damaged: then it is made again.
    package init?(opening path: String, kind: UInt64, files: FileSystem) {
        guard let map = try? MappedFile(opening: path, writable: false), map.sizeBytes >= PackedFile.headerBytes,
            map.load(at: 0) == PackedFile.magic, map.load(at: 8) == kind, map.load(at: 24) == UInt64(map.sizeBytes),
            map.load(at: 16) <= 64, map.sizeBytes >= PackedFile.headerBytes + 16 * Int(map.load(at: 16)),
            let start = map.bytes.baseAddress
        else { return nil }
        let sizes = (0..<Int(map.load(at: 16))).map { section in
            Int(map.load(at: PackedFile.headerBytes + 16 * section + 8) & 0xFFFF_FFFF_FFFF)
        }
        let layout = Layout(sizes: sizes)
        guard layout.total == map.sizeBytes else { return nil }
        self.map = map
        self.layout = layout
        // Safety: the mapping lives as long as this object; nothing is written through it.
        base = UnsafeMutableRawPointer(mutating: start)
        sizeBytes = map.sizeBytes
        proven = .allocate(capacity: layout.blocks)
        proven.initialize(repeating: false, count: layout.blocks)
        guard map.load(at: 32) == headerCheck else { return nil }
    }

    deinit {
        proven.deallocate()
        if map == nil { base.deallocate() }
    }

    // MARK: Reading

    /// How many elements a section has.
    package func count<Element: BitwiseCopyable>(_ section: Int, of type: Element.Type) -> Int {
        layout.sizes[section] / MemoryLayout<Element>.stride
    }

    /// A part of a section, after its blocks have been proven.
    ///
    /// - Throws: `damaged`.
    package func part<Element: BitwiseCopyable>(
        _ section: Int, _ range: Range<Int>, of type: Element.Type = Element.self
    ) throws(StorageError) -> UnsafeBufferPointer<Element> {
        let stride = MemoryLayout<Element>.stride
        guard range.lowerBound >= 0, range.upperBound * stride <= layout.sizes[section] else { throw damaged }
        let start = layout.starts[section] + range.lowerBound * stride
        if map != nil, !range.isEmpty { try prove(start..<start + range.count * stride) }
        // Safety: the range was just checked against the section.
        let place = UnsafeRawPointer(base + start).assumingMemoryBound(to: Element.self)
        return UnsafeBufferPointer(start: place, count: range.count)
    }

    /// One element of a section.
    package func element<Element: BitwiseCopyable>(
        _ section: Int, _ index: Int, of type: Element.Type = Element.self
    ) throws(StorageError) -> Element {
        try part(section, index..<index + 1, of: type)[0]
    }

    /// A whole section.
    package func all<Element: BitwiseCopyable>(
        _ section: Int, of type: Element.Type = Element.self
    ) throws(StorageError) -> UnsafeBufferPointer<Element> {
        try part(section, 0..<count(section, of: type), of: type)
    }

    /// Looks at all blocks.
    ///
    /// - Throws: `damaged`.
    package func prove() throws(StorageError) {
        if map != nil, layout.bodyStart < sizeBytes { try prove(layout.bodyStart..<sizeBytes) }
    }

    private func prove(_ bytes: Range<Int>) throws(StorageError) {
        let first = (bytes.lowerBound - layout.bodyStart) / PackedFile.blockBytes
        let last = (bytes.upperBound - 1 - layout.bodyStart) / PackedFile.blockBytes
        for block in first...last where !proven[block] {
            let check = base.load(fromByteOffset: layout.checksStart + 8 * block, as: UInt64.self)
            guard self.check(ofBlock: block) == check else { throw damaged }
            proven[block] = true
        }
    }

    /// What to say when the contents make no sense.
    var damaged: StorageError {
        StorageError(.damaged, "\"\(map?.path ?? "")\" is damaged", hint: "remove it, and it is made again")
    }

    // MARK: Checks

    /// Four sums side by side, in each of which every word counts: a changed word always changes its sum.
    private func check(ofBlock block: Int) -> UInt64 {
        let start = layout.bodyStart + block * PackedFile.blockBytes
        let end = min(start + PackedFile.blockBytes, sizeBytes)
        // Safety: blocks lie inside the memory, whose size is a multiple of 64 bytes.
        let words = UnsafeRawBufferPointer(start: base + start, count: end - start).assumingMemoryBound(to: UInt64.self)
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index < words.count {
            a = (a ^ words[index]) &* factor
            b = (b ^ words[index + 1]) &* factor
            c = (c ^ words[index + 2]) &* factor
            d = (d ^ words[index + 3]) &* factor
            a ^= a >> 32
            b ^= b >> 32
            c ^= c >> 32
            d ^= d >> 32
            index += 4
        }
        return [b, c, d, UInt64(block)].reduce(Mixing.finalize(a)) { Mixing.finalize($0 ^ $1) }
    }

    private var headerCheck: UInt64 {
        var check = PackedFile.magic
        for offset in stride(from: 0, to: layout.bodyStart, by: 8) where offset != 32 {
            check = Mixing.finalize(check ^ base.load(fromByteOffset: offset, as: UInt64.self))
        }
        return check
    }
}
