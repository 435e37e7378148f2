// Many changes made durable at once.

internal import CStorage
internal import Glibc

/// A file system on which much is written that is to become durable together.
///
/// It is made before the first write: the kernel tells of a write that failed only those who were there.
final class SyncPoint: Sendable {
    /// Tells file systems apart.
    let device: UInt64
    private let path: String
    private let descriptor: Int32

    /// The file system on which a directory lies.
    init(of directory: String) throws(StorageError) {
        path = directory
        let action = "sync the file system of \"\(directory)\""
        descriptor = try FileSystem.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, while: action)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw StorageError(errno: number, while: action)
        }
        device = UInt64(status.st_dev)
    }

    deinit { close(descriptor) }

    /// Makes everything durable that was done to the file system before.
    func sync(_ files: FileSystem) throws(StorageError) {
        try files.tap?.willApply(.syncFileSystem(path: path))
        guard social_sync_file_system(descriptor) == 0 else {
            throw StorageError(errno: errno, while: "sync the file system of \"\(path)\"")
        }
    }
}

extension FileSystem {
    /// Gives a file another name, which may be gone after a power cut; false where the two places are on different file
    /// systems.
    func moveUnsynced(_ from: String, to path: String) throws(StorageError) -> Bool {
        try tap?.willApply(.rename(from: from, to: path))
        if Glibc.rename(from, path) == 0 { return true }
        guard errno == EXDEV else { throw StorageError(errno: errno, while: "rename \"\(from)\"") }
        return false
    }

    /// Gives a file one name more, which may be gone after a power cut; false where the two places are on different
    /// file systems, or on one that knows no second names.
    func addName(_ path: String, to file: String) throws(StorageError) -> Bool {
        try tap?.willApply(.link(from: file, to: path))
        if Glibc.link(file, path) == 0 { return true }
        guard [EXDEV, EPERM, EMLINK, ENOSYS, EOPNOTSUPP].contains(errno) else {
            throw StorageError(errno: errno, while: "link \"\(file)\"")
        }
        return false
    }
}
