// A write-ahead log whose bytes were turned: SQLite ends at the first frame that does not match its checksum, as after
// a power cut, and whatever was committed behind it is gone without a word. The checksums are sums modulo 2³², so the
// one bit that was turned can be computed: a log that a power cut has torn has no such bit.
//
// The format: <https://sqlite.org/fileformat2.html#the_write_ahead_log>.

internal import CStorage

/// The bytes of a write-ahead log.
struct WriteAheadLog {
    private(set) var bytes: [UInt8]
    /// Where bits were turned that have been put right: the numbers of the bytes.
    private(set) var mended: [Int] = []
    /// Whether what was put right had been synced: a later commit stands behind it.
    ///
    /// Of the last commit nobody can tell from the log alone: a power cut may have torn it before it was told of.
    private(set) var isProven = false

    private static let headerBytes = 32
    private static let frameHeaderBytes = 24
    /// The first word of a log whose checksums take words with the least significant byte first; one more otherwise.
    private static let magic: UInt32 = 0x377F_0682
    /// The second word.
    private static let version: UInt32 = 3_007_000

    private static func isPage(_ sizeBytes: UInt32) -> Bool {
        (512...65_536).contains(sizeBytes) && sizeBytes.nonzeroBitCount == 1
    }

    /// Where the latest frame of each page begins, of those that have been looked at.
    private var latest: [UInt32: Int] = [:]
    /// The bytes of a page in the database file, by its number and its size.
    private let page: (Int, Int) -> [UInt8]?

    /// Looks at a log and puts single turned bits right, in memory.
    ///
    /// - Parameter page: the bytes of a page in the database file, by its number and its size: of bits that would all
    ///   make the checksum right, the one is taken that makes a page more like what it was.
    init(_ bytes: [UInt8], page: @escaping (Int, Int) -> [UInt8]? = { _, _ in nil }) {
        self.bytes = bytes
        self.page = page
        mend()
    }

    private mutating func mend() {
        guard bytes.count > WriteAheadLog.headerBytes + WriteAheadLog.frameHeaderBytes else { return }
        guard var sum = mendHeader() else { return }
        guard WriteAheadLog.isPage(word(8)) else { return }
        let frameBytes = WriteAheadLog.frameHeaderBytes + Int(word(8))
        let soundBytes = WriteAheadLog.soundBytes(of: bytes)
        var isFollowed = false
        for start in stride(from: WriteAheadLog.headerBytes, through: bytes.count - frameBytes, by: frameBytes) {
            let before = mended.count
            // Of frames that match their checksums nothing is computed again.
            let isSound = start + frameBytes <= soundBytes
            guard let next = isSound ? storedSum(at: start + 16) : mendFrame(at: start, frameBytes, after: sum) else {
                return
            }
            sum = next
            latest[word(start)] = start
            if isFollowed, mended.count == before { isProven = true }
            // The last frame of a commit says how many pages there are.
            if !mended.isEmpty, word(start + 4) != 0 { isFollowed = true }
        }
    }

    /// Whether words of checksums have their least significant byte first.
    private var isLittleEndian: Bool { word(0) == WriteAheadLog.magic }

    /// The checksum of the header; nil when it is damaged in more than one place.
    private mutating func mendHeader() -> Checksum? {
        let original = bytes
        for magic in [word(0), WriteAheadLog.magic, WriteAheadLog.magic + 1] {
            let turned = (magic ^ word(0)).nonzeroBitCount
            guard [WriteAheadLog.magic, WriteAheadLog.magic + 1].contains(magic), turned <= 1 else { continue }
            setWord(magic, at: 0)
            for explanation in explanations(of: Array(stride(from: 0, to: 24, by: 4)), Checksum(), storedAt: 24) {
                let places = (turned == 0 ? [] : [0]) + explanation.words.prefix(1).map(\.place)
                if places.isEmpty { return explanation.sum }
                apply(explanation)
                let frameBytes = WriteAheadLog.frameHeaderBytes + Int(word(8))
                let first = WriteAheadLog.headerBytes
                let isLikely = word(4) == WriteAheadLog.version && WriteAheadLog.isPage(word(8))
                if places.count == 1, isLikely, goesOn(at: first, frameBytes, after: explanation.sum) ?? true {
                    mended = places
                    return explanation.sum
                }
                bytes = original
                setWord(magic, at: 0)
            }
            bytes = original
        }
        return nil
    }

