// `social help formats`, social-formats(7): how data is printed, how values are written, and what is read from files.

internal import CommandSpec
internal import SocialCore

enum FormatsGuide {
    static let guide = Guide(
        "formats", section: 7, "Output formats, the notations of values, and the files that are read",
        discussion: """
            Data goes to the standard output and everything else to the standard error. What is printed never depends \
            on whether the output is a terminal; only colour and the width of columns do. What a command does never \
            depends on the format.
            """,
        parts: [output, fields, lists, handles, notations, files, exports, records, persons, configuration],
        examples: [
            Example("social user list --format csv", "Print accounts for a spreadsheet"),
            Example("social post list --format ids | xargs -n 1 social post show", "Hand ids to another command"),
            Example("social post list --fields id,text --no-headings", "Print two columns"),
            Example("social post list --since 2026-01-02 --until 24h --json", "Name a stretch of time"),
        ])

    private static let output = Guide.Part(
        "OUTPUT FORMATS", "Chosen with --format, or with SOCIAL_FORMAT; --json is short for the most common one.",
        rows: [
            Guide.Row("table", "columns for people, cut to the width of the terminal; off a terminal the same as tsv"),
            Guide.Row("json", "an array with an object a line, [] for nothing; one object where there is one thing"),
            Guide.Row("ndjson", "one object a line"),
            Guide.Row(
                "csv",
                "as RFC 4180 has it; a text that a spreadsheet would compute gets a ' before it, unless --csv-raw"),
            Guide.Row(
                "tsv",
                "a record a line with a heading, cells separated by tabs; \\t \\n \\r \\\\ stand for what they name"),
            Guide.Row("ids", "the id or handle of each record, one a line; with --print0 ended by NUL instead"),
            Guide.Row("openmetrics", "numbers for a monitoring system; only \"social status\" has them"),
        ])

    private static let fields = Guide.Part(
        "FIELDS",
        """
        The fields of a command are listed in its page under JSON FIELDS, with their order. In JSON every key is \
        always there, null where there is no value. Ids are strings, because JavaScript and jq round numbers of 64 \
        bits. Times are in UTC with milliseconds, such as 2026-01-02T03:04:05.678Z. The option --fields picks fields \
        and their order, in every format.

        On a terminal, control characters, invisible ones and escape sequences in what people wrote are made visible, \
        and a newline is shown as ⏎. Elsewhere text is printed as it was written.
        """)

    private static let lists = Guide.Part(
        "LISTS AND CHANGES",
        """
        A list is printed whole unless --limit is given; ranked lists such as a feed print 20 unless --all is. Each \
        item of a paged list has a cursor: --after goes on down the list from it, and --before back up, also in a \
        later run. Between both lies what is listed behind the one and in front of the other; with --before alone \
        --limit takes the items next to it. Items stand in the order of the list either way.

        A change prints what came of it, with "changed": true or false. Repeating a change is no error and says \
        false. Under --dry-run it prints the same and changes nothing; ids may be others in the real run.
        """)

    private static let handles = Guide.Part(
        "HANDLES AND IDS",
        """
        A handle has 1 to \(Limits.handleBytes) of the letters A to Z, digits, _ . and -, begins and ends with a \
        letter, digit or _, and is not all digits. It may be written with or without @, in any case; the case of its \
        owner is kept. An id is a decimal number; later ids are larger.
        """)

    private static let notations = Guide.Part(
        "TIMES, DURATIONS AND SIZES",
        rows: [
            Guide.Row("2026-01-02T03:04:05Z", "a time as RFC 3339 has it, with any offset"),
            Guide.Row("2026-01-02", "a day: its first moment in UTC"),
            Guide.Row("24h", "as a time: so long before now"),
            Guide.Row("250ms 20s 2m 24h 3d", "durations; exactly one unit"),
            Guide.Row("512 64K 10M 2G", "sizes in bytes; a unit is 1,024 times the one before"),
        ])

    private static let configuration = Guide.Part(
        "CONFIGURATION FILE",
        """
        Options that are wanted every time stand in $XDG_CONFIG_HOME/social/config, or else in \
        ~/.config/social/config; --config names another file and --no-config none. A line holds one option as it \
        would be written on the command line, without quotes: what follows its name is the value. Words before the \
        option confine the line to a noun or a command, and # begins a comment:

            --format csv
            feed show --limit 50

        A value on the command line goes before that of an environment variable, and that before the file.
        """)

