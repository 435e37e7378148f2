// What can be wrong with the settings and the slot map.

/// An error of the shards room.
package struct ShardsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case badSetting = "bad_setting"
        case noSuchSetting = "no_such_setting"
        case noSuchShard = "no_such_shard"
        case lastShard = "last_shard"
        case tooManyShards = "too_many_shards"
        case badQuorum = "bad_quorum"
        case noSuchReplica = "no_such_replica"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error with a message.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
