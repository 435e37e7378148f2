// Pictures as JPEG.

import Formats

/// Encodes a picture, as thumbnails are.
enum Encoding {
    static func run(_ words: [String]) throws {
        guard words.count == 3, let quality = Int(words[0]) else { throw Misuse() }
        let picture = try Picture.decode(MappedFile.bytes(words[2])).picture
        let file = try JPEG.encode(picture, quality: quality)
        try MappedFile.write(words[1]) { try file.withUnsafeBufferPointer($0) }
        var count = 0
        let time = try ContinuousClock().measure { count = try JPEG.encode(picture, quality: quality).count }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let megapixels = Double(picture.width * picture.height) / 1e6
        MediaBench.say("encode", [("bytes", Double(count)), ("megapixels_per_s", megapixels / seconds)])
    }
}
