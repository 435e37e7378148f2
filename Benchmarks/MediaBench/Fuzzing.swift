// Damaged files.

import Formats

/// Damages files.
enum Fuzzing {
    static func run(_ words: [String]) throws {}
}
