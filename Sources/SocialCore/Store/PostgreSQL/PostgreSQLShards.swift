// The shards of a network that lie on one PostgreSQL server, for one thread.
#if PostgreSQL

/// Opens and makes the shards on a server.
package final class PostgreSQLShards {
    private let network: PostgreSQLNetwork

    /// The shards on a server; nothing is connected yet.
    ///
    /// - Parameter prefix: with what the names of their schemas begin.
    package init(_ address: PostgreSQLAddress, prefix: String = "social", context: Context) {
        network = PostgreSQLNetwork(address, prefix: prefix, context: context)
    }

    /// The store of a shard.
    package func store(_ shard: Int, map: SlotMapHolder) -> any Store {
        network.store(shard, map: map)
    }

    /// Makes the tables of a shard.
    ///
    /// Cost: some fifty tables and indexes.
    package func create(_ shard: Int, map: SlotMap, incarnation: UInt64) throws {
        try network.first.write { connection in
            try PostgreSQLSchema.truth(of: shard, network.prefix)
                .createTruth(of: shard, incarnation: incarnation, map: map, on: connection)
            try connection.commit()
        }
    }

    /// Removes the tables of a shard with everything in them.
    package func remove(_ shard: Int) throws {
        try network.first.write { connection in
            try PostgreSQLSchema.dropAll(of: shard, network.prefix, on: connection)
            try connection.commit()
        }
    }

    /// Runs a command on a server, outside of any transaction, for tests.
    package static func execute(_ sql: String, at address: PostgreSQLAddress) throws {
        try PostgreSQLConsole(address).run(sql)
    }

    /// Runs a statement of the operations on a shard's truth, for tests.
    package func run(_ sql: String, on shard: Int) throws {
        try network.first.write { connection in
            try connection.database(.truth(of: shard, network.prefix)).statement(sql).run()
            try connection.commit()
        }
    }
}

#endif
