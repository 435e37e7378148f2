// The one place that calls zlib's inflate: a stream of deflated bytes goes in, piece by piece, and comes out inflated.

internal import CZlib

/// The state of one inflation.
final class Inflater {
    /// What zlib puts around the deflated data.
    enum Wrapping: Int32 {
        /// A gzip member (RFC 1952); its checksum and length are checked.
        case gzip = 31
        /// A zlib stream (RFC 1950), as in PNG pictures; its checksum is checked.
        case zlib = 15
        /// Nothing (RFC 1951), as in zip archives.
        case none = -15
    }

    /// What one step ended with.
    enum Outcome {
        /// It needs more input, or more room.
        case goesOn
        /// The data has ended.
        case ended
        /// The data is damaged.
        case damaged(String)
    }

    /// How much a step puts out at most, in bytes.
    static let stepBytes = 64 << 10

    // zlib keeps a pointer to the stream, so the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool

    init(_ wrapping: Wrapping) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Safety: the stream is zeroed memory of the size that is given; zlib allocates with its own functions.
        let status = inflateInit2_(stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        isReady = status == Z_OK
    }

    deinit {
        // Safety: inflateEnd refuses a stream that inflateInit has refused.
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Begins with new data of the same kind.
    func reset() { inflateReset(stream) }

    /// Inflates some of `input` from `position` on, appends it to `output` and moves `position` on.
    func step(_ input: [UInt8], _ position: inout Int, into output: inout [UInt8]) -> Outcome {
        guard isReady else { return .damaged("there is no memory to inflate it") }
        var status = Z_OK
        let available = min(input.count - position, Int(Int32.max))
        output += [UInt8](unsafeUninitializedCapacity: Self.stepBytes) { room, count in
            input.withUnsafeBufferPointer { bytes in
                // Safety: zlib reads `avail_in` and writes `avail_out` bytes, which the buffers have; the pointers are
                // set anew for each step.
                stream.pointee.next_in = bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = room.baseAddress
                stream.pointee.avail_out = UInt32(room.count)
                status = inflate(stream, Z_NO_FLUSH)
            }
            count = room.count - Int(stream.pointee.avail_out)
        }
        position += available - Int(stream.pointee.avail_in)
        switch status {
        case Z_STREAM_END: return .ended
        // Without input or room nothing is wrong: the caller brings more.
        case Z_OK, Z_BUF_ERROR: return .goesOn
        case Z_NEED_DICT: return .damaged("it needs a dictionary")
        case Z_MEM_ERROR: return .damaged("there is no memory to inflate it")
        default:
            // Safety: zlib's messages are constants of the library.
            return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "it is no deflated data")
        }
    }
}
