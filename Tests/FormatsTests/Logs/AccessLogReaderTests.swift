// Logs are read to their end, or to where they are damaged, and on from any place at which reading has ended.

import Formats
import TestKit
import Testing

@Suite("An access log")
struct AccessLogReaderTests {
    private static func line(_ number: Int) -> String {
        #"h - - [17/May/2015:10:05:03 +0000] "GET /\#(number) HTTP/1.1" 200 5"# + "\n"
    }

    /// The paths of the lines and the positions of bad ones, until the source ends or `turns` are over.
    private func read(_ reader: inout AccessLogReader, turns: Int = .max, isLast: Bool = true) throws -> [String] {
        var found: [String] = []
        var turn = 0
        var isAtEnd = false
        while turn < turns, !isAtEnd {
            isAtEnd = try !reader.read {
                found.append($0.path.string)
            } bad: { fault, _ in
                found.append("\(fault.position)")
            }
            turn += 1
        }
        if isAtEnd, isLast {
            try reader.finish {
                found.append($0.path.string)
            } bad: { fault, _ in
                found.append("\(fault.position)")
            }
        }
        return found
    }

    @Test("is read once, compressed or not, though reading ends anywhere and begins again")
    func resuming() throws {
        var random = SeededGenerator("log reading")
        for turn in 0..<100 {
            let isCompressed = turn % 2 == 0
            var log: [UInt8] = []
            var expected: [String] = []
            var members: [UInt8] = []
            for number in 0..<40 {
                let part = Array((number % 7 == 3 ? "bad\n" : Self.line(number)).utf8)
                expected.append(number % 7 == 3 ? "\(log.count)" : "/\(number)")
                log += part
                if isCompressed { members += Compressed.gzip(part) }
            }
            if turn % 3 == 0 { log.removeLast() }
            if isCompressed, turn % 3 == 0 { members = Compressed.gzip(log) }
            var found: [String] = []
            var position = 0
            while position < log.count {
                let source = random.lineSource(isCompressed ? members : Array(log[position...]))
                var reader = AccessLogReader(source, isCompressed: isCompressed, startingAt: position)
                found += try read(&reader, turns: 1 + random.below(2_000))
                position = reader.position
            }
            #expect(found == expected, "seed \(random.seed)")
        }
    }

    @Test("that grows keeps its last half line back")
    func growing() throws {
        let log = Array((Self.line(1) + Self.line(2)).utf8)
        var random = SeededGenerator("growing log")
        var reader = AccessLogReader(random.lineSource(log.dropLast(3)), isCompressed: false)
        #expect(try read(&reader, isLast: false) == ["/1"])
        #expect(reader.position == log.count / 2 && reader.lines == 1 && reader.badLines == 0)
        let source = random.lineSource(Array(log[reader.position...]))
        var second = AccessLogReader(source, isCompressed: false, startingAt: reader.position)
        #expect(try read(&second, isLast: false) == ["/2"])
        #expect(second.position == log.count)
    }

    @Test("that is compressed and cut off gives the lines before that, and then an error")
    func truncated() throws {
        let lines = (0..<2_000).map { Self.line($0 &* 7_919) }
        let whole = Compressed.gzip(Array(lines.joined().utf8))
        var random = SeededGenerator("cut log")
        for _ in 0..<20 {
            let cut = 20 + random.below(whole.count - 20)
            var reader = AccessLogReader(random.lineSource(Array(whole[..<cut])), isCompressed: true)
            var count = 0
            let error = #expect(throws: DataError.self) {
                while try reader.read(line: { _ in count += 1 }, bad: { _, _ in count += 1 }) {}
            }
            #expect(error?.byteOffset == cut, "seed \(random.seed)")
            #expect(count == reader.lines && reader.position == lines[..<count].reduce(0) { $0 + $1.utf8.count })
            // What the truncated file is repaired with goes on from there.
            let position = reader.position
            reader = AccessLogReader(random.lineSource(whole), isCompressed: true, startingAt: position)
            let rest = try read(&reader)
            #expect(count + rest.count == lines.count, "seed \(random.seed)")
        }
    }

    @Test("that ends before the place to go on at is no longer the same log")
    func shorter() throws {
        let log = Compressed.gzip(Array(Self.line(1).utf8))
        var random = SeededGenerator("short log")
        var reader = AccessLogReader(random.lineSource(log), isCompressed: true, startingAt: 1_000)
        let error = #expect(throws: DataError.self) { try read(&reader) }
        #expect(error?.code == .outOfRange && error?.byteOffset == Self.line(1).utf8.count)
    }

    @Test("with lines that are too long counts them, and goes on")
    func longLines() throws {
        let long = String(repeating: "x", count: FormatLimits.accessLogLineBytes + 1) + "\n"
        var isRead = false
        var reader = AccessLogReader(
            { buffer in
                if !isRead { buffer += (Self.line(1) + long + "bad\n" + Self.line(2)).utf8 }
                isRead = true
            }, isCompressed: false)
        #expect(try read(&reader) == ["/1", "\(Self.line(1).utf8.count + long.utf8.count)", "/2"])
        #expect(reader.lines == 2 && reader.badLines == 2)
    }

    @Test("whose reader fails stays at the last line that was taken")
    func failing() throws {
        struct Stop: Error {}
        var isRead = false
        var reader = AccessLogReader(
            { buffer in
                if !isRead { buffer += (Self.line(1) + Self.line(2)).utf8 }
                isRead = true
            }, isCompressed: false)
        #expect(throws: Stop.self) { _ = try reader.read(line: { _ in throw Stop() }, bad: { _, _ in }) }
        #expect(reader.position == 0)
    }
}
