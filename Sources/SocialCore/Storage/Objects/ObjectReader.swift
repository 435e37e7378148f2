// The read service: finds an object and gives its bytes, none of which has not been proved. It takes no lock and needs
// to write nothing, so it works on a directory that nobody may write to, and beside any number of writers. What lies in
// no folder whole is taken from the remote store, where there is one.

internal import Glibc

/// Reads objects.
package struct ObjectReader: Sendable {
    let layout: ObjectLayout
    /// What fetches from a remote store; nil without one.
    let cache: ObjectCache?

    /// Opens an object wherever it lies: at its home, in another folder, in a replica place, in a remote store.
    ///
    /// - Parameter checks: what was kept when the object was stored.
    /// - Throws: `noSuchFile` when it lies nowhere, `damaged` when there is something else where it should lie.
    package func open(_ hash: ObjectHash, checks: BlockChecks) throws(StorageError) -> OpenObject {
        let object = OpenObject(hash: hash, checks: checks, layout: layout, cache: cache)
        try object.openFirst()
        return object
    }
}

/// An object that is open for reading, closed with its last reference.
///
/// A part that is damaged in one place is taken from the next.
package final class OpenObject {
    /// What should be the object: a file, bytes in memory that were proved, or parts of what lies elsewhere.
    private struct Place {
        var folder = ""
        var descriptor: Int32 = -1
        var bytes: [UInt8]?
        var window: RemoteWindow?
    }

    /// How much is read at once before it is proved, unless a block is larger.
    private static let readBytes = 256 << 10

    /// The object's name.
    package let hash: ObjectHash
    /// The size of the object.
    package var sizeBytes: Int { checks.sizeBytes }
    /// How many bytes are proved together: whoever reads in such pieces reads nothing twice.
    package var blockBytes: Int { checks.blockBytes }
    /// The files in which something other than the object was found.
    package private(set) var damagedPlaces: [String] = []

    private let checks: BlockChecks
    private let layout: ObjectLayout
    private let cache: ObjectCache?
    /// What is read from, and further files that were needed because of damage.
    private var first = Place()
    private var others: [Place] = []
    /// How many folders of the layout have been looked into.
    private var looked = 0
    private var hasAskedRemote = false
    /// Why a folder could not be looked into.
    private var failure: StorageError?

    fileprivate init(hash: ObjectHash, checks: BlockChecks, layout: ObjectLayout, cache: ObjectCache?) {
        self.hash = hash
        self.checks = checks
        self.layout = layout
        self.cache = cache
    }

    deinit { for place in others + [first] where place.descriptor >= 0 { close(place.descriptor) } }

    // MARK: Reading

    /// A part of the object.
    ///
    /// - Throws: `damaged` when no place has it whole.
    package func read(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
        try requireInside(range)
        var failure: StorageError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(StorageError) {
                try fill(UnsafeMutableRawBufferPointer(buffer), with: range)
                count = range.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The whole object.
    ///
    /// - Throws: as `read`.
    package func read() throws(StorageError) -> [UInt8] { try read(0..<sizeBytes) }

    /// Hands out a part of the object in pieces, none of which is larger than a block: 64 KiB of a small object, 8 MiB
    /// of one of 4 GiB.
    ///
    /// - Throws: as `read`, and what the closure throws.
    package func forEachChunk(in range: Range<Int>, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        try requireInside(range)
        if range.isEmpty { return }
        let blockBytes = checks.blockBytes
        var memory = [UInt8](repeating: 0, count: min(blockBytes, sizeBytes))
        for block in range.lowerBound / blockBytes...(range.upperBound - 1) / blockBytes {
            let extent = checks.range(ofBlocks: block..<block + 1)
            // Safety: no block is larger than the memory.
            try memory.withUnsafeMutableBytes { memory in
                try fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<extent.count]), with: extent)
            }
            let part = range.clamped(to: extent)
            try body(memory[part.lowerBound - extent.lowerBound..<part.upperBound - extent.lowerBound])
        }
    }

    private func requireInside(_ range: Range<Int>) throws(StorageError) {
        guard range.lowerBound >= 0, range.upperBound <= sizeBytes else {
            throw StorageError(
                .noSuchFile,
                "bytes \(range.lowerBound) to \(range.upperBound) are not in the object \(hash) of \(sizeBytes) bytes")
        }
    }

    private func fill(_ target: UnsafeMutableRawBufferPointer, with range: Range<Int>) throws(StorageError) {
        if range.isEmpty { return }
        let blockBytes = checks.blockBytes
        var scratch: [UInt8] = []
        var block = range.lowerBound / blockBytes
        while block * blockBytes < range.upperBound {
            let whole = wholeBlocks(from: block, in: range, blockBytes)
            if !whole.isEmpty {
                let extent = checks.range(ofBlocks: whole)
                // Safety: the blocks lie in the range, for which the target has room.
                let place = target[extent.lowerBound - range.lowerBound..<extent.upperBound - range.lowerBound]
                try fill(UnsafeMutableRawBufferPointer(rebasing: place), withBlocks: whole)
                block = whole.upperBound
                continue
            }
            // Only whole blocks can be proved.
            let extent = checks.range(ofBlocks: block..<block + 1)
            let part = range.clamped(to: extent)
            if scratch.count != extent.count { scratch = [UInt8](repeating: 0, count: extent.count) }
            let result = scratch.withUnsafeMutableBytes { scratch in
                Result { () throws(StorageError) in
                    try fill(scratch, withBlocks: block..<block + 1)
                    // Safety: the part lies in the block and in the range.
                    UnsafeMutableRawBufferPointer(rebasing: target[(part.lowerBound - range.lowerBound)...]).copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: scratch[part.lowerBound - extent.lowerBound..<part.upperBound - extent.lowerBound]
                        ))
                }
            }
            try result.get()
            block += 1
        }
    }

    /// The blocks from one on that a range covers whole, as many as are read at once: what is proved is then still near
    /// the processor.
    private func wholeBlocks(from block: Int, in range: Range<Int>, _ blockBytes: Int) -> Range<Int> {
        guard block * blockBytes >= range.lowerBound else { return block..<block }
        let end = range.upperBound == sizeBytes ? checks.count : range.upperBound / blockBytes
        return block..<max(block, min(end, block + max(1, Self.readBytes / blockBytes)))
    }

    /// Reads blocks from the first file, and those that are damaged there from the next that has them.
    private func fill(
        _ target: UnsafeMutableRawBufferPointer, withBlocks blocks: Range<Int>
    ) throws(StorageError) {
        let start = checks.range(ofBlocks: blocks).lowerBound
        let isRead = try read(target, at: start, from: first)
        for block in blocks {
            let extent = checks.range(ofBlocks: block..<block + 1)
            // Safety: the block lies in the blocks, for which the target has room.
            let place = UnsafeMutableRawBufferPointer(
                rebasing: target[extent.lowerBound - start..<extent.upperBound - start])
            if isRead, checks.matches(UnsafeRawBufferPointer(place), block: block) { continue }
            try mend(place, block, at: extent.lowerBound)
        }
    }

    /// Reads a block from the first file that has it whole.
    private func mend(
        _ target: UnsafeMutableRawBufferPointer, _ block: Int, at offset: Int
    ) throws(StorageError) {
        var number = -1
        while true {
            if number == others.count {
                guard let next = try openNext() else { throw damaged }
                others.append(next)
            }
            let place = number < 0 ? first : others[number]
            // What was turned on its way from elsewhere comes right the next time.
            for _ in 0..<(place.window == nil ? 1 : RemoteObjects.fetches) {
                place.window?.forget()
                if try read(target, at: offset, from: place),
                    checks.matches(UnsafeRawBufferPointer(target), block: block)
                {
                    return
                }
            }
            noteDamage(place.window?.place ?? hash.path(in: place.folder))
            number += 1
        }
    }

    /// Whether as much could be read as there is room for.
    private func read(
        _ target: UnsafeMutableRawBufferPointer, at offset: Int, from place: Place
    ) throws(StorageError) -> Bool {
        if let window = place.window { return try window.read(target, at: offset) }
        if let bytes = place.bytes {
            guard offset + target.count <= bytes.count else { return false }
            // Safety: the bytes go as far as the target has room.
            bytes.withUnsafeBytes { bytes in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + target.count]))
            }
            return true
        }
        let descriptor = place.descriptor
        var count = 0
        while count < target.count {
            // Safety: at least `target.count - count` bytes remain in the buffer.
            let got = pread(
                descriptor, target.baseAddress.map { $0 + count }, target.count - count, off_t(offset + count))
            if got > 0 { count += got } else if got == 0 || errno != EINTR { return false }
        }
        return true
    }

    // MARK: Finding

    /// Opens the first file that may be the object.
    fileprivate func openFirst() throws(StorageError) {
        if let place = try openNext() {
            first = place
            return
        }
        if !damagedPlaces.isEmpty { throw damaged }
        throw StorageError(
            .noSuchFile,
            "the object \(hash) is gone: \"\(cache?.remote.place(of: hash) ?? hash.path(in: layout.home(hash)))\" is "
                + "not there",
            hint: "run \"social upload verify --repair\"")
    }

    /// Opens the next file that may be the object; nil when there is none.
    private func openNext() throws(StorageError) -> Place? {
        while let folder = layout.candidate(looked, for: hash) {
            looked += 1
            if folder == first.folder || others.contains(where: { $0.folder == folder }) { continue }
            let path = hash.path(in: folder)
            do throws(StorageError) {
                if let descriptor = try ObjectFile.open(path) { return Place(folder: folder, descriptor: descriptor) }
            } catch {
                if error.code == .damaged { noteDamage(path) } else { failure = failure ?? error }
            }
        }
        if let cache, !hasAskedRemote {
            hasAskedRemote = true
            if let place = try fetched(by: cache) { return place }
        }
        // It may well be there, where nobody let us look.
        if let failure { throw failure }
        return nil
    }

    /// What a remote store has under the object's name; nil for nothing.
    private func fetched(by cache: ObjectCache) throws(StorageError) -> Place? {
        let (remote, sizeBytes) = (cache.remote, checks.sizeBytes)
        guard sizeBytes <= RemoteObjects.wholeBytes else {
            switch try remote.look(hash, sizeBytes: sizeBytes) {
            case .missing: return nil
            case .wrongSize:
                noteDamage(remote.place(of: hash))
                return nil
            case .sound, .damaged: return Place(window: RemoteWindow(remote, hash, sizeBytes: sizeBytes))
            }
        }
        do throws(StorageError) {
            if cache.isWritable(hash) {
                do throws(StorageError) {
                    guard let path = try cache.file(hash, sizeBytes: sizeBytes) else { return nil }
                    if let descriptor = try ObjectFile.open(path) {
                        return Place(folder: layout.home(hash), descriptor: descriptor)
                    }
                } catch {
                    // What cannot be kept can still be read.
                    guard [.diskFull, .permissionDenied, .ioError, .noSuchFile].contains(error.code) else {
                        throw error
                    }
                }
            }
            return try cache.bytes(hash, sizeBytes: sizeBytes).map { Place(bytes: $0) }
        } catch {
            guard error.code == .damaged else { throw error }
            noteDamage(remote.place(of: hash))
            return nil
        }
    }

    private func noteDamage(_ path: String) {
        if !damagedPlaces.contains(path) { damagedPlaces.append(path) }
    }

    private var damaged: StorageError {
        StorageError(
            .damaged,
            "the object \(hash) is damaged in \"\(damagedPlaces.first ?? "")\", and no other copy has it whole",
            hint: "run \"social upload verify --repair\"")
    }
}
