// The replicas that a process knows of; looked up again when somebody has replaced the manifest since.

internal import Synchronization

/// Tells where the replicas of a data directory are at present.
package final class ReplicationHolder: Sendable {
    private struct State {
        var stamp: FileStamp?
        var replication: Replication?
    }

    /// The data directory.
    package let directory: String
    private let state: Mutex<State>

    /// The replicas of a directory.
    ///
    /// - Parameters:
    ///   - stamp: that of the manifest, looked at before it was read.
    ///   - replication: what the manifest said.
    package init(directory: String, stamp: FileStamp?, replication: Replication?) {
        self.directory = directory
        state = Mutex(State(stamp: stamp, replication: replication))
    }

    /// The replicas as they were looked up last; whoever is about to change the manifest tries out others here.
    package var current: Replication? {
        get { state.withLock { $0.replication } }
        set { state.withLock { $0.replication = newValue } }
    }

    /// Looks the replicas up again if the manifest is another one; costs one look at the file's status.
    ///
    /// Whoever holds the lock of a shard knows then that they stay as they are: they are changed under all locks.
    package func refresh() throws(StorageError) {
        let stamp = FileSystem().stamp(of: DataDirectory.manifestPath(directory))
        if state.withLock({ $0.stamp == stamp }) { return }
        let replication = try Manifest.read(directory).replication
        state.withLock { $0 = State(stamp: stamp, replication: replication) }
    }
}
