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

    /// A gzip file (RFC 1952) without a name and a time; nil when there is no memory for it, or far too much of it.
    static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        guard bytes.count <= Int(UInt32.max) / 2 else { return nil }
        var stream = z_stream()
        let gzipWindow = MAX_WBITS + 16
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, gzipWindow, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        var isWhole = false
        let packed = [UInt8](unsafeUninitializedCapacity: room) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                // Safety: deflate reads the input, which it does not change, and writes into the output; it is told
                // how many bytes both have, and both live for the call.
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = isWhole ? output.count - Int(stream.avail_out) : 0
        }
        return isWhole ? packed : nil
    }
}

extension Gzip {
    /// Bytes, compressed for a reader who waits for them: quickly rather than well.
    ///
    /// - Returns: nil when there is no memory for it.
    package static func compressed(_ bytes: [UInt8]) -> [UInt8]? { Deflater.gzip(bytes, level: 3) }
}
