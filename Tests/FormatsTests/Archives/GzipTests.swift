// Compressed files come out as they went in, and damaged ones say where.

import Formats
import TestKit
import Testing

@Suite("Gzip is read")
struct GzipTests {
    private func inflate(_ bytes: [UInt8], _ random: inout SeededGenerator) throws -> [UInt8] {
        try all(Gzip.inflating(random.lineSource(bytes)))
    }

    private func all(_ source: ChunkSource) throws -> [UInt8] {
        var result: [UInt8] = []
        while true {
            let count = result.count
            try source(&result)
            if result.count == count { return result }
        }
    }

    @Test("in pieces of any size, in one member or several, padded or not; and what is not compressed stays as it is")
    func roundTrip() throws {
        var random = SeededGenerator("gzip")
        for _ in 0..<200 {
            let parts = (0..<1 + random.below(3)).map { _ in random.bytes("ab \n", length: 500) }
            var compressed = parts.flatMap { Compressed.gzip($0) }
            if random.below(3) == 0 { compressed += [UInt8](repeating: 0, count: random.below(600)) }
            #expect(try inflate(compressed, &random) == parts.flatMap(\.self), "seed \(random.seed)")
            let plain = Array("x".utf8) + parts[0]
            #expect(try inflate(plain, &random) == plain, "seed \(random.seed)")
        }
        #expect(try inflate([], &random) == [])
        #expect(try inflate([0x1F], &random) == [0x1F])
    }

    @Test("in steps that need more room than input")
    func large() throws {
        let text = Array(repeating: Array("a line of some length\n".utf8), count: 100_000).flatMap(\.self)
        let compressed = Compressed.gzip(text)
        var isRead = false
        let source = Gzip.inflating { buffer in
            if !isRead { buffer += compressed }
            isRead = true
        }
        #expect(try all(source) == text)
    }

    @Test("and a line reader on it gives lines, and passes the error on as it is")
    func lines() throws {
        var random = SeededGenerator("gzip lines")
        let compressed = Compressed.gzip(Array("one\ntwo\nthree\n".utf8))
        var reader = LineReader(source: Gzip.inflating(random.lineSource(compressed)))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 3)
        var broken = LineReader(source: Gzip.inflating(random.lineSource(compressed.dropLast(9))))
        let error = #expect(throws: DataError.self) { while try broken.next() != nil {} }
        #expect(error?.byteOffset == compressed.count - 9)
        #expect(error?.description == "byte \(compressed.count - 9): the compressed data ends too early")
    }

    @Test("and every truncation and every flipped bit is found, or does not matter")
    func damage() throws {
        var random = SeededGenerator("gzip damage")
        let text = random.bytes("some text that is long enough", length: 400) + Array("end".utf8)
        let compressed = Compressed.gzip(text)
        for count in 2..<compressed.count {
            #expect(throws: DataError.self, "\(count) bytes") { try inflate(Array(compressed[..<count]), &random) }
        }
        // The header's time, flags for the compressor and system are not checked by anything.
        for bit in 16..<compressed.count * 8 {
            var flipped = compressed
            flipped[bit / 8] ^= 1 << (bit % 8)
            let result = try? inflate(flipped, &random)
            #expect(result == nil || result == text, "bit \(bit), seed \(random.seed)")
        }
        let error = #expect(throws: DataError.self) { try inflate(compressed + Array("tail".utf8), &random) }
        #expect(error?.byteOffset == compressed.count)
    }

    @Test("and a decompression bomb is refused before it has filled anything")
    func bomb() throws {
        let megabyte = [UInt8](repeating: 0x20, count: 1 << 20)
        let member = Compressed.gzip(megabyte)
        var members = 0
        let source = Gzip.inflating { buffer in
            members += 1
            buffer += member
        }
        var total = 0
        let error = #expect(throws: DataError.self) {
            while true {
                var piece: [UInt8] = []
                try source(&piece)
                total += piece.count
            }
        }
        #expect(error?.code == .outOfRange)
        #expect(total <= FormatLimits.inflateFreeBytes + (1 << 20))
        #expect(members <= 70)
    }
}
