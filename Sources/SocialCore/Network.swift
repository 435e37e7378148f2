// A data directory that is open: its manifest, its stores and its views, put together. This is what the command line
// talks to.

/// A network in a data directory.
package final class Network {
    /// The data directory.
    package let directory: String
    /// What the directory is.
    package internal(set) var manifest: Manifest
    /// The clock, chance and patience of the present command.
    package var context: Context
    /// All stores.
    package let router: Router
    let replication: ReplicationHolder
    /// Who keeps the truth; nil when files do.
    var servers: (any TruthServers)? { router.servers }
    /// Where it is said how far logs have come and which slot map counts; nil where that cannot be written.
    let heads: Heads?
    /// Called before each step of a move of slots, so that a test can stop it anywhere.
    package var beforeMoveStep: () throws -> Void = {}
    private let caches: FeedCaches
    private let searchIndexes: SearchIndexes
    private let notificationView: NotificationView
    private let readCache: ReadCache?
    let recordsShards: RecordsShards
    /// How far the logs have come.
    package let logHeads: LogHeads
    /// Keeps objects that were put while their rows are not committed.
    let objectHolder = ObjectHolder()
    /// The object store in which objects have their home; nil where that is the data directory.
    let remoteObjects: RemoteObjects?

    /// Opens a data directory.
    ///
    /// - Parameter isArriving: whether it may be one that is not whole yet.
    /// - Throws: `noDataDirectory`, `newerFormat` or `damaged`; `unreachable` and others of a server.
    package init(opening directory: String, context: Context, isArriving: Bool = false) throws {
        let stamp = FileSystem().stamp(of: DataDirectory.manifestPath(directory))
        let (manifest, servers) = try Network.whatIsThere(directory, context)
        guard manifest.replication?.place ?? 0 == 0 else {
            throw StorageError(
                .noDataDirectory, "\"\(directory)\" is a replica of a data directory",
                hint: "use the data directory, or make one of its replicas with \"social init DIR --recover\"")
        }
        guard isArriving || !manifest.isArriving else { throw Network.notWhole(directory, manifest) }
        context.observer?.note("data directory \"\(directory)\": shards \(manifest.map.shards.count)")
        let files = FileSystem(tap: context.fileTap)
        let isWritable = files.isWritable(directory)
        // Of what servers hold, only these can tell how far it has come.
        let heads = servers == nil ? Heads(directory: directory, writable: isWritable, context: context) : nil
        var headsFailure: StorageError?
        // A damaged file is nobody's; one that others can read must be told of every commit.
        if heads == nil, servers == nil, isWritable, files.exists("\(directory)/heads"),
            !files.isWritable("\(directory)/heads")
        {
            headsFailure = StorageError(
                .permissionDenied, "\"\(directory)/heads\" cannot be written", hint: "make it writable")
        }
        let writableHeads = isWritable ? heads : nil
        let holder = SlotMapHolder(manifest.map)
        let replication = ReplicationHolder(
            directory: directory, stamp: stamp, replication: manifest.replication)
        let loads = isWritable ? SlotLoads(directory: directory, shared: manifest.isShared, context: context) : nil
        let router = Router(
            map: holder, reloadMap: { try (servers?.manifest() ?? Manifest.read(directory)).map }, context: context,
            loads: loads
        ) { shard in
            if let servers { return servers.store(shard, map: holder) }
            return SQLiteStore(
                shard: shard, directory: DataDirectory.shardPath(directory, shard: shard), shared: manifest.isShared,
                map: holder, heads: writableHeads, headsFailure: headsFailure, replicas: replication,
                context: context)
        }
        self.directory = directory
        self.manifest = manifest
        self.context = context
        self.router = router
        self.replication = replication
        self.heads = writableHeads
        remoteObjects = manifest.objects.map { RemoteObjects($0, environment: context.environment) }
        logHeads = LogHeads(router: router, heads: heads, isLongRunning: context.isLongRunning)
        router.mapMark = { heads?.mapMark }
        router.holdSlots = {
            try isWritable ? SlotMoves.hold(directory, shared: manifest.isShared, context: context) : nil
        }
        router.servers = servers
        let records =
            servers.map { servers in RecordsShards { [unowned router] in servers.records($0, router: router) } }
            ?? RecordsShards(directory: directory, shared: manifest.isShared, context: context)
        router.consumedLog = { [unowned router] shard, incarnation in
            try SlotRecords(router: router, shards: records).gather { try $0.logPositions(in: shard, $1) }.joined()
                .filter { $0.incarnation == incarnation }.map(\.n).min()
        }
        if let servers {
            router.finishMove = { try servers.settleMoves() }
        } else {
            router.finishMove = { [unowned router] in
                try SlotMoves(
                    directory: directory, router: router, records: records, heads: writableHeads,
                    isShared: manifest.isShared, context: context
                ).finishSwitch()
            }
        }
        router.didEndGroup = { [objectHolder] in objectHolder.release() }
        recordsShards = records
        readCache =
            context.isLongRunning ? ReadCache(graph: Graph(router: router, context: context), logHeads: logHeads) : nil
        caches = FeedCaches(
            directory: directory, router: router, logHeads: logHeads,
            settings: manifest.settings, isShared: manifest.isShared, context: context)
        searchIndexes = SearchIndexes(
            directory: directory, router: router, logHeads: logHeads,
            stems: manifest.settings.searchLanguage == .english, isShared: manifest.isShared, context: context)
        notificationView = NotificationView(
            directory: directory, router: router, logHeads: logHeads, isShared: manifest.isShared, context: context)
    }

    /// The accounts.
    package var accounts: Accounts { Accounts(router: router, context: context) }
    /// The follow graph.
    package var graph: Graph { Graph(router: router, context: context) }
    /// What shards owe each other.
    package var effects: Effects { Effects(router: router) }
    /// The posts.
    package var posts: Posts {
        Posts(router: router, placement: manifest.placement, context: context, cache: readCache)
    }
    /// The feeds.
    package var feeds: Feeds { Feeds(caches: caches, posts: posts, accounts: accounts, graph: graph) }
    /// The search.
    package var search: Search {
        Search(indexes: searchIndexes, posts: posts, accounts: accounts, graph: graph, media: media)
    }
    /// The notifications.
    package var notifications: Notifications {
        Notifications(
            view: notificationView, attributes: attributes, posts: posts, accounts: accounts, graph: graph,
            feeds: feeds, context: context)
    }
    /// The counts of accesses.
    package var analytics: Analytics { Analytics(router: router, records: recordsShards, context: context) }
    /// What is recorded of slots beside the truth.
    package var slotRecords: SlotRecords { SlotRecords(router: router, shards: recordsShards) }
    /// The attributes of accounts.
    package var attributes: AccountAttributes { AccountAttributes(records: slotRecords, context: context) }
    /// The messages.
    package var queue: MessageQueue { MessageQueue(records: slotRecords, context: context) }
    /// Who is alive.
    package var services: ServiceRegistry { ServiceRegistry(records: slotRecords, context: context) }
    /// The export of everything.
    package var export: Export {
        Export(
            router: router, records: RecordsExport(router: router, records: recordsShards), context: context)
    }
    /// The export of what is held about one person.
    package var personalExport: PersonalExport {
        PersonalExport(
            router: router, accounts: accounts, attributes: attributes, notifications: notifications,
            analytics: analytics, pictures: pictures, context: context)
    }
    /// The import of an export.
    package var `import`: Import {
        Import(
            router: router, records: slotRecords, analytics: analytics, placement: manifest.placement, context: context)
    }
    /// The verification of everything.
    package var verification: Verification { Verification(of: self) }

    /// What each shard holds, in the order of their numbers.
    ///
    /// - Parameter countsHoldings: whether accounts, posts and follows are counted, which walks through an index.
    package func shards(countsHoldings: Bool = true) throws -> [ShardCensus] {
        try ShardCensus.all(
            router, directory: directory, now: context.clock.now, countsHoldings: countsHoldings)
    }

    /// What lies and goes on in each slot, and what each account has; reads everything.
    package func hotSpots() throws -> HotSpots {
        try HotSpots.all(
            router, loads: SlotLoads.all(in: directory, now: context.clock.now), context: context)
    }

    /// Everything that is wrong; when that is nothing, what was kept of older formats is removed.
    ///
    /// - Parameter isRepairing: whether what can be put in order is.
    package func verify(
        _ plan: Verification.Plan = Verification.Plan(), isRepairing: Bool = false
    ) throws -> [Finding] {
        let verification = Verification(of: self, plan)
        let findings = try isRepairing ? verification.repair() : verification.run()
        if findings.isEmpty, !context.isDryRun {
            for store in try stores() { try store.forgetOlderFormats() }
        }
        return findings
    }

    /// Brings the views up to date on a command's way out, as far as that is little work.
    package func publish() throws { try feeds.publishInline() }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws {
        try router.finish()
        if !context.isDryRun { try recordsShards.finish() }
    }

    /// The stores of all shards, in the order of their numbers.
    func stores() throws -> [SQLiteStore] { try router.shards.compactMap { try router.store($0) as? SQLiteStore } }

    // MARK: Making

    /// What a new data directory is like.
    package struct Plan: Sendable {
        /// How many shards.
        package var shards = 1
        /// How posts find their slot.
        package var placement = Placement.user
        /// Whether others of the group may write it.
        package var isShared = false
        /// Where its replicas are; nil for none.
        package var replication: Replication?
        /// The address of the server that keeps the truth; nil for files.
        package var store: String?
        /// The object store in which objects have their home; nil for the data directory.
        package var objects: S3Address?
        /// The settings.
        package var settings = Settings.standard
        /// Whether a network is to be carried there, before which nobody else may use the directory.
        package var isArriving = false

        /// A plan with one shard, posts with their authors, for one user, without replicas.
        package init(
            shards: Int = 1, placement: Placement = .user, isShared: Bool = false, replication: Replication? = nil,
            store: String? = nil
        ) {
            self.store = store
            self.shards = shards
            self.placement = placement
            self.isShared = isShared
            self.replication = replication
        }
    }

    /// Makes a data directory.
    ///
    /// The manifest is written last, so that an interrupted run leaves no half directory behind that could be mistaken
    /// for a whole one; the next run begins again.
    ///
    /// - Throws: `notEmpty` when something else lies there.
    package static func create(_ directory: String, _ plan: Plan, context: Context) throws {
        let files = FileSystem(tap: context.fileTap)
        try requireEmpty(directory, files)
        for place in plan.replication?.places ?? [] { try requireEmpty(place, known: ["social.json"], files) }
        if context.isDryRun {
            for place in [directory] + (plan.replication?.places ?? []) { try files.requirePlace(for: place) }
            return
        }
        try files.makeDirectory(directory, shared: plan.isShared)
        // Of two that make the same directory at once, the second finds it made.
        let lock = FileLock(path: "\(directory)/manifest.lock", shared: plan.isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        try requireEmpty(directory, files)
        // A network that somebody has made before on a server has its objects already.
        let servers = try plan.store.map { try TruthServer.at($0, context: context) }
        if let objects = plan.objects, try servers.map(isMade) != true {
            try RemoteObjects(objects, environment: context.environment).probe()
        }
        let map = SlotMap(shardCount: plan.shards)
        var manifest = Manifest(
            placement: plan.placement, isShared: plan.isShared, settings: plan.settings, map: map,
            replication: plan.replication, store: plan.store)
        manifest.objects = plan.objects
        manifest.isArriving = plan.isArriving
        try files.makeDirectory("\(directory)/shards", shared: plan.isShared)
        if let servers {
            // Of a network that was made before this directory is one more that belongs to it.
            manifest = try servers.create(manifest).local(like: manifest)
            try makeFolders(of: manifest, directory, files)
            return try manifest.write(directory, context: context)
        }
        try Heads.create(directory: directory, shared: plan.isShared, context: context)
        let heads = Heads(directory: directory, writable: true, context: context)
        for shard in 0..<plan.shards {
            let folder = DataDirectory.shardPath(directory, shard: shard)
            try files.makeEmptyDirectory(folder, shared: plan.isShared)
            let store = SQLiteStore(
                shard: shard, directory: folder, shared: plan.isShared, map: SlotMapHolder(map), heads: heads,
                context: context)
            try store.create(incarnation: context.random.next())
            try files.syncDirectory(folder)
        }
        for (index, place) in (plan.replication?.places ?? []).enumerated() {
            try files.makeDirectory(place, shared: plan.isShared)
            try manifest.writeCopy(index, place, files)
        }
        try manifest.write(directory, context: context)
        // The first writer that looks at a shard makes its logs and copies; here that is this one.
        guard plan.replication != nil else { return }
        for store in try Network(opening: directory, context: context).stores() { try store.makeReplicas() }
    }

    /// What an interrupted run has left is as good as nothing.
    static func requireEmpty(
        _ directory: String, known: [String] = ["heads", "heads.new", "manifest.lock", "shards"], _ files: FileSystem
    ) throws(StorageError) {
        try files.requireEmpty(directory, but: known + ["social.json.new"])
    }

    // MARK: Settings

    /// Changes a setting of the directory; true when it was another before.
    package func set(_ name: String, to text: String) throws -> Bool {
        var isNew = false
        func change(_ manifest: inout Manifest) throws {
            let before = manifest.settings
            try manifest.settings.set(name, to: text)
            isNew = manifest.settings != before
        }
        manifest =
            try servers?.update(change).local(like: manifest)
            ?? Manifest.update(directory, context: context, change)
        caches.settings = manifest.settings
        searchIndexes.stems = manifest.settings.searchLanguage == .english
        return isNew
    }
}
