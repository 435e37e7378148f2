// What others may have put where this program reads or writes: a directory that is theirs, or a link, a pipe or a
// second name in the place of a file, so that somebody's other file would be written.

internal import Glibc

extension FileSystem {
    /// Whether a directory, and the name that leads to it, are this user's or root's, and not open to everybody.
    package func isOwn(_ path: String) -> Bool {
        var (link, status) = (stat(), stat())
        guard lstat(path, &link) == 0, stat(path, &status) == 0 else { return false }
        return [link.st_uid, status.st_uid].allSatisfy { $0 == geteuid() || $0 == 0 } && status.st_mode & 0o002 == 0
    }

    /// Opens a file to be filled, which is made if it is not there: nothing else lies at its path afterwards.
    ///
    /// - Throws: `permissionDenied` for a symbolic link and for a file that has another name too, which stay as they
    ///   are.
    static func openEmpty(
        _ path: String, isReadable: Bool = false, shared: Bool, while action: String
    ) throws(StorageError) -> Int32 {
        // Nobody waits for the other end of a pipe.
        let flags = (isReadable ? O_RDWR : O_WRONLY) | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try open(path, flags, mode: shared ? 0o660 : 0o600, while: action)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else {
            close(descriptor)
            throw StorageError(
                .permissionDenied, "cannot \(action): what lies there is also something else",
                hint: "remove it, if you know who has put it there")
        }
        if status.st_size > 0, ftruncate(descriptor, 0) != 0 {
            let number = errno
            close(descriptor)
            throw StorageError(errno: number, while: action)
        }
        return descriptor
    }

    /// Refuses a database file whose name leads elsewhere: SQLite would follow it.
    static func requireNoLink(_ path: String) throws(StorageError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
        throw StorageError(errno: ELOOP, while: "open \"\(path)\"")
    }
}
