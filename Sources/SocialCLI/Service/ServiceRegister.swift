// `service register`: an instance of a service says that it is there.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceRegister {
    static let address = Option(
        "address", .text.named("HOST:PORT"), default: "", configurable: false, help: "Where it can be reached")
    static let details = Option(
        "details", .text, default: "", configurable: false, help: "What others may want to know of it")
    static let patience = Option(
        "timeout", .duration, default: 10_000, configurable: false,
        help: "It counts as dead when it was not heard of for so long")

    static let command = Command(
        ["service", "register"], "Say that an instance of a service is there",
        discussion: """
            It is there until --timeout has passed since it was last heard of, by this command or by "service \
            heartbeat". Instances that have been dead for a day are forgotten.
            """,
        operands: [ServiceNoun.name, ServiceNoun.instance], options: [address, details, patience],
        examples: [
            Example("social service register search one --address 127.0.0.1:9001", "Say where a service is")
        ],
        fields: ServiceNoun.fields + [CommonOutput.changed],
        exits: [ExitStatus(65, "a name or an address is no word, or too long")], isChange: true,
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let (name, instance) = (try line[ServiceNoun.name], try line[ServiceNoun.instance])
        let made = try session.network().services.register(
            name, instance, address: line[address], details: line[details],
            patienceMilliseconds: line[patience])
        try session.print(command.fields, ServiceNoun.cells(made.value) + [.bool(made.isNew)])
    }
}
