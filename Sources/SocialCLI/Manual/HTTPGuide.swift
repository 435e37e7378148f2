// `social help http`, social-http(7): what "social serve" answers, for those who write clients.

internal import CommandSpec

enum HTTPGuide {
    static let guide = Guide(
        "http", section: 7, "The addresses that \"social serve\" answers",
        discussion: """
            Bodies are JSON: what the command named beside an address prints under --json, so its help tells the \
            fields. Ids are texts, times are RFC 3339. An error is the object that "social help exit-codes" describes, \
            with the status that HTTP has for it.

            Lists take limit (20, at most 1000), after and before, which are cursors of their items, and fields, as \
            --fields. Answers have an ETag, and are compressed for who takes gzip.
            """,
        parts: [
            Guide.Part(
                "WHO ACTS",
                """
                What is public needs nothing. Whoever acts, or reads a feed, sends a token of "social user token":

                    Authorization: Bearer TOKEN

                A browser posts it once to /v1/session and has it as a cookie, which acts only for pages of the same \
                server. Tokens are for TLS: a proxy before the server sees to that.
                """),
            Guide.Part("READING", rows: reading), Guide.Part("WRITING", rows: writing),
            Guide.Part("FILES", rows: files),
            Guide.Part(
                "LISTENING",
                """
                GET /v1/live is a WebSocket. Messages are JSON objects: the server sends welcome, post, notification, \
                result and bye, the client ack, read, post and ping; what has an id is answered with a result. Each \
                post has a cursor: a client that comes back with ?after=CURSOR misses nothing and gets nothing twice. \
                Without it, it goes on behind what it has acknowledged. Notifications are sent while it listens; one \
                that comes back asks how many are unread. A client that does not read is closed with 1013, and goes \
                on by its cursor.

                POST /v1/poll does the same without a WebSocket, as BOSH (XEP-0124) does: the first request has rid, \
                a number, and wait, in seconds; each further one sid and the next rid, and is answered when something \
                happens or the time is over. Two may be under way at a time; the same rid again gets the same answer.

                    {"rid":1,"wait":30}
                    {"sid":"SID","rid":2,"send":[{"type":"ack","cursor":"CURSOR"}]}

                A reader on a slow network asks /v1/feed?count=CURSOR now and then: the answer is a number.
                """),
            Guide.Part("STATUSES", rows: statuses), Guide.Part("THE SERVER", rows: server),
            Guide.Part(
                "SEVERAL SERVERS",
                """
                With --only a server runs some of the services, says so in the directory, and hands what belongs to \
                the others on to servers that run them; where there is none, the status is 421. With --listen-writes \
                changes have connections of their own, which a crowd of readers cannot use up.
                """),
        ],
        examples: [
            Example(
                "social serve --listen 127.0.0.1:0 --for 3s > address & "
                    + "until grep -q http address; do sleep 0.1; done; "
                    + "curl -s $(grep -o 'http.*' address)/v1/users/ana | jq -r .handle",
                "Serve for a moment, and ask for an account")
        ])

    private static let reading = [
        Guide.Row("GET /v1/me", "user show, of whoever asks"),
        Guide.Row("GET /v1/feed", "feed show; also rank, since and until; count=CURSOR counts what is newer"),
        Guide.Row("GET /v1/posts", "post list: by, tag, since, until, sort"),
        Guide.Row("GET /v1/posts/ID", "post show"), Guide.Row("GET /v1/posts/ID/thread", "post thread"),
        Guide.Row("GET /v1/users", "user list: prefix"), Guide.Row("GET /v1/users/HANDLE", "user show"),
        Guide.Row("GET /v1/users/HANDLE/posts", "post list --by; also uploads, followers and following"),
        Guide.Row("GET /v1/search/posts", "search posts: q, rank; also users, tags (trending) and media (type)"),
        Guide.Row("GET /v1/films", "video-segment list: by"),
        Guide.Row("GET /v1/counts/RESOURCE", "analytics count: since, until, kind"),
        Guide.Row("GET /v1/notifications", "notification list: unread, kind; count=unread counts them"),
    ]

    private static let writing = [
        Guide.Row("POST /v1/posts", "post create: text, reply_to, media (ids), expires; Idempotency-Key in the head"),
        Guide.Row("PATCH /v1/posts/ID", "post edit: text; DELETE is post delete"),
        Guide.Row("PUT /v1/posts/ID/like", "post like; DELETE is post unlike"),
        Guide.Row("POST /v1/posts/ID/repost", "post repost"),
        Guide.Row("PUT /v1/users/HANDLE/follow", "follow add; DELETE ends it; so do block and mute"),
        Guide.Row("PATCH /v1/users/HANDLE", "user update, of one's own: name, bio, location, link; null empties one"),
        Guide.Row("POST /v1/notifications/read", "notification mark-read: until, ids or all"),
        Guide.Row("POST /v1/session", "token: makes the cookie; DELETE takes it away"),
    ]

    private static let files = [
        Guide.Row(
            "POST /v1/uploads",
            "upload put: the body is the file; name, caption, alt, tags, any; DELETE /v1/uploads/ID removes it"),
        Guide.Row("GET /media/ID", "where the bytes of an upload are; size=small, medium or large"),
        Guide.Row("GET /objects/HASH", "the bytes, which never change under this address; ranges as in RFC 9110"),
        Guide.Row("GET /thumbnails/HASH/SIZE", "a smaller picture"),
        Guide.Row("GET /video/ID/master.m3u8", "a film for HLS; manifest.mpd for DASH; each segment is counted"),
    ]

    private static let statuses = [
        Guide.Row("400", "exit statuses 64 and 65"), Guide.Row("401", "no token, or one that does not count"),
        Guide.Row("403", "exit status 77, or a page of another server"), Guide.Row("404", "exit statuses 66 and 67"),
        Guide.Row("405", "the method means nothing here; Allow lists those that do"),
        Guide.Row("408", "the request came too slowly"), Guide.Row("409", "exit status 73"),
        Guide.Row("413", "the body is too large; 431 for the head"),
        Guide.Row("421", "the service runs elsewhere"),
        Guide.Row("429", "too many requests of one client; Retry-After says when to go on"),
        Guide.Row("500", "exit statuses 70, 74, 76 and 78"),
        Guide.Row("503", "exit statuses 69 and 75, too many requests of all clients, or the server stops"),
    ]

    private static let server = [
        Guide.Row("GET /", "a page for browsers"), Guide.Row("GET /health", "200 while the server runs"),
        Guide.Row("GET /ready", "200 while it takes requests and can read the directory"),
        Guide.Row("GET /metrics", "what it has done, as OpenMetrics"),
    ]
}
