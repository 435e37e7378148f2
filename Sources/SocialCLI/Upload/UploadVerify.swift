// `upload verify`: are the bytes of uploads there and whole?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadVerify {
    static let ids = Operand(zeroOrMore: "ID", .media, help: "Which uploads; otherwise all")
    static let deep = Switch("deep", help: "Read all bytes and compare their hashes, not only their number")
    static let repair = Switch("repair", help: "Bring what has a sound copy anywhere to where it belongs")

    static let command = Command(
        ["upload", "verify"], "Check the bytes of uploads, in every place where they should be",
        discussion: """
            Each object has a place in its shard's folder and one in each replica. What is damaged is never served; it \
            stays where it is until it is repaired from a sound copy, or put once more.
            """,
        operands: [ids], options: [deep, repair],
        examples: [
            Example("social upload verify --deep", "Read and prove everything"),
            Example("social upload verify ana/cat.png --repair", "Look at one upload"),
        ],
        fields: Verify.fields, exits: [ExitStatus(1, "something was found"), UploadNoun.missing],
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let only = try line[ids].map { try session.upload($0) }
        try Verify.print(
            session,
            try network.verifyObjects(
                isDeep: line.isOn(deep), only: only.isEmpty ? nil : only, isRepairing: line.isOn(repair)))
    }
}
