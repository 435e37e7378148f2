// The checksum that zip archives and PNG pictures put behind their parts.

internal import CZlib

/// The CRC-32 of ISO 3309, as zlib computes it.
enum CRC32 {
    /// The checksum of some bytes.
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        // Safety: crc32_z reads as many bytes as it is told, which the buffer has.
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
