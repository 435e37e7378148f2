// Randomness that can be repeated: a property test prints its seed, and SOCIAL_TEST_SEED runs it again with that one.

import Formats
import Glibc

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(_ name: String) {
        seed = getenv("SOCIAL_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? .random(in: 0 ... .max)
        state = seed
        print("\(name): SOCIAL_TEST_SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// A text of at most `length` pieces of `alphabet`.
    mutating func text(_ alphabet: [String], length: Int) -> String {
        var text = ""
        for _ in 0..<below(length + 1) { text += alphabet[below(alphabet.count)] }
        return text
    }

    /// Bytes that are mostly the ones which `alphabet` holds.
    mutating func bytes(_ alphabet: String, length: Int) -> [UInt8] {
        let alphabet = Array(alphabet.utf8)
        return (0..<below(length + 1)).map { _ in
            below(12) == 0 ? UInt8.random(in: 0...255, using: &self) : alphabet[below(alphabet.count)]
        }
    }

    /// A source that gives the bytes in pieces of random size.
    mutating func lineSource(_ bytes: [UInt8]) -> ChunkSource {
        var rest = bytes[...]
        var sizes = (0..<64).map { _ in 1 + below(9) }
        return { buffer in
            let size = sizes.removeFirst()
            sizes.append(size)
            buffer.append(contentsOf: rest.prefix(size))
            rest = rest.dropFirst(size)
        }
    }

    /// A reader of lines that gets its bytes in pieces of random size.
    mutating func lineReader(_ bytes: [UInt8]) -> LineReader {
        LineReader(source: lineSource(bytes))
    }
}

/// The error that `body` throws, as `line:column code`; nil if it throws none.
func place(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as DataError {
        return "\(error.line):\(error.column) \(error.code.rawValue)"
    } catch {
        return "\(error)"
    }
}
