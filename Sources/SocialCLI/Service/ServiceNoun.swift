// The verbs of `service`: who is alive, and where.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ServiceNoun {
    static let commands = [
        ServiceRegister.command, ServiceHeartbeat.command, ServiceList.command, ServiceResolve.command,
        ServiceDeregister.command, ServiceWatch.command,
    ]

    static let name = Operand("SERVICE", .text.named("SERVICE"), help: "Which service, such as timeline")
    static let instance = Operand("INSTANCE", .text.named("INSTANCE"), help: "Which of its instances")
    static let unknown = ExitStatus(67, "there is no such instance, or it was forgotten: register it again")

    static let fields = [
        Field("service", .string, "the service"), Field("instance", .string, "tells it from others of the service"),
        Field("address", .string, nullable: true, "where it can be reached"),
        Field("details", .string, nullable: true, "what else it says of itself"),
        Field("alive", .boolean, "whether it was heard of lately enough"),
        Field("slots", .integer, "how many slots it has, of those dealt to the instances that are alive"),
        Field("registered_at", .time, "when it came"), Field("heartbeat_at", .time, "when it was last heard of"),
        Field("timeout_ms", .integer, "for how long after that it counts as alive, in milliseconds"),
    ]

    static func cells(_ standing: ServiceRegistry.Standing) -> [Cell] {
        let service = standing.service
        func text(_ text: String) -> Cell { text.isEmpty ? .null : .text(text) }
        return [
            .text(service.name), .text(service.instance), text(service.address), text(service.details),
            .bool(standing.isAlive), .integer(Int64(standing.slots)), .time(service.registeredAt.text),
            .time(service.heartbeatAt.text), .integer(service.patienceMilliseconds),
        ]
    }
}
