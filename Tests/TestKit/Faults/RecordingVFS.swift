// SQLite's own writes, carried to the same seam as everything else: each change of a database file in a watched
// directory is shown to that directory's tap, which may refuse it.

internal import CRecordingVFS
internal import Glibc
package import SocialCore
internal import Synchronization

/// Shows SQLite's changes to the taps of tests.
///
/// Other directories are left alone, so tests may run side by side.
package enum RecordingVFS {
    private static let taps = Mutex<[String: any FileTap]>([:])

    private static let isInstalled: Bool =
        recording_vfs_install { kind, path, offset, bytes, count in
            guard let path else { return 0 }
            return RecordingVFS.observe(kind, String(cString: path), Int(offset), bytes, Int(count))
        } == 0

    /// Shows the changes of all databases below a directory to a tap until `unwatch`.
    package static func watch(_ directory: String, _ tap: any FileTap) {
        precondition(isInstalled, "the recording file system cannot be installed")
        taps.withLock { $0[directory] = tap }
    }

    /// Lets a directory alone again.
    package static func unwatch(_ directory: String) { taps.withLock { $0[directory] = nil } }

    /// Runs a block while a directory is watched.
    package static func watching<Result>(
        _ directory: String, _ tap: any FileTap, _ body: () throws -> Result
    ) rethrows -> Result {
        watch(directory, tap)
        defer { unwatch(directory) }
        return try body()
    }

    private static func observe(
        _ kind: Int32, _ path: String, _ offset: Int, _ bytes: UnsafeRawPointer?, _ count: Int
    ) -> Int32 {
        guard let tap = taps.withLock({ $0.first { path.hasPrefix("\($0.key)/") }?.value }) else { return 0 }
        let change: FileChange
        switch Int(kind) {
        case RECORDING_CREATE: change = .resize(path: path, size: 0)
        case RECORDING_WRITE:
            // Safety: SQLite hands over `count` bytes that live for the call.
            change = .write(
                path: path, offset: offset, bytes: Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        case RECORDING_TRUNCATE: change = .resize(path: path, size: offset)
        case RECORDING_SYNC: change = .sync(path: path)
        case RECORDING_DELETE: change = .remove(path: path)
        default: change = .syncDirectory(path: path)
        }
        do { try tap.willApply(change) } catch { return error.code == .diskFull ? ENOSPC : EIO }
        return 0
    }
}