    /// The checksum through a frame; nil when it is none of this log, or damaged in more than one place.
    private mutating func mendFrame(at start: Int, _ frameBytes: Int, after sum: Checksum) -> Checksum? {
        // What tells this log from former ones stands in each frame.
        let salts = (0..<2).map { (place: start + 8 + 4 * $0, word: word(16 + 4 * $0)) }
            .filter { word($0.place) != $0.word }
        let turned = salts.reduce(0) { $0 + ($1.word ^ word($1.place)).nonzeroBitCount }
        let found = explanations(of: summed(start, frameBytes), sum, storedAt: start + 16)
            .filter { turned + ($0.words.isEmpty ? 0 : 1) <= 1 }
        // Which of them it was the next frame tells, which begins with the sum of this one.
        let chosen = found.first { goesOn(at: start + frameBytes, frameBytes, after: $0.sum) ?? true } ?? found.first
        guard let chosen else { return nil }
        apply(chosen)
        for salt in salts { setWord(salt.word, at: salt.place) }
        mended += chosen.words.prefix(1).map(\.place) + salts.map(\.place)
        return chosen.sum
    }

    /// Whether a frame matches a checksum before it and its own; nil when there is none.
    private func goesOn(at start: Int, _ frameBytes: Int, after sum: Checksum) -> Bool? {
        guard start + frameBytes <= bytes.count else { return nil }
        return word(start + 8) == word(16) && word(start + 12) == word(20)
            && self.sum(of: summed(start, frameBytes), sum) == storedSum(at: start + 16)
    }

    /// The words of a frame that go into its checksum.
    private func summed(_ start: Int, _ frameBytes: Int) -> [Int] {
        [start, start + 4] + stride(from: start + WriteAheadLog.frameHeaderBytes, to: start + frameBytes, by: 4)
    }

    // MARK: Checksums

    /// Two sums, of which each takes the other in.
    private struct Checksum: Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0

