// A database on the server that the tests may use, which is gone when nobody needs it any more.
#if PostgreSQL

package import SocialCore

/// An empty database.
package final class TestDatabase {
    /// Where it is.
    package let address: PostgreSQLAddress
    private let server: PostgreSQLAddress
    private let name: String

    /// Makes a database.
    package init() throws {
        guard let server = StoreEngine.server else {
            throw StorageError(.unreachable, "there is no server for tests")
        }
        self.server = server
        name = "test_\(UInt64.random(in: 0..<(.max)))"
        // The address ends with the database, or goes on with parameters.
        let parts = server.text.split(separator: "?", maxSplits: 1)
        let place = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        let parameters = parts.count > 1 ? "?\(parts[1])" : ""
        address = try PostgreSQLAddress("\(place)/\(name)\(parameters)")
        try PostgreSQLShards.execute("CREATE DATABASE \(name)", at: server)
    }

    deinit { try? PostgreSQLShards.execute("DROP DATABASE \(name) WITH (FORCE)", at: server) }
}

#endif
