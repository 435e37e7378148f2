// `social help objects`, social-objects(7): uploads in an S3-compatible object store.

internal import CommandSpec

enum ObjectsGuide {
    static let guide = Guide(
        "objects", section: 7, "Uploads in an S3-compatible object store",
        discussion: """
            With "social init --objects URL" the bytes of uploads, films and their segments are kept in an object \
            store; rows, logs and views stay in the data directory. An upload is acknowledged when the store has it. \
            The directory is a cache before it: what was put or read is kept there too, in the same layout, and may \
            be removed at any time (shards/*/objects). Films beyond 16 MiB are read in parts and not kept.
            """,
        parts: [
            Guide.Part(
                "ADDRESS",
                """
                    s3://BUCKET[/PREFIX][?endpoint=https://HOST:PORT&region=NAME&style=path]

                Without an endpoint the store is that of AWS. The region is that of the address, of AWS_REGION or \
                AWS_DEFAULT_REGION, or us-east-1. The bucket stands in the path where there is an endpoint, otherwise \
                in the name of the host; style=path and style=host say so. The address stands in social.json, so it \
                holds no credentials.

                A place in a store belongs to one data directory: "social init" refuses one in which something lies, \
                and a bucket that keeps former versions, because nothing could be erased from it. Objects are \
                PREFIX/ab/cdef…, by their SHA-256.
                """),
            Guide.Part("CREDENTIALS", rows: variables),
            Guide.Part(
                "WHAT IS BELIEVED",
                """
                Nothing. Requests are signed with the hash of their body (Signature Version 4), and what comes back \
                counts only where it has the hash that is its name, or, for parts of large objects, the checks that \
                the row has. Bytes that were turned on the way are fetched again, and are an error if they stay so. \
                Over plain http:// everybody on the way can read what goes by; certificates of https:// are verified.
                """),
            Guide.Part(
                "WHEN IT IS AWAY",
                """
                A request is tried again, up to 8 times (AWS_MAX_ATTEMPTS) within 30 seconds, with growing waits, \
                when the store cannot be reached or says 429, 500, 502, 503 or 504. Then the command exits with 75 \
                (object_store_unreachable) and no row was written. What is kept in the directory can still be read, \
                and whatever needs no upload does not ask the store at all. A refusal is not tried again: 77 \
                (object_store_refused), 67 (no_such_bucket), 69 (object_store_failed), 78 (no_credentials).
                """),
            Guide.Part(
                "CARE",
                """
                "social upload verify" asks the store for each object, with --deep it reads all of them, and with \
                --repair it puts there again what lies whole in the directory. "social upload gc" removes what no row \
                names, and uploads in parts that were broken off. "social user delete --erase" leaves nothing of the \
                account in the store. Backups hold the objects, and are brought back into a directory without a store. \
                Replicas hold none.
                """),
        ],
        examples: [
            Example(
                "social init net --dry-run --objects 's3://media/net?endpoint=https://s3.example.org:9000'",
                "Check an address; nobody is asked"),
            Example("social status --fields objects", "See where the uploads of a directory are"),
        ])

    private static let variables = [
        Guide.Row("AWS_ACCESS_KEY_ID", "with AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN where there is one"),
        Guide.Row("AWS_SHARED_CREDENTIALS_FILE", "else this file, or ~/.aws/credentials"),
        Guide.Row("AWS_PROFILE", "which part of the file; default without it"),
        Guide.Row("AWS_REGION", "the region, where the address names none"),
        Guide.Row("AWS_CA_BUNDLE", "certificates that are trusted besides those of the system"),
        Guide.Row("AWS_MAX_ATTEMPTS", "how often a request is tried"),
    ]
}
