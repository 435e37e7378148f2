// `social help data`, social-data(5): what lies in a data directory, and what may be done with it.

internal import CommandSpec
internal import SocialCore

enum DataGuide {
    static let guide = Guide(
        "data", section: 5, "The data directory: where it is found and what lies in it",
        discussion: """
            Everything that the program keeps lies in one directory. It is made by "social init", as .social in the \
            current directory unless another place is named.

            A command takes the directory that --data names, else the one of SOCIAL_DATA, else the nearest .social in \
            the current directory or above it, as git finds its own. Where there is none it exits with 66. One that \
            is found and not named has to be the user's own or root's, and not open to everybody, otherwise it exits \
            with 77.
            """,
        parts: [
            Guide.Part(
                "TRUTH AND VIEWS",
                """
                Truth is what people did: accounts, follows, posts, likes, uploads. Views, such as the cached feeds \
                and the search indexes, are computed from it. A view can be deleted at any time; it is made again, \
                and until then answers come from the truth. "social digest" prints a hash of the truth alone: it is \
                the same for any number of shards.
                """),
            Guide.Part(
                "FILES",
                rows: [
                    Guide.Row(
                        "social.json",
                        "what the directory is: format, settings, shards, and which shard owns which slot"),
                    Guide.Row("heads", "how far the log of each shard has come, so that readers need not open it"),
                    Guide.Row("load", "how often something in each slot was read and written: a view"),
                    Guide.Row("shards/0000/truth.sqlite", "the truth of a shard and the log of its changes"),
                    Guide.Row(
                        "shards/0000/truth.sqlite-wal",
                        "the changes that are not in the file before yet; copy both or neither"),
                    Guide.Row(
                        "shards/0000/records.sqlite",
                        "how often what was accessed, which notifications were read: cannot be computed again"),
                    Guide.Row(
                        "shards/0000/objects",
                        "the bytes of uploads, each in a file that is named by its SHA-256 (ab/cdef…): truth"),
                    Guide.Row("shards/0000/thumbnails", "smaller pictures that somebody has asked for: a view"),
                    Guide.Row("shards/0000/feed.cache", "the cached feeds of a shard's accounts: a view"),
                    Guide.Row(
                        "shards/0000/search", "the search indexes of a shard's posts, accounts and uploads: a view"),
                    Guide.Row(
                        "shards/0000/replica.log",
                        "with replicas: the changes that copies may not have taken up yet; part of the truth"),
                    Guide.Row("notifications.sqlite", "the notifications of all accounts: a view"),
                    Guide.Row("feed.index", "follows and posts, packed for filling many feeds at once: a view"),
                    Guide.Row("*.lock", "locks of the kernel; the files stay, the locks go with their process"),
                ]),
            Guide.Part(
                "OBJECTS",
                """
                The bytes of an upload are an object: a file that is named by its hash and never changes. Equal bytes \
                are kept once. The first bits of the hash name its slot, and so the shard in whose folder it lies; it \
                follows when the slot moves, and lies once more with each replica. An object is synced before a row \
                names it. "social upload gc" removes what no row names, and "social upload verify --deep" reads \
                everything; exports have the rows only, so copy the objects too. With "social init --objects" they \
                are in an object store, and these files are a cache: "social help objects".
                """),
            Guide.Part(
                "SHARDS",
                """
                Every account and post belongs to one of 4,096 slots, and every slot to one shard. One shard is the \
                fastest start; "social init --shards" makes more, and "social shard add" one more at any time: slots \
                move to it while others read and write. With --shard-by user the posts of an account lie with it; \
                with --shard-by post they are spread over all shards.
                """),
            Guide.Part(
                "DURABILITY",
                """
                A change whose command exits with 0 has been synced to the disk. Any number of processes may work on \
                one directory: readers never wait, writers of a shard wait for each other, at most for --lock-wait, \
                and then exit with 75. Every row carries a check; "social verify" reads them all.
                """),
            Guide.Part(
                "REPLICAS",
                """
                With "social init --replicas" or "social replica add" the truth is kept in other directories too, best \
                on other disks. Each has a copy of social.json, and for each shard a copy of the truth and a log. A \
                change is acknowledged when the write quorum has it in its logs; when too few replicas can be written, \
                nothing is changed and the command exits with 75. When some got it and then too few, it exits with 75 \
                as well (outcome_unknown), and the next writer completes the change: look whether it is there, or \
                repeat it under its idempotency key. A read asks the read quorum, unless --read-consistency available \
                takes what there is.
                """),
            Guide.Part(
                "PERMISSIONS",
                """
                Files are made for their owner alone, or for the group with "social init --shared". There are no \
                passwords: whoever may write the directory may act as any of its accounts, and --by is believed.
                """),
            Guide.Part(
                "FORMAT",
                """
                A directory has format 1, or 2 when its uploads are in an object store. One of a format beyond \
                \(Manifest.format) is refused with 76.
                """),
        ],
        examples: [
            Example("social init network --shards 4", "Make a data directory"),
            Example("social status --json", "Take a look at it"),
            Example("social verify", "Check everything in it"),
        ])
}
