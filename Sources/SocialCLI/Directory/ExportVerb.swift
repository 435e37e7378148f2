// `export`: everything that people did, as JSON lines.

internal import CommandSpec
internal import SocialCore

enum ExportVerb {
    static let command = Command(
        ["export"], "Print everything that people did",
        discussion: """
            An object a line, whatever --format says: a header, then one for each row of truth in one order, so that \
            the bytes are the same for any number of shards. "social import" makes a network with the same digest of \
            them; "social help formats" lists their keys. An export is of one moment, and an error when a row is \
            damaged.
            """,
        examples: [
            Example("social export > all.ndjson", "Keep everything in a file"),
            Example("social export | jq -r 'select(.type == \"post\") | .text'", "Print the texts of all posts"),
        ],
        exits: [
            ExitStatus(74, "a row is damaged or lost"),
            ExitStatus(75, "others keep changing the network, or a change was left half done"),
        ],
        handler: Verb(isBulk: true) { session in
            let network = try session.network()
            try session.printExport { printer in
                try network.export.run(
                    begin: { printer.header(network.manifest.placement, rows: $0) }, printer.row)
            }
        })
}
