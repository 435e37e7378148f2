// What lies under the views of a data directory that is in use: it can lose power, so that of what was not synced
// anything may be gone, and it can end the process at any change of a view. The truth is kept as it is, because it was
// synced before anybody was told.

package import SocialCore
internal import Synchronization

/// The files of a directory's views, watched and broken.
package final class ViewDisk: FileTap {
    private struct State {
        var disk: SimulatedDisk
        var boot: UInt64 = 1
        /// How many changes are left until the process ends; nil: it goes on.
        var left: Int?
    }

    private let directory: String
    private let state: Mutex<State>

    /// Watches the views of a data directory, which nobody has open.
    package init(_ directory: String) throws {
        self.directory = directory
        state = Mutex(State(disk: try ViewDisk.present(directory)))
    }

    /// The pretended boot of the machine.
    package var boot: BootSource { .fixed(state.withLock { $0.boot }) }

    package func willApply(_ change: FileChange) throws(StorageError) {
        let hasEnded = state.withLock { state in
            if let left = state.left, ViewDisk.isOfView(change) {
                state.left = left - 1
                if left <= 0 { return true }
            }
            state.disk.apply(change)
            return false
        }
        if hasEnded { throw StorageError(.ioError, "the process ends here") }
    }

    /// Runs something in a process that ends after a number of changes of views; whether it came so far.
    package func ending(after count: Int, _ body: () throws -> Void) -> Bool {
        state.withLock { $0.left = count }
        defer { state.withLock { $0.left = nil } }
        do { try body() } catch { return state.withLock { ($0.left ?? 0) < 0 } }
        return false
    }

    /// Cuts the power: the views are what a machine finds that comes up again.
    ///
    /// Nothing may have them open.
    package func losePower(_ chance: Chance) throws {
        let image = state.withLock { state in
            state.boot += 1
            return state.disk.afterPowerCut(chance)
        }
        for path in try ViewDisk.views(of: directory) { TemporaryDirectory.remove(path) }
        for file in image.files where ViewDisk.isView(file.path) {
            try TemporaryDirectory.write(file.bytes, to: file.path)
        }
        try noteFiles()
    }

    /// Takes the files as they are for what is durable, after they were changed behind the recorder's back.
    package func noteFiles() throws {
        let disk = try ViewDisk.present(directory)
        state.withLock { $0.disk = disk }
    }

    /// The view files of a directory.
    package static func views(of directory: String) throws -> [String] {
        let files = FileSystem()
        return try ([directory] + folders(of: directory)).flatMap { folder in
            try files.names(in: folder).sorted().map { "\(folder)/\($0)" }
        }.filter { isView($0) && !files.isDirectory($0) }
    }

    /// The folders of shards, and those of their search indexes.
    private static func folders(of directory: String) throws -> [String] {
        let files = FileSystem()
        let shards = try files.names(in: "\(directory)/shards").sorted().map { "\(directory)/shards/\($0)" }
        return shards.flatMap { [$0, "\($0)/search"] }.filter { files.exists($0) }
    }

    private static func isOfView(_ change: FileChange) -> Bool {
        switch change {
        case .write(let path, _, _), .store(let path, _, _), .resize(let path, _), .sync(let path), .remove(let path),
            .rename(let path, _), .link(_, let path):
            isView(path) && !path.hasSuffix("/heads")
        case .makeDirectory, .syncDirectory, .syncFileSystem: false
        }
    }

    /// Whether a file is neither truth nor records, settings or a lock.
    private static func isView(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return !["truth.", "records.", "social.json", "shards"].contains { name.hasPrefix($0) }
            && !name.hasSuffix(".lock")
    }

    private static func present(_ directory: String) throws -> SimulatedDisk {
        var disk = SimulatedDisk(root: directory)
        let files = FileSystem()
        for folder in try ["\(directory)/shards"] + folders(of: directory) {
            disk.apply(.makeDirectory(path: folder))
            disk.apply(.syncDirectory(path: FileSystem.parent(of: folder)))
        }
        for path in try views(of: directory) {
            disk.apply(.resize(path: path, size: 0))
            disk.apply(.write(path: path, offset: 0, bytes: try files.contents(of: path)))
            disk.apply(.sync(path: path))
            disk.apply(.syncDirectory(path: FileSystem.parent(of: path)))
        }
        return disk
    }
}
