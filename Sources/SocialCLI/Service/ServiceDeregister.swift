// `service deregister`: an instance says that it is no more.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceDeregister {
    static let command = Command(
        ["service", "deregister"], "Say that an instance is no more",
        operands: [ServiceNoun.name, ServiceNoun.instance],
        examples: [Example("social service deregister search one", "Let nobody be sent there any more")],
        fields: [
            Field("service", .string, "the service"), Field("instance", .string, "which of its instances"),
            CommonOutput.changed,
        ], isChange: true,
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let (name, instance) = (try line[ServiceNoun.name], try line[ServiceNoun.instance])
        let wasThere = try session.network().services.deregister(name, instance)
        try session.print(command.fields, [.text(name), .text(instance), .bool(wasThere)])
    }
}
