// What can go wrong between a program and a disk.

internal import GRDB
internal import GRDBSQLite
internal import Glibc

/// An error of the storage room.
package struct StorageError: RoomError {
    /// The kinds of storage failure.
    package enum Code: String, CaseIterable, Sendable {
        case ioError = "io_error"
        case diskFull = "disk_full"
        case busy
        case permissionDenied = "permission_denied"
        case noDataDirectory = "no_data_directory"
        case newerFormat = "newer_format"
        case damaged
        case notEmpty = "not_empty"
        case noSuchFile = "no_such_file"
        /// Fewer replicas can be reached than the quorum asks for; nothing was changed.
        case quorumLost = "quorum_lost"
        /// A change reached some replica, but too few: the next writer completes it.
        case outcomeUnknown = "outcome_unknown"
        /// A server cannot be reached; nothing was changed.
        case unreachable
        /// Two transactions were in each other's way; nothing was changed.
        case serializationFailure = "serialization_failure"
        /// The replicas follow another directory, which was recovered from them.
        case superseded
        /// The address of an object store, or what it names, cannot be used.
        case badObjectStore = "bad_object_store"
        /// Nobody has said who we are to an object store.
        case noCredentials = "no_credentials"
        /// An object store does not let us do something.
        case objectStoreRefused = "object_store_refused"
        /// An object store does not answer, or says that it is busy, however often it is asked.
        case objectStoreUnreachable = "object_store_unreachable"
        /// An object store answers with what none answers, or what was asked makes no sense to it.
        case objectStoreFailed = "object_store_failed"
        /// The bucket is not there.
        case noSuchBucket = "no_such_bucket"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error with a code and a message.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The error of a failed system call.
    ///
    /// - Parameters:
    ///   - number: the value of `errno`.
    ///   - action: what was tried, such as `write "DIR/social.json"`.
    package init(errno number: Int32, while action: String) {
        // Safety: strerror returns a NUL-terminated string that stays valid until the next call on this thread.
        let reason = String(cString: strerror(number)).lowercased()
        let message = "cannot \(action): \(reason)"
        switch number {
        case ENOSPC, EDQUOT:
            self.init(.diskFull, message, hint: "free some space and run the command again")
        case EACCES, EPERM, EROFS: self.init(.permissionDenied, message)
        case ELOOP:
            self.init(
                .permissionDenied, message, hint: "remove the symbolic link, if you know who has put it there")
        case ENOENT, ENOTDIR: self.init(.noSuchFile, message)
        default: self.init(.ioError, message)
        }
    }

    /// The error of a failed SQLite call.
    ///
    /// - Parameter number: the `errno` of the system call that failed in it; 0 when there was none.
    init(sqlite code: Int32, errno number: Int32 = 0, message: String, file: String) {
        let text = "\"\(file)\": \(message)"
        switch code & 0xFF {
        case SQLITE_FULL,
            SQLITE_CANTOPEN where [ENOSPC, EDQUOT].contains(number),
            SQLITE_IOERR where [ENOSPC, EDQUOT].contains(number):
            self.init(.diskFull, text, hint: "free some space and run the command again")
        case SQLITE_BUSY, SQLITE_LOCKED: self.init(.busy, "\(text); try again", hint: "raise --lock-wait")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(.damaged, text, hint: "run \"social verify\"")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: self.init(.permissionDenied, text)
        case SQLITE_CANTOPEN where [EIO, EMFILE, ENFILE, ENOMEM].contains(number): self.init(.ioError, text)
        case SQLITE_CANTOPEN: self.init(.permissionDenied, text)
        default: self.init(.ioError, text)
        }
    }

    /// The error of a failed GRDB call.
    init(_ error: DatabaseError, errno number: Int32 = 0, file: String) {
        self.init(
            sqlite: error.extendedResultCode.rawValue, errno: number, message: error.message ?? "unknown SQLite error",
            file: file)
    }
}
