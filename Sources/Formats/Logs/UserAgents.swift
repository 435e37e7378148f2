// Who reads: a person with a browser, or a program. Views by programs are counted apart, so what a client says of
// itself is searched for the words by which programs give themselves away. Who wants to lie can: this is no defence.

internal import Glibc

/// Tells programs from people.
///
/// It remembers the agents that it has seen lately, of which a log has few: the same agent again costs a hash and a
/// comparison.
package struct UserAgents {
    /// Longer agents are not remembered.
    private static let rememberedBytes = 512
    /// How many agents are remembered; a power of two.
    private static let rememberedAgents = 4_096

    private var remembered = [Memory](repeating: Memory(), count: rememberedAgents)
    private var text: [UInt8] = []
    private let words = UserAgentWords.table

    private struct Memory {
        var hash: UInt64 = 0
        var agent: [UInt8] = []
        var isBot = true
    }

    /// Makes a judge who has seen nobody yet.
    package init() {}

    /// Whether a user agent is a program: a crawler, a feed reader, a monitor, a library, a browser without a screen,
    /// or nobody at all.
    package mutating func isBot(_ agent: LogField) -> Bool { isBot(agent.bytes) }

    /// The same for the bytes of a user agent.
    package mutating func isBot(_ agent: UnsafeRawBufferPointer) -> Bool {
        guard agent.count <= Self.rememberedBytes else { return judge(agent) }
        let hash = Self.hash(agent)
        let place = Int(truncatingIfNeeded: hash >> 32) & (Self.rememberedAgents - 1)
        if remembered[place].hash == hash, Self.isEqual(remembered[place].agent, agent) {
            return remembered[place].isBot
        }
        let isBot = judge(agent)
        remembered[place] = Memory(hash: hash, agent: Array(agent), isBot: isBot)
        return isBot
    }

    /// Whether one of the words is in a user agent.
    private mutating func judge(_ agent: UnsafeRawBufferPointer) -> Bool {
        text.removeAll(keepingCapacity: true)
        for byte in agent { text.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte) }
        return words.isBot(text)
    }

    private static func isEqual(_ known: [UInt8], _ agent: UnsafeRawBufferPointer) -> Bool {
        guard let start = agent.baseAddress, known.count == agent.count else { return known.count == agent.count }
        // Safety: both have as many bytes.
        return memcmp(known, start, agent.count) == 0
    }

    /// Eight bytes at a time, multiplied and folded.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* factor
        var index = 0
        while bytes.count - index >= 8 {
            // Safety: eight bytes are left.
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let (high, low) = (hash ^ word).multipliedFullWidth(by: factor)
            hash = high ^ low
            index += 8
        }
        var last: UInt64 = 0
        while index < bytes.count {
            last = last << 8 | UInt64(bytes[index])
            index += 1
        }
        let (high, low) = (hash ^ last).multipliedFullWidth(by: factor)
        return high ^ low
    }
}
