// A file mapped into memory: the one type through which mapped files are made, written and synced. Files are
// preallocated, because a full disk under a mapping is a signal and not an error, and every write is reported to the
// tests' recorder.

internal import Glibc
internal import Synchronization

/// A mapping of a whole file, shared with all who map it, or private.
///
/// Loads and stores of 8 aligned bytes are atomic on the machines that Swift runs on; anything larger that several
/// processes share carries a checksum.
package final class MappedFile {
    /// The file.
    package let path: String
    /// The size of the file and of the mapping, in bytes.
    package let sizeBytes: Int
    /// Whether the mapping may be written.
    package let isWritable: Bool
    private let base: UnsafeMutableRawPointer
    private let descriptor: Int32
    private let tap: (any FileTap)?

    /// Maps a file that exists.
    ///
    /// - Parameter isPrivate: what is written is seen through this mapping alone and never reaches the file.
    package convenience init(
        opening path: String, writable: Bool, isPrivate: Bool = false, tap: (any FileTap)? = nil
    ) throws(StorageError) {
        let flags = (writable && !isPrivate ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try FileSystem.open(path, flags, while: "open \"\(path)\"")
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else {
            close(descriptor)
            throw StorageError(.damaged, "\"\(path)\" is empty")
        }
        try self.init(
            path: path, descriptor: descriptor, size: Int(status.st_size), writable: writable, isPrivate: isPrivate,
            tap: tap)
    }

    /// Makes a file of zeros with all its blocks allocated, replacing what was there.
    package convenience init(
        creating path: String, sizeBytes: Int, shared: Bool = false, tap: (any FileTap)? = nil
    ) throws(StorageError) {
        try tap?.willApply(.resize(path: path, size: 0))
        try tap?.willApply(.resize(path: path, size: sizeBytes))
        let descriptor = try FileSystem.openEmpty(
            path, isReadable: true, shared: shared, while: "make \"\(path)\"")
        let code = posix_fallocate(descriptor, 0, sizeBytes)
        guard code == 0 else {
            close(descriptor)
            // What could be allocated would keep the last space of a full disk.
            unlink(path)
            throw StorageError(errno: code, while: "allocate \"\(path)\"")
        }
        try self.init(path: path, descriptor: descriptor, size: sizeBytes, writable: true, tap: tap)
    }

    /// Maps a file of counters, in which zeros mean that there is nothing, and allocates what of it is missing.
    ///
    /// Any number of processes can do so at once. Nothing of it is told to the tests' recorder.
    package convenience init(allocating path: String, sizeBytes: Int, shared: Bool) throws(StorageError) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try FileSystem.open(path, flags, mode: shared ? 0o660 : 0o600, while: "open \"\(path)\"")
        var status = stat()
        let isWhole =
            fstat(descriptor, &status) == 0 && status.st_size >= sizeBytes && status.st_blocks * 512 >= sizeBytes
        // A copy may have holes where there were zeros.
        let code = isWhole ? 0 : posix_fallocate(descriptor, 0, sizeBytes)
        guard code == 0 else {
            close(descriptor)
            throw StorageError(errno: code, while: "allocate \"\(path)\"")
        }
        try self.init(path: path, descriptor: descriptor, size: sizeBytes, writable: true, tap: nil)
    }

    private init(
        path: String, descriptor: Int32, size: Int, writable: Bool, isPrivate: Bool = false, tap: (any FileTap)?
    ) throws(StorageError) {
        let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
        let sharing = isPrivate ? MAP_PRIVATE : MAP_SHARED
        guard let address = mmap(nil, size, protection, sharing, descriptor, 0), address != MAP_FAILED else {
            let number = errno
            close(descriptor)
            throw StorageError(errno: number, while: "map \"\(path)\"")
        }
        self.path = path
        sizeBytes = size
        isWritable = writable
        base = address
        self.descriptor = descriptor
        self.tap = isPrivate ? nil : tap
    }

    deinit {
        munmap(base, sizeBytes)
        close(descriptor)
    }

    // Safety: valid as long as this object; another process may change the bytes at any time, so readers copy and
    // check.
    /// The bytes of the mapping, for reading.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: sizeBytes) }

    /// The 64-bit number at an offset, which must be a multiple of 8 inside the file.
    package func load(at offset: Int) -> UInt64 {
        // Safety: offsets are computed from a checked header and bounded by sizeBytes.
        bytes.load(fromByteOffset: offset, as: UInt64.self)
    }

    /// Stores a 64-bit number at an offset, which must be a multiple of 8 inside the file.
    package func store(_ value: UInt64, at offset: Int) throws(StorageError) {
        if tap != nil {
            let image = withUnsafeBytes(of: value.littleEndian) { Array($0) }
            try tap?.willApply(.store(path: path, offset: offset, bytes: image))
        }
        // Safety: as in `load`; the mapping is writable where this is called.
        base.storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
    }

    /// Stores zero where nothing else is ever stored, so that the page is mapped for writing at once, and not for
    /// reading before.
    package func touch(_ offset: Int) {
        // Safety: as in `load`; the mapping is writable where this is called.
        if tap == nil { base.storeBytes(of: 0, toByteOffset: offset, as: UInt64.self) }
    }

    /// Adds to the 64-bit number at an offset, which must be a multiple of 8 inside the file; no other process comes
    /// in between.
    package func add(_ amount: UInt64, at offset: Int) {
        atomic(at: offset).pointee.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Puts a 64-bit number in the place of another, unless a third stands there.
    package func exchange(_ old: UInt64, for new: UInt64, at offset: Int) {
        _ = atomic(at: offset).pointee.compareExchange(expected: old, desired: new, ordering: .relaxed)
    }

    private func atomic(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        // Safety: as in `store`; an atomic number has the size, the alignment and the bits of a plain one.
        (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Changes a range of the file in place, and reports its new bytes.
    package func update<Result>(
        _ range: Range<Int>, _ change: (UnsafeMutableRawBufferPointer) throws -> Result
    ) throws -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= sizeBytes, "a write outside the mapping")
        // Safety: the range was just checked against the mapping.
        let place = UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
        guard let tap else { return try change(place) }
        // The recorder must see a change before it happens, so it is made on a copy first.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 16)
        defer { copy.deallocate() }
        copy.copyMemory(from: UnsafeRawBufferPointer(place))
        let result = try change(copy)
        try tap.willApply(.store(path: path, offset: range.lowerBound, bytes: Array(copy)))
        place.copyMemory(from: UnsafeRawBufferPointer(copy))
        return result
    }

    /// Makes all that was written durable.
    package func sync() throws(StorageError) {
        try tap?.willApply(.sync(path: path))
        guard msync(base, sizeBytes, MS_SYNC) == 0 else {
            throw StorageError(errno: errno, while: "sync \"\(path)\"")
        }
    }
}
