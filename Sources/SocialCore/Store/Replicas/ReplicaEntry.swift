// One commit of a shard as its replicas keep it: a changeset with its place in the log, and the bytes of both.
//
//     header   magic, epoch, sequence, incarnation, length, check of the changes, check of the entry before, check
//     changes  a changeset of SQLite's session extension, filled up to a multiple of 8 bytes
//     trailer  the number of bytes of the whole entry, so that the last one is found from the end of the file
//
// All numbers have 64 bits, little end first. The check covers that of the entry before, so two logs that agree on one
// entry agree on everything before it.

/// How far a copy of a shard has come: the epoch grows with every promotion, the sequence with every commit.
package struct ReplicaPosition: Comparable, Sendable {
    /// The number of promotions.
    package var epoch: Int64
    /// The number of commits since there have been replicas.
    package var sequence: Int64

    /// A position.
    package init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Where a new shard begins.
    package static let start = ReplicaPosition(epoch: 0, sequence: 0)

    /// By epoch, then by sequence.
    package static func < (left: ReplicaPosition, right: ReplicaPosition) -> Bool {
        (left.epoch, left.sequence) < (right.epoch, right.sequence)
    }
}

/// A position in one history: the check tells it from the same position in another one.
package struct ReplicaMark: Equatable, Sendable {
    /// The position.
    package var position: ReplicaPosition
    /// The check of the entry that led there.
    package var check: UInt64

    /// A position in a history.
    package init(_ position: ReplicaPosition, check: UInt64) {
        self.position = position
        self.check = check
    }
}

/// One commit in the log of a replica.
package struct ReplicaEntry: Equatable, Sendable {
    /// Where it leads.
    package let mark: ReplicaMark
    /// The check of the entry before.
    package let previous: UInt64
    /// The incarnation of the shard's log of events.
    package let incarnation: UInt64
    /// What was changed.
    package let changes: [UInt8]

    static let magic: UInt64 = 0x3159_5254_4E45_5253  // "SRENTRY1"
    static let headerBytes = 64
    /// What an entry takes beside its changes and their filling.
    static let frameBytes = headerBytes + 8

    /// The entry that follows a mark.
    package init(after mark: ReplicaMark, epoch: Int64, incarnation: UInt64, changes: [UInt8]) {
        let position = ReplicaPosition(epoch: epoch, sequence: mark.position.sequence + 1)
        previous = mark.check
        self.incarnation = incarnation
        self.changes = changes
        let sum = ReplicaCheck.sum(of: changes)
        let check = Header(
            position: position, incarnation: incarnation, length: changes.count, sum: sum, previous: mark.check
        ).check
        self.mark = ReplicaMark(position, check: check)
    }

    /// The bytes in a log.
    package var encoded: [UInt8] {
        let filled = ReplicaEntry.filled(changes.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ReplicaEntry.frameBytes + filled)
        let words = [
            ReplicaEntry.magic, UInt64(bitPattern: mark.position.epoch), UInt64(bitPattern: mark.position.sequence),
            incarnation, UInt64(changes.count), ReplicaCheck.sum(of: changes), previous, mark.check,
        ]
        for word in words { bytes.append(word: word) }
        bytes += changes
        bytes += repeatElement(0, count: filled - changes.count)
        bytes.append(word: UInt64(ReplicaEntry.frameBytes + filled))
        return bytes
    }

    /// The first words of an entry.
    struct Header {
        var position: ReplicaPosition
        var incarnation: UInt64
        var length: Int
        var sum: UInt64
        var previous: UInt64

        /// The bytes of the entry.
        var frameBytes: Int { ReplicaEntry.frameBytes + ReplicaEntry.filled(length) }

        var mark: ReplicaMark { ReplicaMark(position, check: check) }

        var check: UInt64 {
            ReplicaCheck.mix([
                UInt64(bitPattern: position.epoch), UInt64(bitPattern: position.sequence), incarnation,
                UInt64(length), sum, previous,
            ])
        }

        init(position: ReplicaPosition, incarnation: UInt64, length: Int, sum: UInt64, previous: UInt64) {
            self.position = position
            self.incarnation = incarnation
            self.length = length
            self.sum = sum
            self.previous = previous
        }

        /// The header at an offset of some bytes; nil unless it matches its check.
        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= ReplicaEntry.headerBytes, bytes.word(0) == ReplicaEntry.magic,
                bytes.word(4) <= UInt64(Limits.replicaEntryBytes)
            else { return nil }
            self.init(
                position: ReplicaPosition(
                    epoch: Int64(bitPattern: bytes.word(1)), sequence: Int64(bitPattern: bytes.word(2))),
                incarnation: bytes.word(3), length: Int(bytes.word(4)), sum: bytes.word(5), previous: bytes.word(6))
            guard bytes.word(7) == check else { return nil }
        }
    }

    /// The entry at the beginning of some bytes; nil unless all of it is there and matches its checks.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let header = Header(bytes), bytes.count >= header.frameBytes,
            bytes.word(header.frameBytes / 8 - 1) == UInt64(header.frameBytes)
        else { return nil }
        let start = bytes.startIndex + ReplicaEntry.headerBytes
        changes = Array(bytes[start..<start + header.length])
        guard ReplicaCheck.sum(of: changes) == header.sum else { return nil }
        mark = header.mark
        previous = header.previous
        incarnation = header.incarnation
    }

    fileprivate static func filled(_ count: Int) -> Int { (count + 7) & ~7 }
}

/// The checks of a replica's log.
enum ReplicaCheck {
    /// Mixes a few words.
    static func mix(_ words: [UInt64]) -> UInt64 {
        words.reduce(ReplicaEntry.magic) { Mixing.finalize($0 ^ $1) }
    }

    /// A sum over bytes in which every word counts: a changed word always changes it.
    static func sum(of bytes: [UInt8]) -> UInt64 {
        var lanes: (UInt64, UInt64) = (1, 2)
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            // Safety: 16 bytes from the offset on lie in the buffer.
            while offset + 16 <= buffer.count {
                lanes.0 = (lanes.0 ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* factor
                lanes.1 = (lanes.1 ^ buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)) &* factor
                lanes.0 ^= lanes.0 >> 32
                lanes.1 ^= lanes.1 >> 32
                offset += 16
            }
            for byte in buffer[offset...] { lanes.0 = Mixing.finalize(lanes.0 ^ UInt64(byte)) }
        }
        return mix([lanes.0, lanes.1, UInt64(bytes.count)])
    }
}

extension [UInt8] {
    /// Adds eight bytes, little end first.
    mutating func append(word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
}

extension ArraySlice<UInt8> {
    /// The n-th word of eight bytes, little end first; the caller has made sure that it is there.
    func word(_ index: Int) -> UInt64 {
        var word: UInt64 = 0
        for byte in 0..<8 { word |= UInt64(self[startIndex + 8 * index + byte]) << UInt64(8 * byte) }
        return word
    }
}
