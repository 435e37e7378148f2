// A tap that comes in between: the way in which one thread plays two processes.

import SocialCore

/// Acts before changes of cache files: as another process that comes in between, or as the end of this one.
final class Interloper: FileTap, @unchecked Sendable {
    // Safety: each test runs on one thread, and so does its tap.
    var isArmed = false
    var act: () throws -> Void = {}

    func willApply(_ change: FileChange) throws(StorageError) {
        guard isArmed, case .store(let path, _, _) = change, path.contains("feed.cache") else { return }
        isArmed = false
        defer { isArmed = true }
        do { try act() } catch let error as StorageError { throw error } catch {
            throw StorageError(.ioError, "\(error)")
        }
    }
}
