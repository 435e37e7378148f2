// What the lines of a log are accesses to. A log names the same paths again and again, so what a path means is found
// out once; the numbers by which resources are stored are asked for when a batch of lines is stored.

internal import Formats

/// Turns lines into accesses, which collect in a builder.
struct AccessLogTable {
    /// What one target means.
    private struct Meaning {
        /// The resource that requests count for which do not succeed.
        var resource: Int
        var kind: AccessKind
        var amount: Int64?
        var others: [(resource: Int, kind: AccessKind, amount: Int64?)] = []
        var hasOwn = false
        /// The resource of those that do.
        var own = 0
    }

    private let rules: AccessRules
    private var paths = PathTable()
    private var meanings: [Meaning] = []
    /// The resources, by the serial numbers under which the builder has them; 0 is none.
    private(set) var resources: [AccessedResource?] = [nil]
    private var names: [String: Int] = [:]
    private var agents = UserAgents()
    private var scratch: [UInt8] = []

    init(_ rules: AccessRules) { self.rules = rules }

    /// Adds what a line tells.
    mutating func add(_ line: borrowing AccessLogLine, to builder: inout RollupBuilder) throws {
        let meaning = try meaning(of: line)
        let agent = line.userAgent
        var isBot = line.hasUserAgent
        if isBot { isBot = agents.isBot(agent) }
        let viewer = self.viewer(line)
        let time = Timestamp(milliseconds: line.timeMilliseconds)
        let audience = isBot ? Audience.bots : .people
        func add(_ resource: Int, _ kind: AccessKind, _ amount: Int64) {
            let number = ResourceNumber(serial: Int64(resource), .path)
            builder.add(number, kind, audience, viewer: viewer, at: time, amount: amount)
        }
        let (known, sent) = (meanings[meaning], line.bytesSent)
        if let failure = AccessLogTable.failure(of: line) {
            add(known.resource, failure, sent)
            return
        }
        add(known.hasOwn ? known.own : known.resource, known.kind, known.amount ?? sent)
        for other in known.others { add(other.resource, other.kind, other.amount ?? sent) }
    }

    /// Why a request is no access to what it asks for; nil when it is one.
    private static func failure(of line: borrowing AccessLogLine) -> AccessKind? {
        switch line.status {
        case 400...: .error
        case 304: line.method.equals("GET") ? nil : .other
        case 300..<400: .redirect
        case 200..<300, 0: line.method.equals("GET") ? nil : .other
        default: .other
        }
    }

    @inline(__always)
    private func viewer(_ line: borrowing AccessLogLine) -> ViewerKey? {
        guard !line.client.isEmpty else { return nil }
        let client = line.client.bytes.assumingMemoryBound(to: UInt8.self)
        guard rules.viewersHaveAgents else { return ViewerKey(client) }
        let agent = line.userAgent.bytes.assumingMemoryBound(to: UInt8.self)
        return ViewerKey(rawValue: ViewerKey.hash(agent, seed: ViewerKey(client).rawValue))
    }

    // MARK: Targets

    /// The place of what a target means.
    private mutating func meaning(of line: borrowing AccessLogLine) throws -> Int {
        // What a query says matters only where something is searched for, or downloaded.
        let (path, query) = (line.path, line.query)
        guard !query.isEmpty, AccessLogTable.asksQuery(path.bytes) else {
            let hash = ViewerKey.hash(path.bytes.assumingMemoryBound(to: UInt8.self), seed: 0)
            if let known = paths.value(path.bytes, hash: hash) { return known }
            let place = try understand(path, query: "")
            paths.insert(path.bytes, hash: hash, value: place)
            return place
        }
        scratch.removeAll(keepingCapacity: true)
        scratch += path.bytes
        scratch.append(UInt8(ascii: "?"))
        scratch += query.bytes
        let hash = scratch.withUnsafeBufferPointer { ViewerKey.hash($0, seed: 0) }
        if let known = scratch.withUnsafeBytes({ paths.value($0, hash: hash) }) { return known }
        let place = try understand(path, query: query.string)
        scratch.withUnsafeBytes { paths.insert($0, hash: hash, value: place) }
        return place
    }

    private static func asksQuery(_ path: UnsafeRawBufferPointer) -> Bool {
        path.starts(with: "/search".utf8) || path.starts(with: "/media/".utf8)
    }

    private mutating func understand(_ target: LogField, query: String) throws -> Int {
        var bytes: [UInt8] = []
        let isPath = !target.isEmpty && LogPath.append(target, to: &bytes)
        let path = String(decoding: bytes, as: UTF8.self)
        let plain = serial(AccessedResource(path) ?? .unnamed)
        var meaning = Meaning(resource: plain, kind: isPath ? .view : .other)
        if isPath, let found = try rules.meaning(of: path, query: query) {
            meaning.kind = found.main.kind
            meaning.amount = found.main.amount
            meaning.own = serial(found.main.resource)
            meaning.hasOwn = true
            meaning.others = found.others.map { (serial($0.resource), $0.kind, $0.amount) }
        }
        meanings.append(meaning)
        return meanings.count - 1
    }

    private mutating func serial(_ resource: AccessedResource) -> Int {
        if let known = names[resource.name] { return known }
        resources.append(resource)
        names[resource.name] = resources.count - 1
        return resources.count - 1
    }
}
