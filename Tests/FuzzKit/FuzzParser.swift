// What takes bytes from outside, and bytes that it takes gladly. All that is fuzzed is listed in `FuzzSubject`.

/// A parser with inputs to begin with.
package struct FuzzParser {
    private let mutation: Mutation
    private let mend: ((inout [UInt8], inout FuzzRandom) -> Void)?
    private let body: ([UInt8]) throws -> Bool

    /// A parser.
    ///
    /// - Parameters:
    ///   - seeds: inputs that it takes, from which the others are made.
    ///   - words: bytes that mean something to it.
    ///   - places: where an input has numbers of 32 bits that say how much follows.
    ///   - boxes: the parts of an input that begin with their own size.
    ///   - mend: makes checks right, so that damage comes further than to them.
    ///   - body: reads an input; whether it was taken. What it throws is a finding.
    package init(
        seeds: [[UInt8]], words: [[UInt8]] = [], places: ([UInt8]) -> [Int] = { _ in [] },
        boxes: ([UInt8]) -> [Range<Int>] = { _ in [] }, mend: ((inout [UInt8], inout FuzzRandom) -> Void)? = nil,
        _ body: @escaping ([UInt8]) throws -> Bool
    ) {
        mutation = Mutation(seeds: seeds, words: words, places: places, boxes: boxes)
        self.mend = mend
        self.body = body
    }

    /// The same for text.
    package init(
        texts: [String], words: [String] = [], _ body: @escaping ([UInt8]) throws -> Bool
    ) {
        self.init(seeds: texts.map { Array($0.utf8) }, words: words.map { Array($0.utf8) } + FuzzParser.odd, body)
    }

    /// Bytes that text seldom has: control characters, no UTF-8, marks, and letters of two to four bytes.
    private static let odd: [[UInt8]] =
        [[0], [0x0A], [0x0D], [0x0D, 0x0A], [0x1B, 0x5B], [0x7F], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]]
        + ["\u{FEFF}", "é", "e\u{301}", "ß", "\u{202E}", "\u{200D}", "中", "😀", "👨‍👩‍👧", "\u{10FFFF}"].map {
            Array($0.utf8)
        }

    /// The inputs that are right.
    package var seeds: [[UInt8]] { mutation.seeds }

    /// The input of a number.
    package func input(_ number: Int, seed: UInt64) -> [UInt8] {
        var random = FuzzRandom(seed, input: number)
        var bytes = mutation.input(&random)
        if let mend, !random.isOne(in: 4) { mend(&bytes, &random) }
        return bytes
    }

    /// Reads an input; whether it was taken.
    ///
    /// - Throws: a `FuzzFault` when something does not hold that must hold whatever comes.
    package func look(at bytes: [UInt8]) throws -> Bool { try body(bytes) }
}

/// Something that must hold for every input and does not.
package struct FuzzFault: Error, CustomStringConvertible {
    /// What should have been so.
    package let description: String

    /// A rule that does not hold.
    package init(_ rule: String) { description = rule }

    /// Throws unless a rule holds.
    package static func expect(_ holds: Bool, _ rule: @autoclosure () -> String) throws {
        if !holds { throw FuzzFault(rule()) }
    }
}
