// Who is alive? The façade of the room: instances of services register, confirm that they are there, and are found.
// Whoever was not heard of for longer than its patience is dead, and what it had goes to the others.

/// The registry of services of a network.
package struct ServiceRegistry {
    let records: SlotRecords
    let context: Context

    /// A registry in some records.
    package init(records: SlotRecords, context: Context) {
        self.records = records
        self.context = context
    }

    /// An instance, and how it is.
    package struct Standing: Equatable, Sendable {
        /// The instance.
        package var service: ServiceRecord
        /// Whether it counts as alive.
        package var isAlive: Bool
        /// How many slots it has, of those dealt to the instances of its service that are alive.
        package var slots: Int
    }

    /// Registers an instance, or says anew what it is; forgets those that have been dead for long.
    ///
    /// - Returns: how it stands now; not new when it is there already, with the same address and details.
    /// - Throws: `badService`.
    @discardableResult
    package func register(
        _ name: String, _ instance: String, address: String = "", details: String = "", patienceMilliseconds: Int64
    ) throws -> Creation<Standing> {
        try check(name, instance, address, details)
        return try records.write(ServiceRecord.slot(of: name)) { transaction in
            let now = context.clock.now
            var service = ServiceRecord(
                name: name, instance: instance, address: address, details: details,
                patienceMilliseconds: patienceMilliseconds, at: now)
            var isNew = true
            for known in try transaction.instances(of: name) {
                if known.instance == instance {
                    service.registeredAt = known.registeredAt
                    isNew =
                        !known.isAlive(at: now) || known.address != address || known.details != details
                        || known.patienceMilliseconds != patienceMilliseconds
                } else if abs(now.milliseconds - known.heartbeatAt.milliseconds) > Limits.forgottenMilliseconds {
                    _ = try transaction.removeService(name, known.instance)
                }
            }
            try transaction.put(service)
            return Creation(try standing(of: service, transaction), isNew: isNew)
        }
    }

    /// How an instance stands among those of its service.
    private func standing(of service: ServiceRecord, _ transaction: RecordsTransaction) throws -> Standing {
        let now = context.clock.now
        let alive = try transaction.instances(of: service.name).filter { $0.isAlive(at: now) }.map(\.instance)
        let dealing = SlotDealing(alive)
        let slots = dealing.instances.firstIndex(of: service.instance).map { dealing.counts[$0] } ?? 0
        return Standing(service: service, isAlive: service.isAlive(at: now), slots: slots)
    }

    /// Notes that an instance is there: how it stands, or nil when it is not registered, or was forgotten.
    @discardableResult
    package func heartbeat(_ name: String, _ instance: String) throws -> Standing? {
        try records.write(ServiceRecord.slot(of: name)) { transaction in
            guard var service = try transaction.instances(of: name).first(where: { $0.instance == instance }) else {
                return nil
            }
            service.heartbeatAt = context.clock.now
            try transaction.put(service)
            return try standing(of: service, transaction)
        }
    }

    /// Removes an instance; false when there was none.
    @discardableResult
    package func deregister(_ name: String, _ instance: String) throws -> Bool {
        try records.write(ServiceRecord.slot(of: name)) { try $0.removeService(name, instance) }
    }

    /// All instances in the order of their services and names.
    ///
    /// - Parameter name: only of this service.
    package func list(_ name: String? = nil) throws -> [Standing] {
        let now = context.clock.now
        let services = try all(name)
        var standings: [Standing] = []
        for service in services {
            standings.append(Standing(service: service, isAlive: service.isAlive(at: now), slots: 0))
        }
        var start = 0
        while start < standings.count {
            let name = standings[start].service.name
            let end = standings[start...].firstIndex { $0.service.name != name } ?? standings.count
            let alive = (start..<end).filter { standings[$0].isAlive }
            let dealing = SlotDealing(alive.map { standings[$0].service.instance })
            for (index, count) in zip(alive, dealing.counts) { standings[index].slots = count }
            start = end
        }
        return standings
    }

    private func all(_ name: String?) throws -> [ServiceRecord] {
        if let name { return try records.read(ServiceRecord.slot(of: name)) { try $0.instances(of: name) } ?? [] }
        return try records.gather { try $0.services($1) }.flatMap { $0 }
            .sorted { ($0.name, $0.instance) < ($1.name, $1.instance) }
    }

    /// The instances of a service that are alive, in the order of their names.
    package func alive(_ name: String) throws -> [ServiceRecord] {
        let now = context.clock.now
        return try all(name).filter { $0.isAlive(at: now) }
    }

    /// How slots are dealt to the instances of a service that are alive.
    package func dealing(of name: String) throws -> SlotDealing { SlotDealing(try alive(name).map(\.instance)) }

    /// An instance of a service that is alive: for a key always the same one as long as it lives, otherwise any.
    package func resolve(_ name: String, key: String? = nil) throws -> ServiceRecord? {
        let alive = try alive(name)
        guard !alive.isEmpty else { return nil }
        guard let key else { return alive[Int(context.random.next() % UInt64(alive.count))] }
        let owner = SlotDealing(alive.map(\.instance)).owner(of: Slot(ofKey: key))
        return alive.first { $0.instance == owner }
    }

    private func check(_ name: String, _ instance: String, _ address: String, _ details: String) throws {
        func isPlain(_ text: String) -> Bool {
            text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && text.utf8.count <= Limits.serviceNameBytes
        }
        guard !name.isEmpty, !instance.isEmpty, isPlain(name), isPlain(instance), isPlain(address) else {
            throw ServicesError(
                .badService,
                "a service, an instance and an address are words of at most \(Limits.serviceNameBytes) bytes")
        }
        guard details.utf8.count <= Limits.serviceDetailsBytes else {
            throw ServicesError(.badService, "the details have at most \(Limits.serviceDetailsBytes) bytes")
        }
    }
}

/// An error of the services room.
package struct ServicesError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case badService = "bad_service"
        case noSuchInstance = "no_such_instance"
        case noneAlive = "none_alive"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error with a code and a message.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
