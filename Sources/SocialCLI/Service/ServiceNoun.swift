// The verbs of `service`: who is alive, and where.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

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
        let end = line[timeout].map { session.world.stopwatch() + .milliseconds($0) }
        Signals.install()
        var known: [ServiceRegistry.Standing] = []
        var isFirst = true
        try session.printStream(command.fields) {
            if !isFirst {
                if Signals.interrupted != nil { return nil }
                if let end, session.world.stopwatch() >= end { return nil }
                if !session.world.pause(Limits.followMilliseconds) { return nil }
            }
            isFirst = false
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
