// What can be done with the records of a shard, inside a transaction.

/// The records of a shard while they are read or changed.
package final class RecordsTransaction {
    let database: any SQLDatabase
    private let file: String

    init(_ database: any SQLDatabase, file: String) {
        self.database = database
        self.file = file
    }

    func statement(_ sql: String) throws -> any SQLStatement { try database.statement(sql) }

    /// Rows that the last statement has changed.
    var changesCount: Int { database.changesCount }

    func damaged(_ row: String) -> StorageError {
        StorageError(.damaged, "\"\(file)\": \(row) does not match its hash", hint: "run \"social analytics status\"")
    }

    // MARK: The shard

    /// Tells these records from those of any other shard.
    package func incarnation() throws -> UInt64 {
        try statement("SELECT incarnation FROM shard").first { UInt64(bitPattern: $0.integer(0)) } ?? 0
    }

    /// Whether these records are being given to another shard, and take nothing any more.
    package func isClosed() throws -> Bool { try statement("SELECT is_closed FROM shard").first { $0.integer(0) } == 1 }

    /// Takes nothing any more.
    package func close() throws { try statement("UPDATE shard SET is_closed = 1").run() }

    /// Forgets everything, which another shard has taken over, and takes something again.
    package func beginAnew(_ incarnation: UInt64) throws {
        for table in ["chunk", "page", "source", "operation", "adopted", "resource"] {
            try statement("DELETE FROM \(table)").run()
        }
        try statement("UPDATE shard SET is_closed = 0, recorded = 0, incarnation = ?")
            .bind(Int64(bitPattern: incarnation)).run()
    }

    /// Accesses that came from no source.
    package func recorded() throws -> Int64 {
        try statement("SELECT recorded FROM shard").first { $0.integer(0) } ?? 0
    }

    /// Counts accesses that came from no source.
    package func addRecorded(_ count: Int64) throws {
        try statement("UPDATE shard SET recorded = recorded + ?").bind(count).run()
    }

    // MARK: Resources

    /// The number of a resource; nil when it has none.
    package func number(of resource: AccessedResource) throws -> ResourceNumber? {
        let select = try statement("SELECT number, hash FROM resource WHERE name = ?")
        select.bind(resource.name, at: 1)
        return try select.first { row in
            let number = ResourceNumber(rawValue: row.integer(0))
            guard row.integer(1) == RecordsTransaction.hash(number, resource.name) else {
                throw damaged("resource \(number.rawValue)")
            }
            return number
        }
    }

    /// The number of a resource, which gets one if it has none.
    package func numbered(_ resource: AccessedResource) throws -> ResourceNumber {
        if let number = try number(of: resource) { return number }
        let last = try statement("SELECT max(number) FROM resource").first { $0.integer(0) } ?? 0
        let number = ResourceNumber(serial: (last >> 4) + 1, resource.type)
        let insert = try statement("INSERT INTO resource VALUES (?, ?, ?)")
        insert.bind(number.rawValue, at: 1)
        insert.bind(resource.name, at: 2)
        insert.bind(RecordsTransaction.hash(number, resource.name), at: 3)
        try insert.run()
        return number
    }

    /// The resource of a number; nil when there is none.
    package func resource(_ number: ResourceNumber) throws -> AccessedResource? {
        let select = try statement("SELECT name, hash FROM resource WHERE number = ?").bind(number.rawValue)
        return try select.first { row in
            let name = row.text(0)
            guard row.integer(1) == RecordsTransaction.hash(number, name) else {
                throw damaged("resource \(number.rawValue)")
            }
            return AccessedResource(name)
        } ?? nil
    }

    /// Calls a closure for every resource, in the order of their numbers.
    package func forEachResource(_ visit: (ResourceNumber, AccessedResource) throws -> Void) throws {
        try statement("SELECT number, name, hash FROM resource ORDER BY number").forEach { row in
            let (number, resource) = try resource(row)
            try visit(number, resource)
        }
    }

    func resource(_ row: any SQLStatement) throws -> (ResourceNumber, AccessedResource) {
        let number = ResourceNumber(rawValue: row.integer(0))
        let name = row.text(1)
        guard row.integer(2) == RecordsTransaction.hash(number, name), let resource = AccessedResource(name) else {
            throw damaged("resource \(number.rawValue)")
        }
        return (number, resource)
    }

    /// Gives a resource another name.
    func rename(_ number: ResourceNumber, to resource: AccessedResource) throws {
        let update = try statement("UPDATE resource SET name = ?, hash = ? WHERE number = ?")
        update.bind(resource.name, at: 1)
        update.bind(RecordsTransaction.hash(number, resource.name), at: 2)
        update.bind(number.rawValue, at: 3)
        try update.run()
    }

    /// The serial number of the last resource.
    package func lastSerial() throws -> Int {
        Int((try statement("SELECT max(number) FROM resource").first { $0.integer(0) } ?? 0) >> 4)
    }

    private static func hash(_ number: ResourceNumber, _ name: String) -> Int64 {
        let sum = ReplicaCheck.sum(of: Array(name.utf8))
        return Int64(bitPattern: ReplicaCheck.mix([UInt64(bitPattern: number.rawValue), sum]))
    }

    // MARK: Pages

    /// A page and its place.
    package struct StoredPage {
        /// Its number.
        package var id: Int64
        /// What it holds.
        package var page: RollupPage
    }

    /// The keys of all pages, with their sizes, in the order of their spans.
    package func pageSizes() throws -> [(id: Int64, key: RollupKey, events: Int64)] {
        try statement(
            "SELECT id, kind, audience, span, grain, events FROM page ORDER BY span, kind, audience, grain, events"
        ).all { row in (row.integer(0), try key(row, 1), row.integer(5)) }
    }

    /// The sizes of the pages of one span, kind and audience.
    package func pageSizes(like key: RollupKey) throws -> [(id: Int64, grain: RollupGrain, events: Int64)] {
        let select = try statement(
            "SELECT id, grain, events FROM page WHERE span = ? AND kind = ? AND audience = ? ORDER BY events, id")
        select.bind(key.span.rawValue, at: 1)
        select.bind(key.kind.name, at: 2)
        select.bind(Int64(key.audience.rawValue), at: 3)
        return try select.all { row in
            guard let grain = RollupGrain(rawValue: row.integer(1)) else { throw damaged("page \(row.integer(0))") }
            return (row.integer(0), grain, row.integer(2))
        }
    }

    private static let pageColumns = "id, kind, audience, span, grain, events, resources, totals"

    /// Calls a closure for each page of a range of spans, whose chunks are not read.
    ///
    /// - Parameters:
    ///   - kinds: nil for all.
    ///   - audience: nil for both.
    package func forEachPage(
        from first: RollupSpan, through last: RollupSpan, kinds: [AccessKind]? = nil, audience: Audience? = nil,
        _ visit: (StoredPage) throws -> Void
    ) throws {
        let select = try statement(
            """
            SELECT \(RecordsTransaction.pageColumns) FROM page WHERE span BETWEEN ? AND ? \
            ORDER BY span, kind, audience, grain, events
            """)
        try select.bind(first.rawValue, last.rawValue).forEach { row in
            let key = try key(row, 1)
            if let kinds, !kinds.contains(key.kind) { return }
            if let audience, audience != key.audience { return }
            try visit(stored(row, key))
        }
    }

    /// One page, without its chunks.
    package func page(_ id: Int64) throws -> StoredPage? {
        let select = try statement("SELECT \(RecordsTransaction.pageColumns) FROM page WHERE id = ?").bind(id)
        return try select.first { row in stored(row, try key(row, 1)) }
    }

    /// A chunk of a page; an empty one when there is none.
    package func chunk(_ number: Int, of page: Int64) throws -> RollupChunk {
        let select = try statement("SELECT buckets, viewers FROM chunk WHERE id = ?")
        return try select.bind(RecordsTransaction.chunkIdentity(page, number)).first { row in
            RollupChunk(buckets: row.bytes(0), viewers: row.bytes(1))
        } ?? RollupChunk()
    }

    private static let chunkBits: Int64 = 20

    private static func chunkIdentity(_ page: Int64, _ number: Int) -> Int64 { page << chunkBits | Int64(number) }

    private func stored(_ row: any SQLStatement, _ key: RollupKey) -> StoredPage {
        StoredPage(
            id: row.integer(0),
            page: RollupPage(key, events: row.integer(5), resources: row.integer(6), totals: row.bytes(7)))
    }

    private func key(_ row: any SQLStatement, _ column: Int32) throws -> RollupKey {
        guard let kind = AccessKind(row.text(column)),
            let audience = UInt8(exactly: row.integer(column + 1)).flatMap(Audience.init(rawValue:)),
            let grain = RollupGrain(rawValue: row.integer(column + 3))
        else { throw damaged("page \(row.integer(0))") }
        return RollupKey(kind, audience, RollupSpan(rawValue: row.integer(column + 2)), grain)
    }

    /// Stores a page with its chunks.
    package func insert(_ page: RollupPage) throws {
        let id = 1 + (try statement("SELECT max(id) FROM page").first { $0.integer(0) } ?? 0)
        let insert = try statement("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(id, at: 1)
        insert.bind(page.key.kind.name, at: 2)
        insert.bind(Int64(page.key.audience.rawValue), at: 3)
        insert.bind(page.key.span.rawValue, at: 4)
        insert.bind(page.key.grain.rawValue, at: 5)
        insert.bind(page.events, at: 6)
        insert.bind(page.resources, at: 7)
        insert.bind(Int64(page.chunks.count), at: 8)
        insert.bind(page.totals, at: 9)
        try insert.run()
        let part = try statement("INSERT INTO chunk VALUES (?, ?, ?)")
        for (number, chunk) in page.chunks.enumerated() {
            part.bind(RecordsTransaction.chunkIdentity(id, number), at: 1)
            part.bind(chunk.buckets, at: 2)
            part.bind(chunk.viewers, at: 3)
            try part.run()
        }
    }

    /// Removes a page with its chunks.
    package func removePage(_ id: Int64) throws {
        try statement("DELETE FROM page WHERE id = ?").bind(id).run()
        try statement("DELETE FROM chunk WHERE id >= ? AND id < ?").bind(
            RecordsTransaction.chunkIdentity(id, 0), RecordsTransaction.chunkIdentity(id + 1, 0)
        ).run()
    }

    // MARK: Sources

    static let sourceColumns = """
        id, head, head_bytes, offset, tail, tail_bytes, lines, events, rejected, device, inode, name, first_at, \
        last_at, hash
        """

    private static let sourceUpsert = SQLUpsert.into("source", sourceColumns, key: "id")

    /// All sources, in the order in which they came.
    package func sources() throws -> [SourceRecord] {
        try statement("SELECT \(RecordsTransaction.sourceColumns) FROM source ORDER BY id").all(source)
    }

    func source(_ row: any SQLStatement) throws -> SourceRecord {
        var source = SourceRecord(name: row.text(11), at: Timestamp(milliseconds: row.integer(12)))
        source.id = row.integer(0)
        source.head = UInt64(bitPattern: row.integer(1))
        source.headBytes = Int(row.integer(2))
        source.offset = Int(row.integer(3))
        source.tail = UInt64(bitPattern: row.integer(4))
        source.tailBytes = Int(row.integer(5))
        source.lines = Int(row.integer(6))
        source.events = Int(row.integer(7))
        source.rejected = Int(row.integer(8))
        source.device = UInt64(bitPattern: row.integer(9))
        source.inode = UInt64(bitPattern: row.integer(10))
        source.lastAt = Timestamp(milliseconds: row.integer(13))
        guard row.integer(14) == source.hash else { throw damaged("source \(source.id)") }
        return source
    }

    /// Stores a source, in the place of what was known of it.
    ///
    /// - Returns: the same with its number.
    @discardableResult
    package func put(_ source: SourceRecord) throws -> SourceRecord {
        var source = source
        if source.id == 0 {
            source.id = 1 + (try statement("SELECT max(id) FROM source").first { $0.integer(0) } ?? 0)
        }
        let insert = try statement(RecordsTransaction.sourceUpsert)
        for (index, number) in source.numbers.enumerated() { insert.bind(number, at: Int32(index + 1)) }
        insert.bind(source.name, at: 12)
        insert.bind(source.firstAt.milliseconds, at: 13)
        insert.bind(source.lastAt.milliseconds, at: 14)
        insert.bind(source.hash, at: 15)
        try insert.run()
        return source
    }

    // MARK: Operations

    /// The fingerprint of what was done under an idempotency key; nil when nothing was.
    package func operation(_ key: String) throws -> UInt64? {
        let select = try statement("SELECT fingerprint, hash FROM operation WHERE key = ?")
        select.bind(key, at: 1)
        return try select.first { row in
            guard row.integer(1) == RecordsTransaction.hash(key, row.integer(0)) else { throw damaged("a key") }
            return UInt64(bitPattern: row.integer(0))
        }
    }

    /// All idempotency keys with their fingerprints.
    package func operations() throws -> [(key: String, fingerprint: UInt64)] {
        try statement("SELECT key, fingerprint FROM operation ORDER BY key").all { row in
            (row.text(0), UInt64(bitPattern: row.integer(1)))
        }
    }

    private static let operationUpsert = SQLUpsert.into("operation", "key, fingerprint, hash", key: "key")

    /// Notes what was done under an idempotency key, of which nothing is known unless that is replaced.
    package func note(_ key: String, fingerprint: UInt64, replacing: Bool = false) throws {
        let insert = try statement(
            replacing ? RecordsTransaction.operationUpsert : "INSERT INTO operation VALUES (?, ?, ?)")
        insert.bind(key, at: 1)
        insert.bind(Int64(bitPattern: fingerprint), at: 2)
        insert.bind(RecordsTransaction.hash(key, Int64(bitPattern: fingerprint)), at: 3)
        try insert.run()
    }

    static func hash(_ key: String, _ fingerprint: Int64) -> Int64 {
        Int64(bitPattern: ReplicaCheck.mix([UInt64(bitPattern: fingerprint), ReplicaCheck.sum(of: Array(key.utf8))]))
    }

    // MARK: Records of other shards

    /// The incarnations of records that have been taken over.
    package func adopted() throws -> [UInt64] {
        try statement("SELECT incarnation FROM adopted ORDER BY incarnation").all { UInt64(bitPattern: $0.integer(0)) }
    }

    /// Notes that the records of another shard have been taken over.
    package func adopt(_ incarnation: UInt64) throws {
        try statement("INSERT INTO adopted VALUES (?)").bind(Int64(bitPattern: incarnation)).run()
    }

    // MARK: Checking

    /// What the engine finds wrong with its pages.
    package func engineProblems() throws -> [String] { try database.engineProblems(isDeep: false) }
}

extension SourceRecord {
    /// What of a source is a number, in the order of its columns.
    fileprivate var numbers: [Int64] {
        [
            id, Int64(bitPattern: head), Int64(headBytes), Int64(offset), Int64(bitPattern: tail), Int64(tailBytes),
            Int64(lines), Int64(events), Int64(rejected), Int64(bitPattern: device), Int64(bitPattern: inode),
        ]
    }

    /// The hash of a source as it is stored.
    fileprivate var hash: Int64 {
        var words = numbers.map { UInt64(bitPattern: $0) }
        words.append(ReplicaCheck.sum(of: Array(name.utf8)))
        words.append(UInt64(bitPattern: firstAt.milliseconds))
        words.append(UInt64(bitPattern: lastAt.milliseconds))
        return Int64(bitPattern: ReplicaCheck.mix(words))
    }
}
