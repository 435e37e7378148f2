// The verbs of `shard`.

internal import CommandSpec

enum ShardNoun {
    static let commands = [ShardList.command, ShardHottest.command, ShardLocate.command, ShardSimulate.command]
}