    private static let files = Guide.Part(
        "FILES",
        """
        Wherever a file is read, - is the standard input. Imports read files compressed with gzip as they are, \
        whatever their names. Text is UTF-8; anything else is refused, with the line and column. A file is checked \
        before anything of it is written.

        A bad row stops an import. With --on-error skip it is left out and counted, with --on-error report its place \
        is printed too, and the exit status is 65. --rejects FILE keeps such rows as they are, to be mended and \
        imported by themselves, and says in FILE.reasons what is wrong with each: an object a line with file, line, \
        column, code and message.
        """,
        rows: [
            Guide.Row(
                "edge list",
                "two names a line, by blanks or a comma; # or % begins a comment; a heading is recognised"),
            Guide.Row("text", "a post a line"),
            Guide.Row(
                "ndjson",
                """
                an object a line: of a post text, author, created_at; of an account handle, name, bio, location, \
                link, created_at, last_active_at, and fields of its own
                """),
            Guide.Row("csv", "the same names as a heading; a cell in quotes may hold commas and newlines"),
            Guide.Row(
                "mastodon",
                "an account's archive (.tar.gz, .zip or the folder) or its outbox.json: public posts with media"),
            Guide.Row(
                "twitter",
                "an account's archive (.zip or the folder) or its data/tweets.js: tweets with media, no retweets"),
            Guide.Row("batch", "a JSON array of arguments a line, without the program's name"),
        ])

    private static let exports = Guide.Part(
        "EXPORTS",
        """
        "social export" and "social fixture generate" print an object a line, whose type says what it is; "social \
        import" reads them. The first is of type social. The others come in the order of the types below and, within \
        a type, of the ids or the key that come first in them: accounts before what names them. Ids carry times: \
        created_at says the same again. A key without a value is null, or left out when somebody else writes the file.
        """,
        rows: [
            Guide.Row(
                "social",
                """
                version (1, or 2 where records follow), shard_by, and rows, the number of the lines that follow, when \
                it is known; records are not among them
                """),
            Guide.Row("user", "id, handle, name, bio, location, link, created_at, active_at, fields, avatar"),
            Guide.Row("deleted-user", "id"),
            Guide.Row(
                "handle",
                """
                handle in lower case, user_id; also handles that were given up, and where the account was erased # \
                and a hash in their place
                """),
            Guide.Row("follow", "follower_id, followee_id, since"),
            Guide.Row("post", "id, author_id, text, created_at, reply_to, repost_of, expires_at, edited_at, media"),
            Guide.Row("version", "what a post said before an edit: post_id, number, text, written_at"),
            Guide.Row("deleted-post", "id"), Guide.Row("block, mute", "user_id, target_id, since"),
            Guide.Row("like, seen", "user_id, post_id, since"),
            Guide.Row("key", "an idempotency key: user_id, verb, key, fingerprint, result"),
            Guide.Row(
                "media",
                """
                an upload without its bytes: id, author_id, name, media_type, object (the SHA-256), bytes, checks \
                (sums of blocks), width, height, frames, duration_ms, colour, blur, likeness, caption, alt, tags, \
                segmentation (which objects a film became), created_at
                """),
            Guide.Row("deleted-media", "id"),
        ])

    private static let records = Guide.Part(
        "RECORDS",
        """
        "social export --with-records" prints these behind the rows, again in the order of the types and of what \
        comes first in them. What is no text stands in hexadecimal digits under hex, and text is null then.
        """,
        rows: [
            Guide.Row("read-mark, preference, notice", "of an account: user_id, name, text, hex, changed_at"),
            Guide.Row(
                "topic",
                """
                of a queue: topic, last, the number of its last message, and consumers, each with number, name and \
                done, how many messages it has settled
                """),
            Guide.Row(
                "message",
                """
                what waits in a topic: topic, n, user_id, text, hex, priority, part, attempts, pushed_at, due_at, and \
                deliveries: for each consumer that has not settled it consumer, state (ready, delayed or dead), \
                until, attempts, worker, failure
                """),
            Guide.Row("message-key", "an idempotency key of a topic: topic, key, n, fingerprint"),
            Guide.Row(
                "count",
                """
                accesses to a resource on a day: resource, kind, audience, day (null: on days that are forgotten), \
                buckets, each [minutes, minute of the day, accesses, amount], and viewers, each [minutes of the \
                buckets, hour, a set of viewers in base64: the number of keys and six bytes for each, or 1,000 and \
                the registers of a HyperLogLog]
                """),
            Guide.Row(
                "log",
                """
                how far a log was counted: name, head, head_bytes, offset, tail, tail_bytes (hashes of its first and \
                its last bytes before the offset), lines, events, rejected, first_at, last_at
                """),
            Guide.Row("count-key", "an idempotency key under which something was counted: key, fingerprint"),
            Guide.Row("end", "the last line: records, the number of those before it"),
        ])

    private static let persons = Guide.Part(
        "WHAT IS HELD ABOUT A PERSON",
        """
        "social user export" prints what is held about an account: the lines above that are its own, between others. \
        The first is of type person. What is no text stands in hexadecimal digits under hex, and text is null then; \
        of a token both are.
        """,
        rows: [
            Guide.Row("person", "version, id, handle"),
            Guide.Row("follower", "who follows: user_id, handle, since"),
            Guide.Row("token, read-mark, preference, notice", "user_id, name, text, hex, changed_at"),
            Guide.Row(
                "message",
                "of a queue: topic, n, user_id, text, hex, priority, part, attempts, pushed_at, due_at"),
            Guide.Row("notification", "id, kind, post_id, media_id, count, unread, text, at"),
            Guide.Row("accesses", "how often: resource, people, bots"),
        ])
}
