// `export`: everything that people did, as JSON lines.

internal import CommandSpec
internal import SocialCore

enum ExportVerb {
    static let withRecords = Switch(
        "with-records", help: "Print records too: preferences, what was read, queues and counts")

    static let command = Command(
        ["export"], "Print everything that people did",
        discussion: """
            An object a line, whatever --format says: a header, then one for each row of truth in one order, so that \
            the bytes are the same for any number of shards. "social import" makes a network with the same digest of \
            them; "social help formats" lists their keys. An export is of one moment, and an error when a row is \
            damaged.

            With --with-records there comes behind these what cannot be computed from them: preferences, what was \
            read, notices, topics with the messages that wait in them, counts as finely as they are kept, and how far \
            logs were counted. A message that somebody works on waits again where it is imported. Access tokens are \
            secrets, and services and workers belong to their machines: they are made anew. Older programs refuse \
            such an export; the digest is of truth alone.
            """,
        options: [withRecords],
        examples: [
            Example("social export > all.ndjson", "Keep everything in a file"),
            Example("social export --with-records | gzip > whole.ndjson.gz", "Keep preferences, queues and counts too"),
            Example("social export | jq -r 'select(.type == \"post\") | .text'", "Print the texts of all posts"),
        ],
        exits: [
            ExitStatus(74, "a row is damaged or lost"),
            ExitStatus(75, "others keep changing the network, or a change was left half done"),
        ],
        handler: Verb(isBulk: true) { session in
            let network = try session.network()
            let hasRecords = session.invocation.isOn(withRecords)
            try session.printExport { printer in
                try network.export.run(
                    begin: { printer.header(network.manifest.placement, rows: $0, hasRecords: hasRecords) },
                    printer.row, record: hasRecords ? printer.record : nil)
                if hasRecords { printer.end() }
            }
        })
}
