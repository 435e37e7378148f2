// The verbs of `shard`.

internal import CommandSpec

enum ShardNoun {
    static let commands = [
        ShardList.command, ShardHottest.command, ShardLocate.command, ShardAdd.command, ShardRemove.command,
        ShardMove.command, ShardRebalance.command, ShardVerify.command, ShardSimulate.command,
    ]
}
