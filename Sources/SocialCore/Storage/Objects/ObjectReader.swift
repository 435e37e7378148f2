// The read service: finds an object and gives its bytes, none of which has not been proved. It takes no lock and writes
// nothing, so it works on a directory that nobody may write to, and beside any number of writers.

internal import Glibc

/// Reads objects.
package struct ObjectReader: Sendable {
    let layout: ObjectLayout

    /// Opens an object wherever it lies: at its home, in another folder, in a replica place.
    ///
    /// - Parameter checks: what was kept when the object was stored.
    /// - Throws: `noSuchFile` when it lies nowhere, `damaged` when there is something else where it should lie.
    package func open(_ hash: ObjectHash, checks: BlockChecks) throws(StorageError) -> OpenObject {
        let object = OpenObject(hash: hash, checks: checks, layout: layout)
        try object.openFirst()
        return object
    }
}

/// An object that is open for reading, closed with its last reference.
///
/// A part that is damaged in one place is taken from the next.
package final class OpenObject {
    /// A file that should be the object.
    private struct Place {
        var folder: String
        var descriptor: Int32
    }

    /// The object's name.
    package let hash: ObjectHash
    /// The size of the object.
    package var sizeBytes: Int { checks.sizeBytes }
    /// The files in which something other than the object was found.
    package private(set) var damagedPlaces: [String] = []

    private let checks: BlockChecks
    private let layout: ObjectLayout
    private var places: [Place] = []
    /// How many folders of the layout have been looked into.
    private var looked = 0
    /// Why a folder could not be looked into.
    private var failure: StorageError?

    fileprivate init(hash: ObjectHash, checks: BlockChecks, layout: ObjectLayout) {
        self.hash = hash
        self.checks = checks
        self.layout = layout
    }

    deinit { for place in places { close(place.descriptor) } }

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
            let extent = checks.range(ofBlock: block)
            // Safety: no block is larger than the memory.
            try memory.withUnsafeMutableBytes { memory in
                try fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<extent.count]), withBlock: block)
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
        for block in range.lowerBound / blockBytes...(range.upperBound - 1) / blockBytes {
            let extent = checks.range(ofBlock: block)
            let part = range.clamped(to: extent)
            // Safety: the part lies in the range, for which the target has room.
            let place = UnsafeMutableRawBufferPointer(
                rebasing: target[part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound])
            if part == extent {
                try fill(place, withBlock: block)
                continue
            }
            // Only whole blocks can be proved.
            if scratch.count != extent.count { scratch = [UInt8](repeating: 0, count: extent.count) }
            let result = scratch.withUnsafeMutableBytes { scratch in
                Result { () throws(StorageError) in
                    try fill(scratch, withBlock: block)
                    let start = part.lowerBound - extent.lowerBound
                    // Safety: the part lies in the block, and the target's part is as long.
                    place.copyMemory(from: UnsafeRawBufferPointer(rebasing: scratch[start..<start + part.count]))
                }
            }
            try result.get()
        }
    }

    /// Reads a block from the first place that has it whole.
    private func fill(_ target: UnsafeMutableRawBufferPointer, withBlock block: Int) throws(StorageError) {
        var number = 0
        while true {
            if number == places.count {
                guard try openNext() else { throw damaged }
            }
            if read(target, at: checks.range(ofBlock: block).lowerBound, from: places[number]),
                checks.matches(UnsafeRawBufferPointer(target), block: block)
            {
                return
            }
            noteDamage(ObjectFile.path(hash, in: places[number].folder))
            number += 1
        }
    }

    /// Whether as much could be read as there is room for.
    private func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int, from place: Place) -> Bool {
        var count = 0
        while count < target.count {
            // Safety: at least `target.count - count` bytes remain in the buffer.
            let got = pread(
                place.descriptor, target.baseAddress.map { $0 + count }, target.count - count, off_t(offset + count))
            if got > 0 { count += got } else if got == 0 || errno != EINTR { return false }
        }
        return true
    }

    // MARK: Finding

    /// Opens the first file that may be the object.
    fileprivate func openFirst() throws(StorageError) {
        if try openNext() { return }
        if !damagedPlaces.isEmpty { throw damaged }
        throw StorageError(
            .noSuchFile, "the object \(hash) is gone: \"\(ObjectFile.path(hash, in: layout.home(hash)))\" is not there",
            hint: "run \"social upload verify --repair\"")
    }

    /// Opens the next file that may be the object; false when there is none.
    private func openNext() throws(StorageError) -> Bool {
        while let folder = layout.candidate(looked, for: hash) {
            looked += 1
            if looked > 1, places.contains(where: { $0.folder == folder }) { continue }
            let path = ObjectFile.path(hash, in: folder)
            do throws(StorageError) {
                guard let descriptor = try ObjectFile.open(path) else { continue }
                places.append(Place(folder: folder, descriptor: descriptor))
                return true
            } catch {
                if error.code == .damaged { noteDamage(path) } else { failure = failure ?? error }
            }
        }
        // It may well be there, where nobody let us look.
        if let failure { throw failure }
        return false
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
