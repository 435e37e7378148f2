// `verify`: is everything all right?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum Verify {
    static let deep = Switch("deep", help: "Read all bytes of uploads and films, and every row of replicas")
    static let repair = Switch("repair", help: "Put in order what can be; damaged files are kept in quarantine")
    static let budget = Option(
        "budget", .duration, configurable: false,
        help: "Stop after this time; a run begins anywhere, so that many of them see everything")

    static let command = Command(
        ["verify"], "Check everything in the data directory",
        discussion: """
            Rows of truth and records against their hashes, counts and sums, references, slots, the logs; feeds, \
            search and notifications against the truth; uploads, films, replicas, and who may read the files. Nothing \
            is changed without --repair; each finding names the command that repairs it. When nothing is found, the \
            files that were kept of an older format of the directory are removed.
            With --repair, a row that had a single bit turned is mended by its own hash, the truth of a shard comes \
            from a replica where there is one, and views are made again. Whatever cannot be proved is taken out and \
            kept, with the damaged file, in the folder quarantine of the data directory; what is missing then comes \
            from a backup. The exit status tells how things stand afterwards.
            """,
        options: [deep, repair, budget], groups: [ExclusiveGroup(repair, budget)],
        examples: [
            Example("social verify && echo 'all right'", "Check everything"),
            Example("social verify --deep --repair", "Read every byte, and mend what is damaged"),
            Example("social verify --deep --budget 60s -q", "A part of it each night, from cron"),
        ],
        fields: fields, exits: [ExitStatus(1, "something was found that is not in order")], isChange: true,
        handler: Verb(isBulk: true, run))

    static let fields = [
        Field("code", .string, "a stable name"),
        Field("severity", .string, "damage, stale, exposed, or notice: nothing is wrong"),
        Field("place", .string, "where"), Field("message", .string, "what was found"),
        Field("repair", .array, nullable: true, "the arguments of the command that repairs it"),
        Field("repaired", .boolean, "whether it is in order again"),
    ]

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let deadline = line[budget].map { network.context.clock.now.advanced(byMilliseconds: $0) }
        let plan = Verification.Plan(isDeep: line.isOn(deep), deadline: deadline)
        try print(session, network.verify(plan, isRepairing: line.isOn(repair)))
    }

    /// Prints what was found, if anything.
    static func print(_ session: Session, _ findings: [Finding]) throws {
        try session.printList(fields) { emit in
            for finding in findings {
                let repair = finding.repair.map { Cell.json(.array($0.map(JSONValue.string))) } ?? .null
                let cells: [Cell] = [
                    .text(finding.code), .text(finding.severity.rawValue), .text(finding.place),
                    .text(finding.message), repair, .bool(finding.isRepaired),
                ]
                guard try emit(cells) else { return }
            }
        }
        if findings.contains(where: \.isOpen) { session.exit = ExitTable.no }
    }
}
