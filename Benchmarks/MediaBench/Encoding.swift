// Pictures as JPEG.

import Formats
import Glibc

/// Encodes a picture.
enum Encoding {
    static func run(_ words: [String]) throws {}
}