        mutating func add(_ one: UInt32, _ other: UInt32) {
            first = first &+ one &+ second
            second = second &+ other &+ first
        }
    }

    /// What may have been turned where words do not match the checksum that is stored of them.
    private struct Explanation {
        /// The checksum, as it was.
        var sum: Checksum
        /// What words were; nothing where all match.
        var words: [(place: Int, word: UInt32)] = []
    }

    private mutating func apply(_ explanation: Explanation) {
        for (place, word) in explanation.words { setWord(word, at: place) }
    }

    private func sum(of positions: [Int], _ start: Checksum) -> Checksum {
        var sum = start
        for index in stride(from: 0, to: positions.count, by: 2) {
            sum.add(summand(positions[index]), summand(positions[index + 1]))
        }
        return sum
    }

    /// All single bits that may have been turned in words and in the sum of them that is stored, the likeliest first;
    /// one explanation without any where they match.
    private func explanations(of positions: [Int], _ start: Checksum, storedAt place: Int) -> [Explanation] {
        let sum = sum(of: positions, start)
        let stored = storedSum(at: place)
        if sum == stored { return [Explanation(sum: sum)] }
        var found: [Explanation] = []
        if (stored.first ^ sum.first).nonzeroBitCount + (stored.second ^ sum.second).nonzeroBitCount == 1 {
            found.append(Explanation(sum: sum, words: [(place, sum.first), (place + 4, sum.second)]))
        }
        let difference = (stored.first &- sum.first, stored.second &- sum.second)
        // High bits of many words have the same effect.
        var candidates: [(position: Int, value: UInt32)] = []
        // What one more in each word of the last pair adds to both sums, and so on backwards.
        var (one, other): (Weight, Weight) = ((1, 1), (0, 1))
        for index in stride(from: positions.count - 2, through: 0, by: -2) {
            for (position, weight) in [(positions[index], one), (positions[index + 1], other)] {
                guard let bit = WriteAheadLog.bit(of: difference, weight) else { continue }
                let value = summand(position)
                let change = (value ^ 1 << bit) &- value
                guard weight.0 &* change == difference.0, weight.1 &* change == difference.1 else { continue }
                candidates.append((position, value ^ 1 << bit))
            }
            one = (one.0 &+ one.1, one.0 &+ 2 &* one.1)
            other = (other.0 &+ other.1, other.0 &+ 2 &* other.1)
        }
        if let likeliest = candidates.count > 1 ? likeliest(candidates, positions) : nil {
            candidates.removeAll { $0.position == likeliest.position }
            candidates.insert(likeliest, at: 0)
        }
        return found
            + candidates.map { position, value in
                Explanation(sum: stored, words: [(position, isLittleEndian ? value.byteSwapped : value)])
            }
    }

    /// What one more in a word adds to both sums.
    private typealias Weight = (UInt32, UInt32)

    /// The only bit of a word of a weight that can have made a difference to the sums, up or down: a power of two
    /// times the weight ends in as many zeros as both together.
    private static func bit(of difference: (UInt32, UInt32), _ weight: Weight) -> Int? {
        let isFirst = difference.0 != 0
        let (change, weight) = isFirst ? (difference.0, weight.0) : (difference.1, weight.1)
        let bit = change.trailingZeroBitCount - weight.trailingZeroBitCount
        return (0..<UInt32.bitWidth).contains(bit) ? bit : nil
    }

    /// Of changes that all make a frame match its checksum, the one that makes its page as it was before, where it was
    /// not written anew; else any: rows prove themselves.
    private func likeliest(
        _ candidates: [(position: Int, value: UInt32)], _ positions: [Int]
    ) -> (position: Int, value: UInt32)? {
        guard let first = positions.first, positions.count > 6 else { return candidates.first }
        let start = first + WriteAheadLog.frameHeaderBytes
        let sizeBytes = (positions.count - 2) * 4
        let former =
            latest[word(first)].map { bytes[($0 + WriteAheadLog.frameHeaderBytes)...].prefix(sizeBytes) }
            ?? page(Int(word(first)), sizeBytes)?[...]
        guard let former, former.count == sizeBytes else { return candidates.first }
        return candidates.first { candidate in
            guard candidate.position >= start else { return false }
            let place = former.startIndex + candidate.position - start
            let before = former[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return (isLittleEndian ? before.byteSwapped : before) == candidate.value
        } ?? candidates.first
    }

    private func storedSum(at place: Int) -> Checksum { Checksum(first: word(place), second: word(place + 4)) }

    private func summand(_ place: Int) -> UInt32 { isLittleEndian ? word(place).byteSwapped : word(place) }

    private func word(_ place: Int) -> UInt32 {
        UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
            | UInt32(bytes[place + 3])
    }

    private mutating func setWord(_ value: UInt32, at place: Int) {
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * index)) }
    }
}

extension WriteAheadLog {
    /// Where bits were turned in the log of a database file; empty when it is as it was written, or not there.
    ///
    /// - Parameter isAnnounced: whether the last commit is known to have been synced; otherwise only bits count behind
    ///   which a later commit stands.
    static func turnedBytes(of path: String, isAnnounced: Bool = false) -> [Int] {
        let files = FileSystem()
        guard files.size(of: "\(path)-wal") > 0, let bytes = try? files.contents(of: "\(path)-wal") else { return [] }
        if soundBytes(of: bytes) == bytes.count { return [] }
        let log = WriteAheadLog(bytes)
        return log.isProven || isAnnounced ? log.mended : []
    }

    /// How many bytes at the beginning of a log are its header and frames that match their checksums.
    fileprivate static func soundBytes(of bytes: [UInt8]) -> Int {
        // Safety: the buffer has as many bytes as are said to be there.
        bytes.withUnsafeBytes { buffer in buffer.baseAddress.map { social_log_sound_bytes($0, buffer.count) } ?? 0 }
    }

    /// Makes sure that SQLite will see everything that was committed: it would end at the first frame that is damaged,
    /// show what was there before, and overwrite the rest with the next commit.
    ///
    /// - Throws: `damaged`.
    static func requireWhole(_ path: String, isAnnounced: Bool = false) throws(StorageError) {
        guard !turnedBytes(of: path, isAnnounced: isAnnounced).isEmpty else { return }
        throw StorageError(.damaged, "\"\(path)-wal\" is damaged", hint: "run \"social verify --repair\"")
    }
}
