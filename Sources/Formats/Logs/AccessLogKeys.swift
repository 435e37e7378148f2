// The keys of JSON logs: nginx' names of its variables, and what people commonly make of them.

/// The members of one object that matter.
struct AccessLogKeys {
    /// What a member may be.
    enum Slot: Int, CaseIterable {
        case client, user, time, request, method, target, query, protocolName, status, bytesSent, referrer, userAgent
        case virtualHost
    }

    /// The names of each; if several are in an object, the first one here counts.
    private static let names: [(Slot, [String])] = [
        (.client, ["remote_addr", "client_ip", "remote_ip", "clientip", "client"]),
        (.user, ["remote_user", "user"]),
        (.time, ["msec", "time_iso8601", "time_local", "timestamp", "@timestamp", "time", "ts"]),
        (.request, ["request"]),
        (.method, ["request_method", "method"]),
        (.target, ["request_uri", "uri"]),
        (.query, ["args", "query_string"]),
        (.protocolName, ["server_protocol", "protocol"]),
        (.status, ["status"]),
        (.bytesSent, ["body_bytes_sent", "bytes_sent", "bytes"]),
        (.referrer, ["http_referer", "http_referrer", "referer", "referrer"]),
        (.userAgent, ["http_user_agent", "user_agent", "agent"]),
        (.virtualHost, ["host", "http_host", "server_name", "vhost"]),
    ]

    private static let table: [Name] = names.flatMap { slot, names in
        names.enumerated().map { rank, name in
            // Safety: the array's bytes live until the closure ends.
            Array(name.utf8).withUnsafeBytes { Name(words: words(of: LogField($0)), slot: slot, rank: rank) }
        }
    }

    private struct Name {
        let words: SIMD2<UInt64>
        let slot: Slot
        let rank: Int
    }

    private struct Member {
        var field = LogField()
        var rank = Int.max
    }

    private var members = InlineArray<13, Member>(repeating: Member())
    private let table = Self.table

    /// Forgets the members of the last object.
    mutating func begin() {
        for index in members.indices { members[index].rank = .max }
    }

    /// Keeps a member if it is known, and if none that counts more is there already.
    mutating func keep(_ field: LogField, _ key: LogField) {
        guard key.count <= 16 else { return }
        let words = Self.words(of: key)
        for name in table where name.words == words {
            if members[name.slot.rawValue].rank > name.rank {
                members[name.slot.rawValue] = Member(field: field, rank: name.rank)
            }
            return
        }
    }

    /// Whether a member is there.
    func has(_ slot: Slot) -> Bool { members[slot.rawValue].rank < .max }

    /// A member, or nothing.
    subscript(slot: Slot) -> LogField { has(slot) ? members[slot.rawValue].field : LogField() }

    /// Where a member is in a line, or the end.
    func column(_ slot: Slot, in line: LogCursor) -> Int { LogCursor(self[slot], of: line).column }

    /// The bytes of a key of at most sixteen, as two numbers; no two keys without NULs have the same.
    private static func words(of key: LogField) -> SIMD2<UInt64> {
        var words = SIMD2<UInt64>()
        for (index, byte) in key.bytes.enumerated() {
            words[index >> 3 & 1] |= UInt64(byte) << UInt64(index & 7 * 8)
        }
        return words
    }
}
