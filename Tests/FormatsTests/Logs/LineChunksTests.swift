// Every line comes out once and whole, however the bytes come in, and the position is always behind the last one.

import Formats
import TestKit
import Testing

@Suite("A log in pieces")
struct LineChunksTests {
    private struct Stop: Error {}

    /// The lines that come out, each with its position; the log is read in two goes, the second from where the first
    /// ended.
    private func lines(_ log: [UInt8], limitBytes: Int, _ random: inout SeededGenerator) throws -> ([String], Int, Int)
    {
        var lines: [String] = []
        var position = 0
        var long = 0
        for go in 0..<2 {
            var chunks = LineChunks(startingAt: position, limitBytes: limitBytes)
            var next = position
            let end = go == 0 ? position + random.below(log.count - position + 1) : log.count
            while next < end {
                let piece = Array(log[next..<min(end, next + 1 + random.below(12))])
                next += piece.count
                piece.withUnsafeBytes { bytes in
                    chunks.feed(bytes) { whole, position in
                        #expect(whole.last == 0x0A)
                        #expect(log[position..<position + whole.count].elementsEqual(whole))
                        var start = position
                        for line in whole.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
                            lines.append("\(start) \(LogOutcome.text(line))")
                            start += line.count + 1
                        }
                    }
                }
                #expect(chunks.position + chunks.heldBytes == next)
            }
            if go == 1 {
                chunks.finish { line, position in lines.append("\(position) \(LogOutcome.text(line))") }
            }
            position = chunks.position
            long += chunks.longLines
        }
        return (lines, position, long)
    }

    @Test("gives the lines of a naive split, with their places")
    func model() throws {
        var random = SeededGenerator("log pieces")
        for _ in 0..<2_000 {
            let log = Array(random.text(["a", "bc", "\n", "def", "\n", "ghijklmnop", "\r"], length: 24).utf8)
            let limit = 1 + random.below(12)
            var expected: [String] = []
            var (start, long) = (0, 0)
            for line in log.split(separator: 0x0A, omittingEmptySubsequences: false) {
                let isLast = start + line.count == log.count
                if line.count > limit {
                    long += 1
                } else if !isLast || !line.isEmpty {
                    expected.append("\(start) \(LogOutcome.text(line))")
                }
                start += line.count + 1
            }
            let found = try lines(log, limitBytes: limit, &random)
            #expect(found.0 == expected, "seed \(random.seed)")
            #expect(found.1 == log.count && found.2 == long, "seed \(random.seed)")
        }
    }

    @Test("passes over NULs before a line, without keeping them")
    func holes() {
        var chunks = LineChunks(limitBytes: 8)
        var lines: [String] = []
        for piece in [[UInt8](repeating: 0, count: 100), [0, 0x61], [0x62, 0x0A], [0]] {
            piece.withUnsafeBytes { bytes in
                chunks.feed(bytes) { line, position in lines.append("\(position) \(LogOutcome.text(line))") }
            }
        }
        #expect(lines == ["101 ab\n"])
        #expect(chunks.position == 105 && chunks.heldBytes == 0 && chunks.longLines == 0)
    }

    @Test("stays where it is if its lines could not be taken")
    func failure() {
        for pieces in [["ab\ncd\n", "e"], ["a", "b\ncd\n"]] {
            var chunks = LineChunks(startingAt: 7)
            #expect(throws: Stop.self) {
                for piece in pieces {
                    try Array(piece.utf8).withUnsafeBytes { try chunks.feed($0) { _, _ in throw Stop() } }
                }
            }
            #expect(chunks.position == 7)
        }
    }
}
