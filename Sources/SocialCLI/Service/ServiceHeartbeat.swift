// `service heartbeat`: an instance says that it is still there.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceHeartbeat {
    static let command = Command(
        ["service", "heartbeat"], "Say that an instance is still there",
        operands: [ServiceNoun.name, ServiceNoun.instance],
        examples: [Example("social service heartbeat search one", "Say that it is there")],
        fields: ServiceNoun.fields, exits: [ServiceNoun.unknown], isChange: true,
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let (name, instance) = (try line[ServiceNoun.name], try line[ServiceNoun.instance])
        guard let standing = try session.network().services.heartbeat(name, instance) else {
            throw ServicesError(
                .noSuchInstance, "\"\(name)\" has no instance \"\(instance)\"",
                hint: "\"social service register\" makes it known")
        }
        try session.print(command.fields, ServiceNoun.cells(standing))
    }
}
