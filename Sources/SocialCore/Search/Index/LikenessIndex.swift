// Pictures that look alike, found without comparing all: multi-index hashing (Norouzi, Punjani and Fleet, "Fast search
// in Hamming space with multi-index hashing", 2012). A fingerprint is cut into 16 pieces of 16 bits. If two of them
// differ in no more than 31 bits, then one piece at least differs in no more than one bit; so, of each piece, the list
// of those that have the same value and the 16 lists of those whose value is one bit off hold every answer.
//
// Where there are few fingerprints the lists go by the upper bits of a piece only, to which all of that applies too, so
// that there are never many more lists than fingerprints.

internal import Formats

/// Fingerprints in a packed file, each by its position.
struct LikenessIndex {
    /// How many sections it takes: the fingerprints (four UInt64); where the list of each value of each piece begins,
    /// and one more (UInt32); the lists (UInt32).
    static let sectionCount = 3

    /// No search reaches further.
    static let largestRadius = 2 * pieces - 1

    private static let pieces = 16
    private static let pieceBits = 16
    /// How many fingerprints a list has on average, at least.
    private static let listLengthBits = 3

    private let file: PackedFile
    private let section: Int
    private let count: Int
    private let bits: Int

    /// The fingerprints of a file.
    ///
    /// - Throws: `damaged` when its sections do not fit together.
    init(_ file: PackedFile, from section: Int) throws(StorageError) {
        self.file = file
        self.section = section
        count = file.count(section, of: SIMD4<UInt64>.self)
        bits = Self.bits(count)
        guard file.count(section + 1, of: UInt32.self) == (count > 0 ? Self.pieces << bits + 1 : 0),
            file.count(section + 2, of: UInt32.self) == Self.pieces * count
        else { throw file.damaged }
    }

    /// A fingerprint.
    func hash(_ position: Int) throws(StorageError) -> PictureHash {
        PictureHash(words: try file.element(section, position))
    }

    /// Calls a closure for each fingerprint that differs in at most `radius` bits, once, with that distance.
    ///
    /// - Parameter radius: at most `largestRadius`.
    func near(
        _ hash: PictureHash, radius: Int, _ visit: (_ position: Int, _ distance: Int) -> Void
    ) throws(StorageError) {
        if count == 0 { return }
        for piece in 0..<Self.pieces {
            let value = Self.value(hash.words, piece, bits)
            for flip in -1..<bits {
                let list = piece << bits | (flip < 0 ? value : value ^ 1 << flip)
                let bounds = try file.part(section + 1, list..<list + 2, of: UInt32.self)
                guard bounds[0] <= bounds[1] else { throw file.damaged }
                for position in try file.part(section + 2, Int(bounds[0])..<Int(bounds[1]), of: UInt32.self) {
                    let other = try self.hash(Int(position))
                    let distance = hash.distance(to: other)
                    guard distance <= radius, firstNear(hash, other) == piece else { continue }
                    visit(Int(position), distance)
                }
            }
        }
    }

    /// The first piece in which two fingerprints differ in one bit at most: of several, the one that answers.
    private func firstNear(_ one: PictureHash, _ other: PictureHash) -> Int? {
        let different = one.words ^ other.words
        return (0..<Self.pieces).first { Self.value(different, $0, bits).nonzeroBitCount <= 1 }
    }

    /// The upper bits of a piece.
    private static func value(_ words: SIMD4<UInt64>, _ piece: Int, _ bits: Int) -> Int {
        Int(truncatingIfNeeded: words[piece / 4] >> UInt64(piece % 4 * pieceBits + pieceBits - bits)) & (1 << bits - 1)
    }

    /// How many bits of a piece the lists of so many fingerprints go by.
    private static func bits(_ count: Int) -> Int {
        max(0, min(pieceBits, Int.bitWidth - count.leadingZeroBitCount - 1 - listLengthBits))
    }

    // MARK: Making

    /// The bytes of the sections of so many fingerprints.
    static func sectionSizes(_ count: Int) -> [Int] {
        if count == 0 { return Array(repeating: 0, count: sectionCount) }
        return [32 * count, 4 * (pieces << bits(count) + 1), 4 * pieces * count]
    }

    /// Fills the sections.
    static func write(_ hashes: [PictureHash], into file: PackedFile, from section: Int) {
        if hashes.isEmpty { return }
        _ = file.place(section, of: SIMD4<UInt64>.self).update(fromContentsOf: hashes.lazy.map(\.words))
        let bits = bits(hashes.count)
        let starts = file.place(section + 1, of: UInt32.self)
        let lists = file.place(section + 2, of: UInt32.self)
        starts.update(repeating: 0)
        // A counting sort: the lengths of the lists, then their ends, from which they are filled backwards.
        for hash in hashes {
            for piece in 0..<pieces { starts[piece << bits | value(hash.words, piece, bits)] += 1 }
        }
        for list in 1..<starts.count { starts[list] += starts[list - 1] }
        for (position, hash) in hashes.enumerated().reversed() {
            for piece in 0..<pieces {
                let list = piece << bits | value(hash.words, piece, bits)
                starts[list] -= 1
                lists[Int(starts[list])] = UInt32(truncatingIfNeeded: position)
            }
        }
    }
}
