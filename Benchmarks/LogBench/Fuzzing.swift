// Damaged lines of all formats, by the million; it belongs under AddressSanitizer (`swift build --sanitize=address`).
// Whatever comes, there must be a line or a fault, in bounded memory, and the same however the bytes are cut.

import Formats
import Glibc

/// Damages logs, and reads them.
enum Fuzzing {
    static func run(_ words: [String]) throws { throw Misuse() }
}
