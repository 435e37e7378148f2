// What is held about one person, for that person: found along the keys, so that it costs what there is of them and not
// what there is of all.

/// Reads out what is held about an account.
package struct PersonalExport {
    let router: Router
    let accounts: Accounts
    let attributes: AccountAttributes
    let notifications: Notifications
    let analytics: Analytics
    let pictures: Pictures
    let context: Context

    /// Calls a closure for everything that is held about an account: the rows in the order of `RowKey`, followers,
    /// attributes, messages, notifications and counts.
    ///
    /// The rows are of one moment.
    /// - Throws: `busy` when others do not stop writing.
    package func run(_ account: UserID, _ visit: (PersonalItem) throws -> Void) throws {
        let (rows, followers) = try truth(of: account)
        for row in rows { try visit(.row(row)) }
        let names = try accounts.records(of: followers.map(\.follower))
        for (edge, record) in zip(followers, names) { try visit(.follower(edge, handle: record?.handle.display)) }
        for kind in AttributeKind.allCases {
            for attribute in try attributes.all(kind, of: account) { try visit(.attribute(attribute)) }
        }
        let messages = try attributes.records.gather { records, has in try records.messages(for: account, has) }
            .joined().sorted { ($0.topic, $0.message.n) < ($1.topic, $1.message.n) }
        for (topic, message) in messages { try visit(.message(message, topic: topic)) }
        var selection = Notifications.Selection()
        selection.kinds = Set(NotificationKind.allCases)
        for notification in try notifications.page(for: account, selection, limit: .max) {
            try visit(.notification(notification))
        }
        let resources = PersonalExport.resources(of: account, rows)
        let counts = try analytics.count(AccessFilter(), of: resources.map { [$0] }, countsViewers: false)
        for (resource, group) in zip(resources, counts) where group.count.count > 0 {
            try visit(.accesses(resource, group.count))
        }
    }

    /// What lies in the shards, at one moment.
    private func truth(of account: UserID) throws -> (rows: [TruthRow], followers: [FollowRecord]) {
        var rows: [TruthRow] = []
        var followers: [FollowRecord] = []
        let isDone = try Patience.wait(milliseconds: context.lockWaitMilliseconds) {
            try router.readTogether { readers in
                rows = try readers.flatMap { try PersonalExport.rows(of: account, $0) }
                followers = try readers.flatMap { try $0.followers(of: account, page: Page()) }
                return true
            } ?? false
        }
        guard isDone else {
            throw StorageError(.busy, "others keep changing the network", hint: "try again")
        }
        let sorted = rows.map { (key: RowKey($0), row: $0) }.sorted { $0.key < $1.key }.map(\.row)
        return (sorted, followers.sorted { $0.follower < $1.follower })
    }

    /// What one shard has of an account.
    private static func rows(of account: UserID, _ reader: any StoreReader) throws -> [TruthRow] {
        var rows: [TruthRow] = []
        if let record = try reader.account(account) { rows.append(.account(record)) }
        rows += try reader.handleKeys(of: account).map { .handle(key: $0, account: account) }
        rows += try reader.followees(of: account, page: Page()).map { .follow($0) }
        for id in try reader.posts(by: account, in: .all, limit: .max) {
            guard let post = try reader.post(id) else { continue }
            rows.append(.post(post))
            rows += try reader.versions(of: id).map { .version($0) }
        }
        for kind in RelationKind.allCases {
            rows += try reader.relations(kind, of: account, page: Page()).map { .relation($0) }
        }
        rows += try reader.operations(of: account).map { .operation($0) }
        rows += try reader.media(by: account, in: .all, limit: .max, fromOldest: true).map { .media($0) }
        return rows
    }

    /// What of an account can be accessed, in the order of its rows.
    private static func resources(of account: UserID, _ rows: [TruthRow]) -> [AccessedResource] {
        var resources: [AccessedResource] = [.user(account)]
        for row in rows {
            switch row {
            case .post(let post): resources.append(.post(post.id))
            case .media(let media):
                resources.append(.media(media.id))
                if media.content.segmentation != nil { resources.append(.video(media.id)) }
            default: break
            }
        }
        return resources
    }

    // MARK: Uploads

    /// Writes the bytes of all uploads of an account into a folder, each under `fileName`.
    ///
    /// - Returns: how many files there are.
    /// - Throws: `notEmpty` when something lies in the folder; `damaged` for bytes that are not those that were put.
    package func writeUploads(of account: UserID, to folder: String) throws -> Int {
        let files = FileSystem(tap: context.fileTap)
        try files.requireEmpty(folder)
        let uploads = try pictures.media.page(by: account, in: .all, limit: .max)
        if context.isDryRun { return uploads.count }
        try files.makeDirectory(folder)
        for record in uploads {
            let object = try pictures.content(of: record)
            try files.writeOut("\(folder)/\(PersonalExport.fileName(of: record))") { write in
                try object.forEachChunk(in: 0..<object.sizeBytes) { try write($0) }
            }
        }
        return uploads.count
    }

    /// A name that any file system takes, with the id before it: whatever in the upload's own is no letter, digit, `.`,
    /// `_` or `-` becomes `_`.
    package static func fileName(of record: MediaRecord) -> String {
        let bytes = record.content.name.utf8.suffix(100).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return "\(record.id)-\(String(decoding: bytes, as: UTF8.self))"
    }
}
