// What becomes of the pixels of a file.

import Formats

/// Decodes files, and says what came out.
enum Decoding {
    static func run(_ words: [String]) throws {
        var words = words
        let isRaw = MediaBench.flag("--raw", in: &words)
        let isStored = MediaBench.flag("--stored", in: &words)
        let side = try MediaBench.option("--fit", in: &words).map { Int($0) ?? 0 }
        for path in words {
            do {
                let file = try MappedFile.bytes(path)
                let decoded = try isStored ? stored(file) : Picture.decode(file, fitting: side.map { ($0, $0) })
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

    /// The samples as they stand in the file, without orientation or gamma.
    private static func stored(_ file: FileBytes) throws -> DecodedPicture {
        switch MediaType(file) {
        case .jpeg: try JPEG.decode(file)
        case .png: DecodedPicture(picture: try PNGReader(file).picture(), isComplete: true)
        default: try Picture.decode(file)
        }
    }

    /// FNV-1a of 64 bits (RFC 9923).
    static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
