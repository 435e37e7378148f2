// What can be wrong with backups.

/// An error of the backups.
package struct BackupError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noBackups = "no_backups"
        case noSuchBackup = "no_such_backup"
        case damagedBackup = "damaged_backup"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
