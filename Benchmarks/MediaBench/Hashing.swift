// What pictures look like, in 256 bits.

import Formats

/// Hashes files, as an upload does: from a picture that is small already.
enum Hashing {
    static func run(_ words: [String]) throws {
        var words = words
        let hasVariants = MediaBench.flag("--variants", in: &words)
        for path in words {
            let picture = try Picture.decode(MappedFile.bytes(path), fitting: (512, 512)).picture
            let hashes =
                hasVariants
                ? PictureSpectrum(picture)?.variants ?? [] : PictureHash(of: picture).map { [$0] } ?? []
            print(path, hashes.isEmpty ? "flat" : hashes.map(\.description).joined(separator: " "))
        }
    }
}
