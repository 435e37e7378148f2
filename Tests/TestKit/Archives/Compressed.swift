// Compressed bytes for the tests of readers: made here, so that no test needs a tool or a file.

internal import CZlib

/// Bytes compressed with zlib.
package enum Compressed {
    /// A gzip member.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: 31) }

    /// A zlib stream.
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: 15) }

    /// Deflated data without a wrapping.
    package static func raw(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: -15) }

    /// The checksum that zip archives keep.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32_z(0, bytes, bytes.count)) }

    private static func deflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
            // Safety: the stream stays where it is for the whole of this closure.
            deflateInit2_(
                stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size))
            defer { deflateEnd(stream) }
            let limit = Int(deflateBound(stream, UInt(bytes.count))) + 64
            return [UInt8](unsafeUninitializedCapacity: limit) { room, count in
                bytes.withUnsafeBufferPointer { input in
                    stream.pointee.next_in = input.baseAddress.map(UnsafeMutablePointer.init(mutating:))
                    stream.pointee.avail_in = UInt32(input.count)
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    _ = CZlib.deflate(stream, Z_FINISH)
                }
                count = room.count - Int(stream.pointee.avail_out)
            }
        }
    }
}
