// The options that every verb accepts.

internal import CommandSpec
internal import SocialCore

/// How data is printed.
package enum OutputFormat: String, CaseIterable, Sendable {
    case table, json, ndjson, csv, tsv, ids, openmetrics
}

/// The global options.
enum Globals {
    private static let outputOptions = "Output options"

    static let data = Option(
        "data", .directory, environment: "SOCIAL_DATA",
        help: "Use this data directory instead of .social here or above")
    /// One of the names of `OutputFormat`; plain text, because the generic form costs a thirtieth of a command.
    static let format = Option(
        "format", .choice("table", "json", "ndjson", "csv", "tsv", "ids", "openmetrics"), default: "table",
        environment: "SOCIAL_FORMAT", help: "Print data in this format; openmetrics only for status",
        category: outputOptions)
    static let json = Switch("json", help: "The same as --format json", category: outputOptions)
    static let fields = Option(
        "fields", .list(of: .field), help: "Print only these fields, in this order",
        category: outputOptions)
    static let noHeadings = Switch("no-headings", help: "Leave out the line of headings", category: outputOptions)
    static let csvRaw = Switch(
        "csv-raw", help: "Do not defuse CSV cells that a spreadsheet takes for a formula", category: outputOptions)
    static let print0 = Switch(
        "print0", short: "0", help: "End each id with NUL under --format ids", category: outputOptions)
    static let color = Option(
        "color", .choice("auto", "always", "never", placeholder: "WHEN"), default: "auto",
        help: "Use colour: auto, always or never", category: outputOptions)
    static let progress = Option(
        "progress", .choice("auto", "always", "never", placeholder: "WHEN"), default: "auto",
        help: "Show on the standard error how far long work is: auto (on a terminal), always or never",
        category: outputOptions)
    static let quiet = Switch("quiet", short: "q", help: "Print no summaries and no hints")
    static let verbose = Switch("verbose", short: "v", help: "Tell on the standard error what is done, and when")
    static let dryRun = Switch(
        "dry-run", configurable: false, help: "Do and print everything as usual, but change nothing")
    static let yes = Switch("yes", short: "y", help: "Do not ask before something is destroyed")
    static let lockWait = Option(
        "lock-wait", .duration, default: 10_000, environment: "SOCIAL_LOCK_WAIT",
        help: "Wait this long for another process")
    /// One of `quorum` and `available`.
    static let readConsistency = Option(
        "read-consistency", .choice("quorum", "available", placeholder: "WHAT"), default: "quorum",
        environment: "SOCIAL_READ_CONSISTENCY",
        help: "Read only what a quorum of replicas knows to be the newest, or whatever is available")
    /// One of `primary` and `standby`.
    static let readFrom = Option(
        "read-from", .choice("primary", "standby", placeholder: "WHAT"), default: "primary",
        environment: "SOCIAL_READ_FROM",
        help: "Where servers keep the truth, let what only reads ask their primaries, or standbys")
    static let maxStaleness = Option(
        "max-staleness", .duration, default: 60_000, environment: "SOCIAL_MAX_STALENESS",
        help: "Ask the primary instead of a standby that may be further behind than this")
    static let now = Option("now", .moment, environment: "SOCIAL_NOW", help: "Take this for the present time")
    static let seed = Option(
        "seed", .integer(in: 0...Int.max), environment: "SOCIAL_SEED", help: "Draw all chance from this seed")
    static let config = Option(
        "config", .fileOrDash, environment: "SOCIAL_CONFIG", configurable: false,
        help: "Read option defaults from this file instead of ~/.config/social/config")
    static let noConfig = Switch("no-config", configurable: false, help: "Read no configuration file")

    static let all: [any OptionDeclaring] = [
        data, format, json, fields, noHeadings, csvRaw, print0, color, progress, quiet, verbose, lockWait,
        readConsistency, readFrom, maxStaleness,
        dryRun, yes, now, seed, config, noConfig,
    ]
    static let groups = [
        ExclusiveGroup(config, noConfig), ExclusiveGroup(json, format), ExclusiveGroup(quiet, verbose),
    ]
}
