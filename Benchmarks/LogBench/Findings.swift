// What must hold for any log: it reads the same whole and in pieces, a path that is normal stays so, and every byte
// belongs to a line.

import Formats

/// What is found in damaged logs.
struct Findings {
    private(set) var lines = 0
    private(set) var bad = 0
    private(set) var paths = 0
    private(set) var bots = 0
    private var agents = UserAgents()

    /// A rule that does not hold.
    struct Mismatch: Error, CustomStringConvertible {
        let rule: String
        let log: [UInt8]

        var description: String { "\(rule) does not hold for \(log)" }
    }

    /// Reads a log in every way.
    mutating func look(at log: [UInt8], _ random: inout Fuzzing.Random) throws {
        // A copy of the exact size, so that a byte too many is noticed.
        let whole = exactly(log) { digest($0, AccessLogParser(.auto)) }
        for format in [AccessLogFormat.common, .combined, .json] {
            _ = exactly(log) { digest($0, AccessLogParser(format)) }
        }
        _ = exactly(log) { AccessLogFormat.detect(in: $0) }
        guard try inPieces(log, &random) == whole else { throw Mismatch(rule: "same in pieces", log: log) }
        guard exactly(log, { isIdempotent($0) }) else { throw Mismatch(rule: "normal stays normal", log: log) }
    }

    private func exactly<Result>(_ log: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // Safety: the memory is given back when nobody looks at it any more.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: log.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: log)
        return body(UnsafeRawBufferPointer(memory))
    }

    /// Every line in a few bytes.
    private func digest(_ log: UnsafeRawBufferPointer, _ parser: AccessLogParser) -> [UInt8] {
        var parser = parser
        var text: [UInt8] = []
        parser.parse(log) { line in
            Self.append(line, to: &text)
        } bad: { fault, bytes in
            text += "\(fault.position) \(fault.reason) \(fault.column <= bytes.count + 1)\n".utf8
        }
        return text
    }

    private static func append(_ line: borrowing AccessLogLine, to text: inout [UInt8]) {
        text += "\(line.position) \(line.timeMilliseconds) \(line.status) \(line.bytesSent)".utf8
        let names = [line.virtualHost, line.client, line.user, line.method, line.path, line.query, line.protocolName]
        for field in names + [line.referrer, line.userAgent] {
            text.append(0x7C)
            field.append(to: &text)
        }
        text.append(0x0A)
    }

    /// The same of a log that comes in pieces, is read up to somewhere, and on from there.
    private func inPieces(_ log: [UInt8], _ random: inout Fuzzing.Random) throws -> [UInt8] {
        var text: [UInt8] = []
        var position = 0
        while true {
            let sizes = (0..<8).map { _ in 1 + random.below(random.below(2) == 0 ? 8 : 400) }
            var next = position
            var turn = 0
            var reader = AccessLogReader(
                { buffer in
                    let end = min(log.count, next + sizes[turn % sizes.count])
                    buffer += log[next..<end]
                    (next, turn) = (end, turn + 1)
                }, isCompressed: false, startingAt: position)
            let turns = random.below(40)
            var isAtEnd = false
            while turn < turns, !isAtEnd {
                isAtEnd = try !reader.read {
                    Self.append($0, to: &text)
                } bad: {
                    text += "\($0.position) \($0.reason) \($0.column <= $1.count + 1)\n".utf8
                }
            }
            if isAtEnd {
                try reader.finish {
                    Self.append($0, to: &text)
                } bad: {
                    text += "\($0.position) \($0.reason) \($0.column <= $1.count + 1)\n".utf8
                }
                guard reader.position == log.count else { throw Mismatch(rule: "the end", log: log) }
                return text
            }
            position = reader.position
        }
    }

    /// Whether normal paths stay as they are, and the same agent is always judged the same.
    private mutating func isIdempotent(_ log: UnsafeRawBufferPointer) -> Bool {
        var parser = AccessLogParser()
        var isIdempotent = true
        var (lines, bad, paths, bots) = (0, 0, 0, 0)
        var agents = agents
        let linesBefore = self.lines
        parser.parse(log) { line in
            lines += 1
            var strange = UserAgents()
            let isBot = agents.isBot(line.userAgent)
            if (linesBefore + lines) % 32 == 0, strange.isBot(line.userAgent) != isBot { isIdempotent = false }
            if isBot { bots += 1 }
            var path: [UInt8] = []
            guard LogPath.append(line.path, to: &path) else { return }
            paths += 1
            var again: [UInt8] = []
            let isPath = path.withUnsafeBytes { LogPath.append(LogField($0), to: &again) }
            if !isPath || again != path || path.count > FormatLimits.requestPathBytes { isIdempotent = false }
        } bad: { _, _ in
            bad += 1
        }
        self.agents = agents
        self.lines += lines
        self.bad += bad
        self.paths += paths
        self.bots += bots
        return isIdempotent
    }
}
