// Zip archives in every form, also broken ones.

import Formats
import TestKit
import Testing

@Suite("Zip archives are read")
struct ZipReaderTests {
    private func entries(_ bytes: [UInt8]) throws -> [String] {
        let reader = try ZipReader(sizeBytes: bytes.count) { offset, count in
            offset < bytes.count ? Array(bytes[offset...].prefix(count)) : []
        }
        return try reader.entries.map { entry in
            let contents = try reader.contents(of: entry, limitBytes: 100_000)
            return entry.name + "=" + String(decoding: contents, as: UTF8.self)
        }
    }

    @Test("with stored and compressed entries, a comment, and the 64-bit form")
    func forms() throws {
        let long = String(repeating: "long ", count: 10_000)
        var zip = ZipBuilder()
        zip.add("a", Array("one".utf8), isStored: true)
        zip.add("../é/b", Array(long.utf8))
        zip.add("empty", [])
        let expected = ["a=one", "../é/b=\(long)", "empty="]
        #expect(try entries(zip.finished()) == expected)
        #expect(try entries(zip.finished(comment: "PK\u{5} a comment")) == expected)
        #expect(try entries(zip.finished(is64Bit: true)) == expected)
        zip.add("large", Array("x".utf8), is64Bit: true)
        #expect(try entries(zip.finished(is64Bit: true)) == expected + ["large=x"])
        #expect(try entries(ZipBuilder().finished()) == [])
    }

    @Test("and what is broken is refused")
    func broken() throws {
        var zip = ZipBuilder()
        zip.add("a", Array("some text".utf8))
        let whole = zip.finished()
        for count in 0..<whole.count {
            #expect(throws: DataError.self, "\(count) bytes") { try entries(Array(whole[..<count])) }
        }
        var wrong = ZipBuilder()
        wrong.add("a", Array("one".utf8), checksum: 1)
        #expect(throws: DataError.self) { try entries(wrong.finished()) }
    }

    @Test("and an entry that is larger than it says, or than is wanted, is not inflated")
    func bomb() throws {
        var zip = ZipBuilder()
        zip.add("bomb", [UInt8](repeating: 0, count: 10 << 20))
        let whole = zip.finished()
        let error = #expect(throws: DataError.self) { try entries(whole) }
        #expect(error?.code == .outOfRange)
        // The size is the last of three numbers in the entry of the directory, 24 bytes from its beginning.
        var lying = whole
        let directory = whole.count - 22 - 46 - 4 - 3
        for index in 0..<4 { lying[directory + 24 + index] = index == 0 ? 9 : 0 }
        let lie = #expect(throws: DataError.self) { try entries(lying) }
        #expect(lie?.message == "\"bomb\": it is larger than the archive says")
    }

    @Test("without a trap, whatever the bytes")
    func randomBytes() {
        var random = SeededGenerator("zip random bytes")
        var zip = ZipBuilder()
        zip.add("a", Array("one".utf8), is64Bit: true)
        zip.add("b", Array("two".utf8), isStored: true)
        for is64Bit in [false, true] {
            let whole = zip.finished(is64Bit: is64Bit)
            for _ in 0..<3_000 {
                var bytes = whole
                for _ in 0..<1 + random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                do { _ = try entries(bytes) } catch { #expect(error is DataError, "seed \(random.seed)") }
            }
        }
    }
}
