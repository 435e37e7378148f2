// The whole command line of `social`, in the order in which help lists it. Each verb declares itself in a file of its
// own, in the folder of its noun.

package import CommandSpec

/// The command line of `social`.
package enum SocialSpecification {
    /// The version of the program.
    package static let version = "0.1.0"
    /// The day of the version, as man pages write it.
    private static let date = "November 21, 2026"

    /// The one declaration from which parsing, help, man pages and completions are made.
    package static let specification: Specification = Specification(
        program: "social", version: version, date: date, abstract: "A social network's back end in a directory",
        discussion: """
            Accounts, the follow graph, posts, news feeds and search in one data directory: no server to start, \
            nothing to configure. Data goes to the standard output as a table, JSON, NDJSON, CSV, TSV or ids; \
            everything else goes to the standard error.
            """,
        examples: [
            Example("social init", "Make a data directory in ./.social"),
            Example("social user create ana", "Make an account"),
            Example("social post create 'hello' --by ana", "Write a post"),
            Example("social feed show ana --json", "Read a feed as JSON"),
        ],
        globals: Globals.all, groups: Globals.groups,
        environment: [
            EnvironmentVariable("SOCIAL_USER", "The account that acts when --by is not given"),
            EnvironmentVariable("SOCIAL_TOOLS", "Directories, as in PATH, in which ffmpeg is looked for instead"),
            EnvironmentVariable("NO_COLOR", "Turns colour off when it is not empty"),
        ],
        exits: [
            ExitStatus(0, "done, also when there was nothing to do or nothing was found"),
            ExitStatus(1, "the answer is no: something is false, different or damaged"),
            ExitStatus(64, "usage error"), ExitStatus(65, "bad data"),
            ExitStatus(66, "no such input file or data directory"), ExitStatus(67, "the named thing does not exist"),
            ExitStatus(69, "a needed tool or server is not there"), ExitStatus(70, "a bug"),
            ExitStatus(73, "cannot create: taken, or the target is not empty"),
            ExitStatus(74, "I/O error or full disk"), ExitStatus(75, "busy or outcome unknown, try again"),
            ExitStatus(76, "the data directory is newer than this program"), ExitStatus(77, "permission denied"),
            ExitStatus(78, "bad configuration"),
        ],
        nouns: [
            Noun("user", "Accounts: make, show and list them", isMain: true) { UserNoun.commands },
            Noun("follow", "Who follows whom", isMain: true) { FollowNoun.commands },
            Noun("post", "What people write", isMain: true) { PostNoun.commands },
            Noun("upload", "Pictures, films and other files", isMain: true) { UploadNoun.commands },
            Noun("feed", "What people read: the posts of those they follow", isMain: true) { FeedNoun.commands },
            Noun("search", "What has been said, by whom, and about what", isMain: true) { SearchNoun.commands },
            Noun("shard", "Where things are kept, and how evenly") { ShardNoun.commands },
            Noun("video-segment", "Films, cut into segments for streaming", isMain: true) { VideoSegmentNoun.commands },
            Noun("notification", "What others do that somebody wants to know", isMain: true) {
                NotificationNoun.commands
            },
            Noun("analytics", "How often, by whom, since when", isMain: true) { AnalyticsNoun.commands },
            Noun("queue", "Messages and tasks, and who works on them") { QueueNoun.commands },
            Noun("service", "Who is alive, and where") { ServiceNoun.commands },
            Noun("replica", "Copies of the truth in other directories") { ReplicaNoun.commands },
            Noun("backup", "Copies of one moment, to be kept elsewhere") { BackupNoun.commands },
            Noun("fixture", "Made-up networks, for tests and demonstrations") { FixtureNoun.commands },
            Noun("config", "Settings of the data directory") { ConfigNoun.commands },
        ],
        guides: { Guides.all },
        verbs: { DirectoryVerbs.commands })
}
