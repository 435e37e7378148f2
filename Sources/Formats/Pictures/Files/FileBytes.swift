// A file as all readers of pictures and films see it: memory that is only looked at. Films are larger than memory, so
// what they read may be a mapping that somebody else keeps; every read is checked against its size.

internal import CZlib
internal import Glibc

/// The bytes of a file, wherever in memory they lie.
package struct FileBytes: RandomAccessCollection, @unchecked Sendable {
    private let memory: UnsafeRawBufferPointer
    private let owner: any AnyObject & Sendable

    /// The bytes of memory that does not change and that is there as long as `owner` is, such as a mapped file.
    ///
    /// Safety: nobody may write to the memory, and a mapped file may not be made shorter.
    package init(_ memory: UnsafeRawBufferPointer, keptBy owner: any AnyObject & Sendable) {
        self.memory = memory
        self.owner = owner
    }

    /// A copy of an array.
    package init(_ bytes: [UInt8]) {
        let copy = Copy(bytes)
        self.init(UnsafeRawBufferPointer(copy.memory), keptBy: copy)
    }

    /// Zero.
    package var startIndex: Int { 0 }
    /// The size in bytes.
    package var endIndex: Int { memory.count }

    /// The byte at an offset that exists.
    @inline(__always)
    package subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < memory.count)
        // Safety: the offset is within the memory, which the owner keeps.
        return withExtendedLifetime(owner) { memory[offset] }
    }

    /// Lets a body see all bytes at once; they are gone when it returns.
    package func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        // Safety: the memory holds bytes, and the owner keeps it until the body has returned.
        try withExtendedLifetime(owner) { try memory.withMemoryRebound(to: UInt8.self, body) }
    }

    /// The first place of a byte at an offset or behind it.
    func place(of byte: UInt8, from offset: Int) -> Int? {
        guard offset >= 0, offset < count, let base = memory.baseAddress else { return nil }
        // Safety: memchr looks at the bytes from the offset to the end of the memory, which the owner keeps.
        return withExtendedLifetime(owner) {
            memchr(base + offset, Int32(byte), count - offset).map { UnsafeRawPointer($0) - base }
        }
    }

    /// The CRC-32 of some bytes.
    func checksum(_ range: Range<Int>) -> UInt32 {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let part = UnsafeRawBufferPointer(rebasing: memory[range])
        // Safety: crc32_z reads as many bytes as it is told, which the owner keeps.
        return withExtendedLifetime(owner) {
            UInt32(truncatingIfNeeded: crc32_z(0, part.baseAddress?.assumingMemoryBound(to: UInt8.self), part.count))
        }
    }
}

/// The copy of an array, at a place that does not move.
private final class Copy: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
        // Safety: as much is allocated as is copied, and nothing is written later.
        memory = .allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
    }

    deinit { memory.deallocate() }
}
