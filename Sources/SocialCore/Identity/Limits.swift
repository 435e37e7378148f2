// Every limit of the program has its name here.

/// The limits of the core.
package enum Limits {
    /// Bytes (and characters: they are ASCII) of a handle.
    package static let handleBytes = 64
    /// Characters of a post, as a reader counts them.
    package static let textCharacters = 10_000
    /// Bytes of a post's text: four a scalar, and room for combining marks.
    package static let textBytes = 64 * 1024
    /// Characters of a profile field.
    package static let profileCharacters = 1_000
    /// Bytes of all further fields of a profile together.
    package static let profileFieldBytes = 64 * 1_024
    /// Characters of the name of an account's token.
    package static let tokenNameCharacters = 100
    /// Bytes of a text in which a token is looked for.
    package static let tokenTextBytes = 1_024
    /// Uploads that are verified before somebody looks at the clock.
    package static let verifiedUploads = 100
    /// Bits of a damaged row up to which each is tried whether it was turned.
    package static let mendedBits = 1 << 20
    /// Bytes of the name of a further field.
    package static let profileKeyBytes = 64
    /// Uploads that a post shows.
    package static let postMedia = 10
    /// Bytes of the name of an uploaded file.
    package static let fileNameBytes = 255
    /// Bytes of an uploaded file.
    package static let uploadBytes = 16 << 30
    /// The same where it comes through a pipe, and has to be held in memory.
    package static let pipedUploadBytes = 1 << 30
    /// Bytes up to which an uploaded file is held in memory; a larger one is mapped.
    package static let heldUploadBytes = 8 << 20
    /// Bytes of a picture that another program hands over.
    package static let framePictureBytes = 64 << 20
    /// Files that are uploaded in one group.
    package static let uploadGroup = 256
    /// Bytes of such a group, unless a single file has more.
    package static let uploadGroupBytes = 64 << 20
    /// Tracks of a film that was cut.
    package static let filmTracks = 64
    /// Segments of a track of a film: a hundred hours in pieces of four seconds.
    package static let filmSegments = 100_000
    /// Changes of scene that are kept of a film.
    package static let filmScenes = 100_000
    /// Units of time of a track in a second.
    package static let filmTimescale = 1_000_000_000
    /// How long a film is at most: a thousand hours.
    package static let filmMilliseconds: Int64 = 3_600_000_000
    /// Bytes of a track of a film.
    package static let filmTrackBytes = 1 << 40
    /// Bytes of the description of a film, as JSON.
    package static let filmDescriptionBytes = 32 << 20
    /// Bytes of the name of a kind of access.
    package static let accessKindBytes = 32
    /// Bytes of the name of a resource.
    package static let resourceBytes = 2_048
    /// Accesses that are made into pages at a time.
    package static let rollupRows = 1_048_576
    /// Pages of about one size that are merged into a larger one.
    package static let rollupFanIn = 4
    /// How long a command that follows logs sleeps between two looks.
    package static let followMilliseconds: Int64 = 200
    /// Accesses that are counted in one transaction.
    package static let accessBatch = 65_536
    /// Times that one command counts an access.
    package static let repeatedAccesses = 1...1_000_000
    /// Bytes of an access as NDJSON.
    package static let accessLineBytes = 64 << 10
    /// Rows of counts over time.
    package static let seriesRows = 10_000
    /// Bytes of the name of a topic or a consumer.
    package static let topicNameBytes = 1...64
    /// Bytes of a message.
    package static let messageBytes = 256 << 10
    /// Messages that are taken at a time.
    package static let pulledMessages = 1...10_000
    /// Messages of which a pull finds out that they have waited long enough.
    package static let promotedMessages = 10_000
    /// Bytes that are kept of why a message failed.
    package static let failureBytes = 1_024
    /// Bytes of the name of a service, of an instance and of an address.
    package static let serviceNameBytes = 255
    /// Bytes of what an instance says of itself.
    package static let serviceDetailsBytes = 4_096
    /// The time after which an instance that is dead is forgotten: a day.
    package static let forgottenMilliseconds: Int64 = 24 * 60 * 60 * 1_000
    /// Objects that are removed while nobody may put others.
    package static let collectedObjects = 256
    /// Tags of an uploaded file.
    package static let mediaTags = 50
    /// Bytes of an idempotency key.
    package static let idempotencyKeyBytes = 255
    /// The time after which what was read and written counts half as much: a day.
    package static let loadHalfLifeMilliseconds: Int64 = 24 * 60 * 60 * 1_000
    /// How far a slot's ids may run ahead of the clock: ten minutes.
    package static let clockLeadMilliseconds: Int64 = 10 * 60 * 1_000
    /// How far in the future an imported post may lie: one minute.
    package static let futureMilliseconds: Int64 = 60 * 1_000
    /// Shards of one data directory.
    package static let shards = 1...1_024
    /// Copies of each shard's truth, the data directory's own included.
    package static let replicas = 1...16
    /// Entries of one cached feed.
    package static let feedCapacity = 1...10_000
    /// Followers from which on posts are fetched at reading; 0 means always.
    package static let feedPushLimit = 0...1_000_000_000
    /// Accounts of a network whose feeds are estimated.
    package static let simulatedAccounts = 1...10_000_000_000
    /// Accounts of a made-up network that is placed on shards.
    package static let placedAccounts = 1...1_000_000
    /// Posts of such a network.
    package static let placedPosts = 1...10_000_000
    /// Keys that are placed between two looks at how far it is.
    package static let placedBatchKeys = 65_536
    /// Points that a shard has on a ring.
    package static let ringPoints = 1...1_000
    /// A repost is left out of a feed into which the same post came so short a time before: a day.
    package static let repostMilliseconds: Int64 = 24 * 60 * 60 * 1_000
    /// How much later than its row says a post may be made when its millisecond is full: a minute.
    package static let crowdedMilliseconds: Int64 = 60 * 1_000
    /// Posts of a feed that are looked at to find the best, or to show many accounts.
    package static let feedCandidates = 500
    /// The time in which the score of a post becomes half as much: twelve hours.
    package static let scoreHalfLifeMilliseconds: Int64 = 12 * 60 * 60 * 1_000
    /// How long a command that waits for news sleeps between two looks.
    package static let watchMilliseconds: Int64 = 20
    /// The same where a server tells of news; what comes of time alone, such as a delayed message, may be as late.
    package static let listenMilliseconds: Int64 = 200
    /// Bytes of a search query.
    package static let queryBytes = 4_096
    /// Characters that are shown of a longer text that was found.
    package static let snippetCharacters = 160
    /// Parentheses of a query within one another.
    package static let queryDepth = 32
    /// Changed documents that a search reads along with the index; from so many on they are written into it.
    package static let searchTail = 256
    /// The same for one that cannot write it; with more, everything is indexed again in memory.
    package static let indexedTail = 8_192
    /// Posts that answer best, and as many of the newest that answer, among which the top is found.
    package static let searchCandidates = 500
    /// The time in which a found post comes to count half as much under `top`: a week.
    package static let searchHalfLifeMilliseconds: Int64 = 7 * 24 * 60 * 60 * 1_000
    /// Documents read at a time to be indexed.
    package static let searchPage = 8_192
    /// Bytes of the memory that documents take before they become a segment.
    package static let segmentBytes = 256 << 20
    /// Documents of a segment that was merged.
    package static let segmentDocuments = 4_194_304
    /// Days for which notifications are kept.
    package static let notificationDays: Int64 = 90
    /// So many days later older ones are removed.
    package static let notificationPruningDays: Int64 = 7
    /// Accounts that a post notifies by naming them; it can name more.
    package static let notifiedMentions = 50
    /// How far back posts of authors with very many followers are notified: three days.
    package static let celebrityMilliseconds: Int64 = 3 * 24 * 60 * 60 * 1_000
    /// Posts of a feed among which they are looked for.
    package static let celebrityPosts = 200
    /// Accounts that a notification names.
    package static let notificationActors = 3
    /// Groups of notifications that are looked at together.
    package static let notificationGroups = 64
    /// Notices of tasks that are looked at for one reader.
    package static let notices = 1_000
    /// Log entries that inboxes are brought up to date with; after more, and half of what they hold, they are made
    /// again.
    package static let inboxEntries = 1_000_000
    /// Items that are put into new inboxes at a time.
    package static let inboxBatch = 1_048_576
    /// Handles that posts name and nobody has, up to which each change of an account lets all of them be looked up.
    package static let unknownHandles = 2_000
    /// Rows of one page of a paged verb.
    package static let pageRows = 10_000
    /// Rows of the first page, which somebody may be waiting for.
    package static let firstPageRows = 1_000
    /// How often a command on its way out looks what is behind, where servers keep the truth.
    package static let inlineSnapshots = 3
    /// Log entries that a command applies to the views on its way out; more are left to `feed regenerate`.
    package static let inlineEntries = 1_000
    /// The same for a process that goes on working, such as a batch.
    package static let inlineEntriesWhileRunning = 20_000
    /// Feeds that a command fills from the truth on its way out.
    package static let inlineFills = 100
    /// Feeds filled one by one; where more must be filled, the whole cache is built afresh.
    package static let singleFills = 2_000
    /// Accounts of a shard for which a command that finds no cache makes one on its way out.
    package static let inlineFeeds = 1_000
    /// Log entries read at a time by a view that catches up.
    package static let catchUpEntries = 65_536
    /// Rows of one transaction of an import.
    package static let importBatchRows = 50_000
    /// Bytes of the counts of one transaction of an import, about.
    package static let importBatchBytes = 32 << 20
    /// Rows that one transaction removes after an account was deleted.
    package static let removalBatchRows = 10_000
    /// Posts that a process which goes on working remembers: about half a kilobyte each.
    package static let rememberedItems = 1_048_576
    /// New posts that it reads along with others.
    package static let unreadPosts = 1_024
    /// Accounts of which it remembers what they posted last, and whom they do not see.
    package static let rememberedReaders = 131_072
    /// How many of an author's newest posts it remembers.
    package static let rememberedPosts = 100
    /// Cores on which feeds can be built.
    package static let jobs = 64
    /// Log entries that an index of follows and posts is brought up to date with; after more it is made again.
    package static let indexEntries = 262_144
    /// The same for a command that only wants to read a feed; and from so many on `feed regenerate` packs it again.
    package static let indexChanges = 4_096
    /// Log entries from which on all feeds are made again instead of applying them one by one; or a quarter of the
    /// feeds, if that is more.
    package static let bulkEntries = 16_384
    /// Accounts followed from which on a feed is read through the index, where there is one.
    package static let indexedAuthors = 64
    /// Commits that stay in a shard's log after every view has synced them.
    package static let keptCommits: Int64 = 10_000
    /// How many shards a network on a server has when nothing else is asked for: each is two schemas, and the unit of
    /// move between servers.
    package static let serverShards = 64
    /// Pages of write-ahead log that a command may leave behind: opening a log of 64 pages costs under 1 ms.
    package static let logPages = 64
    /// Pages of write-ahead log that a process which goes on working lets grow before it empties them.
    package static let logPagesWhileRunning = 4_096
    /// The same for a process that moves slots, for whose locks others wait.
    package static let logPagesWhileMoving = 512
    /// Memory for the pages of one database file, used only as far as pages are read.
    package static let pageCacheKibibytes = 65_536
    /// Rows of slots that move which are copied in one transaction: few, because the shard's writers wait for it.
    package static let movedRows = 500
    /// How long a move leaves a shard alone between two transactions; longer than others sleep between two tries.
    package static let moveRestMicroseconds: UInt32 = 4_000
    /// Rows that may still have to be brought over while a slot cannot be written.
    package static let fencedChanges = 64
    /// Slots that change their shard in one step: each costs a moment, and the step three syncs.
    package static let switchedSlots = 64
    /// How often a move tries to bring over everything that changes meanwhile before it lets writers wait.
    package static let catchUpRounds = 50
    /// Feeds of a shard up to which a command sets those of moved slots aside on its way out.
    package static let movedFeeds = 20_000
    /// How long a move waits for those who read for long: ten minutes.
    package static let moveWaitMilliseconds: Int64 = 600_000
    /// The weight of a shard.
    package static let shardWeight = 1...1_000
    /// After how long no backup should hold any more what was erased: 30 days.
    package static let erasedInBackupsMilliseconds: Int64 = 30 * 24 * 60 * 60 * 1_000
    /// At most one activity event an hour and account.
    package static let activityMilliseconds: Int64 = 60 * 60 * 1_000
    /// Bytes of the changes of one commit that replicas take: SQLite's own limit of what it hands out at once.
    package static let replicaEntryBytes = 2_000_000_000
    /// Bytes to which a replica's log may grow before what it holds is taken up by the copy beside it.
    package static let replicaLogBytes = 4 << 20
    /// Bytes to which the log of a replica may grow that cannot take it up; then the replica is left behind.
    package static let replicaLogMaximumBytes = 256 << 20
    /// How often a replica is looked at that somebody writes meanwhile.
    package static let replicaLooks = 8
    /// How long what was found out about replicas holds for a process that goes on reading.
    package static let replicaCheckMilliseconds: Int64 = 20
}
