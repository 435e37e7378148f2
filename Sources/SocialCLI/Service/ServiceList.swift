// `service list`: who is there, and who was.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceList {
    static let name = Operand(optional: "SERVICE", .text.named("SERVICE"), help: "Only instances of this service")
    static let alive = Switch("alive", help: "Only those that are alive")

    static let command = Command(
        ["service", "list"], "List who is there, and who was", operands: [name], options: [alive],
        examples: [Example("social service list --alive", "Who is alive, and how many slots each has")],
        fields: ServiceNoun.fields,
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let rows = try session.network().services.list(session.invocation[name])
        let isOnlyAlive = session.invocation.isOn(alive)
        try session.printList(command.fields) { emit in
            for row in rows where !isOnlyAlive || row.isAlive {
                if try !emit(ServiceNoun.cells(row)) { return }
            }
        }
    }
}
