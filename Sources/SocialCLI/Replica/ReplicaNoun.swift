// The verbs of `replica`, and what they share.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaNoun {
    static let commands = [
        ReplicaStatusVerb.command, ReplicaAdd.command, ReplicaRemove.command, ReplicaRepairVerb.command,
        ReplicaPromote.command,
    ]

    /// What the data directory's replicas are like after a change.
    static let fields = [
        Field("data", .string, "the data directory"),
        Field("replicas", .integer, "copies, the data directory included"),
        Field("write_quorum", .integer, "how many must hold a change before it is acknowledged"),
        Field("read_quorum", .integer, "how many are asked before something is read"),
        Field("replica_dirs", .array, "the directories of the others"),
    ]

    static func cells(_ directory: String, _ replication: Replication?) -> [Cell] {
        [
            .text(directory), .integer(Int64(replication?.copies ?? 1)),
            .integer(Int64(replication?.writeQuorum ?? 1)), .integer(Int64(replication?.readQuorum ?? 1)),
            .list(replication?.places ?? []),
        ]
    }
}

/// Options about quorums.
enum QuorumOptions {
    static let write = Option(
        "write-quorum", .integer(in: Limits.replicas), configurable: false,
        help: "How many replicas must hold a change before it is acknowledged; otherwise a majority")
    static let read = Option(
        "read-quorum", .integer(in: Limits.replicas), configurable: false,
        help: "How many replicas are asked before something is read; otherwise as few as know every change")
}
