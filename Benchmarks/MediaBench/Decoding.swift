// What becomes of the pixels of a file.

import Formats

/// Decodes files, and says what came out.
enum Decoding {
    static func run(_ words: [String]) throws {
        var words = words
        let isRaw = MediaBench.flag("--raw", in: &words)
        let side = try MediaBench.option("--fit", in: &words).map { Int($0) ?? 0 }
        for path in words {
            do {
                let decoded = try Picture.decode(MappedFile.bytes(path), fitting: side.map { ($0, $0) })
                let picture = decoded.picture
                if isRaw {
                    try MappedFile.write("/dev/stdout") { write in
                        try Array("\(picture.width) \(picture.height)\n".utf8).withUnsafeBufferPointer(write)
                        try picture.pixels.withUnsafeBufferPointer(write)
                    }
                } else {
                    let digest = String(digest(picture.pixels), radix: 16)
                    print(path, picture.width, picture.height, digest, decoded.isComplete ? "" : "incomplete")
                }
            } catch let error as PictureError {
                print(path, error.code.rawValue, error.message)
            }
        }
    }

    /// FNV-1a of 64 bits (RFC 9923).
    static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
