// One number for everything that people did: equal for any number of shards, any store, after a backup or a migration.

/// The digest of a network: the sum modulo 2¹²⁸ of SHA-256/128 over its canonical rows, and how many there are.
package struct Digest: Equatable, Sendable, CustomStringConvertible {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    /// The number of rows.
    package private(set) var rows = 0

    /// The digest of nothing.
    package init() {}

    /// Adds a row; the order does not matter.
    package mutating func add(_ row: TruthRow) {
        let digest = row.digest
        let (sum, carry) = low.addingReportingOverflow(digest.low)
        low = sum
        high = high &+ digest.high &+ (carry ? 1 : 0)
        rows += 1
    }

    /// 32 hexadecimal digits.
    package var description: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The digest of a network.
    ///
    /// - Throws: `damaged` when a row does not match its hash.
    package static func of(_ router: Router) throws -> Digest {
        try router.still {
            var digest = Digest()
            for shard in router.shards {
                try router.read(shard: shard) { reader in
                    let cursor = try reader.rows()
                    while let row = try cursor.nextRow(in: shard) { digest.add(row) }
                }
            }
            return digest
        }
    }
}
