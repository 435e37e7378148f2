// `service watch`: who comes and who dies, as it happens.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceWatch {
    static let timeout = Option("timeout", .duration, help: "End after this time; otherwise go on for ever")

    static let command = Command(
        ["service", "watch"], "Print who comes and who dies, as it happens",
        discussion: "Prints every instance once, and again when it comes, dies or says something else of itself.",
        operands: [ServiceList.name], options: [timeout],
        examples: [Example("social service watch worker --timeout 0s", "Who is there now")],
        fields: ServiceNoun.fields, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let services = try session.network().services
        var known: [ServiceRegistry.Standing] = []
        try session.printWatch(
            command.fields, timeout: line[timeout], everyMilliseconds: Limits.followMilliseconds
        ) { _ in
            let present = try services.list(line[ServiceList.name])
            defer { known = present }
            return present.filter { row in !known.contains { isSame($0, row) } }.map(ServiceNoun.cells)
        }
    }

    /// Whether nothing is to be told of an instance.
    private static func isSame(_ one: ServiceRegistry.Standing, _ other: ServiceRegistry.Standing) -> Bool {
        var one = one
        one.service.heartbeatAt = other.service.heartbeatAt
        return one == other
    }
}
