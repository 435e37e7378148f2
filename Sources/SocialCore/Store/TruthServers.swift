// A network whose truth and records lie on servers that several machines share. What the network is stands on the first
// of them; the manifest in a data directory is a copy of it, beside which the views of this machine lie.

/// The servers of a network, for one thread.
package protocol TruthServers: AnyObject {
    /// What the network is.
    ///
    /// - Throws: `noDataDirectory` when there is none on the server.
    func manifest() throws -> Manifest
    /// Changes what the network is, while nobody else does: what it is now.
    func update(_ change: (inout Manifest) throws -> Void) throws -> Manifest
    /// Makes a network with its shards; what another one was interrupted in is removed first.
    ///
    /// - Returns: what the network is; another than was asked for when somebody has made it before.
    func create(_ manifest: Manifest) throws -> Manifest
    /// The store of a shard.
    func store(_ shard: Int, map: SlotMapHolder) -> any Store
    /// The records of a shard.
    ///
    /// - Parameter router: whose map says on which server they are.
    func records(_ shard: Int, router: Router) -> any RecordsSource
    /// How far the logs of all shards have come, asked at once; nil when one of them has another version than the map.
    func heads(of map: SlotMap) throws -> [SourceHead]?
    /// Runs reads on one snapshot of each server, on which all shards have been found to be at a map's versions; where
    /// they are not, each read finds out by itself.
    func together<Result>(_ map: SlotMap, _ body: () throws -> Result) throws -> Result
    /// The same servers, for another thread.
    func separate() -> any TruthServers
    /// Moves shards to other servers, one after the other, while everybody goes on; what an earlier process has left
    /// half done comes first.
    ///
    /// - Parameters:
    ///   - plan: made from the map when that is done.
    ///   - beforeStep: called before each step, so that a test can stop a move anywhere.
    /// - Throws: `busy` when another process moves shards, `noLogicalLog` and others.
    func move(
        _ plan: (SlotMap) -> ServerPlan, beforeStep: @escaping () throws -> Void
    ) throws -> ServerPlan.Summary
    /// Ends the move of a shard that another process has left half done, or takes it back: false when one is at it.
    func settleMoves() throws -> Bool
    /// What the servers say of themselves, in the order in which they came to the network.
    ///
    /// - Parameter places: their addresses; nil for the first.
    func status(of places: [String?]) -> [ServerStatus]
    /// Hears when something has been committed on any of the servers of a map.
    func listener(_ map: SlotMap) -> any ChangeListener
}

/// Hears of commits on servers, so that whoever waits for them need not look all the time.
package protocol ChangeListener: AnyObject {
    /// What can be read from when something was committed; none while nobody tells of it.
    ///
    /// Cost: connects where there is no connection, at most once a second.
    var descriptors: [Int32] { get }
    /// Takes what was told, before the next look.
    func take()
}

/// Finds the engine for an address.
package enum TruthServer {
    /// The servers of a network whose first one is at an address; nothing is connected yet.
    ///
    /// - Throws: `noPostgreSQL` when this program was built without it.
    package static func at(_ address: String, context: Context) throws(StoreError) -> any TruthServers {
        let address = try PostgreSQLAddress(address)
        #if PostgreSQL
        return PostgreSQLNetwork(address, context: context)
        #else
        throw StoreError(
            .noPostgreSQL, "the network is on \(address.text), and this program was built without PostgreSQL",
            hint: "use social-pg, which \"make postgresql\" builds")
        #endif
    }
}
