// `service resolve`: where somebody is who is alive.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceResolve {
    static let key = Option(
        "key", .text.named("KEY"), configurable: false,
        help: "The same instance for the same key, as long as that lives; otherwise any")

    static let command = Command(
        ["service", "resolve"], "Find an instance of a service that is alive",
        operands: [ServiceNoun.name], options: [key],
        examples: [
            Example("social service resolve search --key ana --fields address --json", "Where to ask for ana")
        ],
        fields: ServiceNoun.fields, exits: [ExitStatus(69, "no instance is alive")],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let name = try session.invocation[ServiceNoun.name]
        let services = try session.network().services
        guard let found = try services.resolve(name, key: session.invocation[key]) else {
            throw ServicesError(.noneAlive, "no instance of \"\(name)\" is alive")
        }
        let standings = try services.list(name)
        guard let standing = standings.first(where: { $0.service.instance == found.instance }) else { return }
        try session.print(command.fields, ServiceNoun.cells(standing))
    }
}
