// The one place that calls zlib's deflate: bytes that are whole in memory, compressed in one go.

internal import CZlib

/// Compresses bytes.
enum Deflater {
    /// A zlib stream (RFC 1950); nil when there is no memory for it.
    static func zlib(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8]? {
        var status = Z_OK
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(compressBound(UInt(bytes.count)))) { room, count in
            var length = UInt(room.count)
            bytes.withUnsafeBufferPointer { input in
                // Safety: compress2 reads `input.count` bytes and writes at most `length`, which the buffers have; it
                // sets `length` to what it has written.
                status = compress2(room.baseAddress, &length, input.baseAddress, UInt(input.count), level)
            }
            count = status == Z_OK ? Int(length) : 0
        }
        return status == Z_OK ? compressed : nil
    }
}
