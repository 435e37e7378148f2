// Rows of records in memory.

/// Rows of records in memory.
final class HeldRecords: NotificationRecords {
    private var rows: [String: NotificationRecordRow] = [:]
    var now = Timestamp(milliseconds: 0)

    func all(_ kind: NotificationRecord, of account: UserID) throws -> [NotificationRecordRow] {
        let prefix = "\(kind) \(account) "
        return rows.filter { $0.key.hasPrefix(prefix) }.map(\.value).sorted { $0.name < $1.name }
    }

    func set(_ rows: [(name: String, value: [UInt8]?)], _ kind: NotificationRecord, of account: UserID) throws {
        for row in rows {
            self.rows["\(kind) \(account) \(row.name)"] = row.value.map {
                NotificationRecordRow(name: row.name, value: $0, changedAt: now)
            }
        }
    }
}
