// How far a standby is behind, as far as it can know itself.
#if PostgreSQL

extension PostgreSQLConnection {
    /// Asks a standby how old the oldest commit may be that it lacks.
    ///
    /// What was applied last tells it while the primary is written to; while that is idle, that it has said something
    /// lately, and that all it had written was applied.
    private static let question = """
        SELECT CASE WHEN pg_is_in_recovery() THEN CAST(1000 * least(
            extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()),
            (SELECT extract(epoch FROM clock_timestamp() - last_msg_receipt_time) FROM pg_stat_wal_receiver
             WHERE status = 'streaming' AND latest_end_lsn = pg_last_wal_replay_lsn())) AS BIGINT) ELSE 0 END
        """

    /// How far the snapshot that has just begun may be behind, in milliseconds; nil where that cannot be told.
    func staleness() throws -> Int64? {
        let tables = PostgreSQLSchema(name: "pg_catalog", tables: [])
        let row = try database(tables).statement(PostgreSQLConnection.question)
        return try row.first { $0.isNull(0) ? nil : $0.integer(0) } ?? nil
    }
}

#endif
