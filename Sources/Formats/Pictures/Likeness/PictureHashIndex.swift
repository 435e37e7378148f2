// Finds all hashes near a given one without looking at each: multi-index hashing (Norouzi, Punjani and Fleet, "Fast
// search in Hamming space with multi-index hashing", 2012). Of 16 pieces of 16 bits, one at least differs in no more
// than one bit if the whole differs in no more than 31; so 16 × 17 short lists hold every answer.

/// An index over hashes, by their positions in the array that it was made from.
package struct PictureHashIndex: Sendable {
    /// A hash that was found.
    package struct Match: Equatable, Sendable {
        /// Its position in the array.
        package let position: Int
        /// In how many bits it differs.
        package let distance: Int

        /// Makes a match.
        package init(position: Int, distance: Int) {
            self.position = position
            self.distance = distance
        }
    }

    private static let pieceCount = 16
    private static let valueCount = 1 << 16

    private let hashes: [PictureHash]
    /// For each piece and value, where its list begins in `positions`; then the end.
    private var starts: [UInt32]
    /// The lists, one behind the other.
    private var positions: [UInt32]

    /// Makes an index; it takes 96 bytes a hash, and 4 MiB.
    package init(_ hashes: [PictureHash]) {
        self.hashes = hashes
        starts = [UInt32](repeating: 0, count: Self.pieceCount * Self.valueCount + 1)
        positions = [UInt32](repeating: 0, count: Self.pieceCount * hashes.count)
        // A counting sort: the lengths of the lists, then their ends, from which they are filled backwards.
        for hash in hashes {
            for piece in 0..<Self.pieceCount { starts[Self.list(piece, Self.value(hash.words, piece))] += 1 }
        }
        for list in 1..<starts.count { starts[list] += starts[list - 1] }
        for position in hashes.indices.reversed() {
            for piece in 0..<Self.pieceCount {
                let list = Self.list(piece, Self.value(hashes[position].words, piece))
                starts[list] -= 1
                positions[Int(starts[list])] = UInt32(position)
            }
        }
    }

    /// The hashes that differ in at most `radius` bits, up to 31, the nearest first, then by position.
    package func near(_ hash: PictureHash, radius: Int = PictureHash.nearDistance) -> [Match] {
        let radius = min(radius, PictureHash.nearDistance)
        var matches: [Match] = []
        for piece in 0..<Self.pieceCount {
            let value = Self.value(hash.words, piece)
            for flip in -1..<16 {
                let list = Self.list(piece, flip < 0 ? value : value ^ (1 << flip))
                for place in starts[list]..<starts[list + 1] {
                    let position = Int(positions[Int(place)])
                    let distance = hash.distance(to: hashes[position])
                    guard distance <= radius, Self.firstNear(hash, hashes[position]) == piece else { continue }
                    matches.append(Match(position: position, distance: distance))
                }
            }
        }
        return matches.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
    }

    /// The first piece in which two hashes differ in one bit at most: of several, the one that answers.
    private static func firstNear(_ one: PictureHash, _ other: PictureHash) -> Int? {
        let different = one.words ^ other.words
        return (0..<pieceCount).first { value(different, $0).nonzeroBitCount <= 1 }
    }

    private static func list(_ piece: Int, _ value: Int) -> Int { piece * valueCount + value }

    private static func value(_ words: SIMD4<UInt64>, _ piece: Int) -> Int {
        Int(truncatingIfNeeded: words[piece / 4] >> UInt64(piece % 4 * 16)) & (valueCount - 1)
    }
}
