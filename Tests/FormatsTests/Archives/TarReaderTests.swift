// Tar archives in every form, also broken ones.

import Formats
import TestKit
import Testing

@Suite("Tar archives are read")
struct TarReaderTests {
    private func entries(_ bytes: [UInt8]) throws -> [String] {
        var random = SeededGenerator("tar")
        var reader = TarReader(random.lineSource(bytes))
        var found: [String] = []
        while let entry = try reader.next() {
            var text = entry.name
            if entry.isFile {
                text += "=" + String(decoding: try reader.contents(limitBytes: 10_000), as: UTF8.self)
            }
            found.append(text)
        }
        return found
    }

    @Test("with names of every form and length")
    func names() throws {
        let long = String(repeating: "folder/", count: 40) + "file"
        var tar = TarBuilder()
        tar.add("a.txt", Array("one".utf8))
        tar.add("folder/", kind: "5")
        tar.add("name", Array("two".utf8), prefix: "folder")
        tar.add("././@LongLink", Array(long.utf8) + [0], kind: "L")
        tar.add(String(long.prefix(100)), Array("three".utf8))
        tar.addPax([("mtime", "1.5"), ("path", "é\(long)")])
        tar.add("short", Array("four".utf8))
        tar.add("a link", kind: "2")
        tar.add("pax_global_header", Array("19 path=everywhere\n".utf8), kind: "g")
        tar.add("empty")
        #expect(
            try entries(tar.finished) == [
                "a.txt=one", "folder/", "folder/name=two", "\(long)=three", "é\(long)=four", "a link", "empty=",
            ])
    }

    @Test("past entries whose contents nobody asks for")
    func skipping() throws {
        var tar = TarBuilder()
        tar.add("large", [UInt8](repeating: 7, count: 100_000))
        tar.add("small", Array("x".utf8))
        var random = SeededGenerator("tar skip")
        var reader = TarReader(random.lineSource(tar.finished))
        #expect(try reader.next()?.sizeBytes == 100_000)
        #expect(throws: DataError.self) { try reader.contents(limitBytes: 99_999) }
        #expect(try reader.next()?.name == "small")
        #expect(try reader.contents(limitBytes: 1) == [0x78])
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test("and names that would do harm are only names")
    func hostileNames() throws {
        var tar = TarBuilder()
        for name in ["/etc/passwd", "../../x", "a/../../b", ".", ""] { tar.add(name, Array("1".utf8)) }
        #expect(try entries(tar.finished) == ["/etc/passwd=1", "../../x=1", "a/../../b=1", ".=1", "=1"])
    }

    @Test("and a size in base 256 or in a pax header counts")
    func sizes() throws {
        var tar = TarBuilder()
        tar.add("binary", Array("abc".utf8), size: [0x80] + [UInt8](repeating: 0, count: 10) + [3])
        tar.addPax([("size", "4")])
        tar.add("pax", Array("abcd".utf8), size: Array("00000000000".utf8))
        #expect(try entries(tar.finished) == ["binary=abc", "pax=abcd"])
    }

    @Test("and what is broken says where")
    func broken() throws {
        var tar = TarBuilder()
        tar.add("a", Array("one".utf8))
        let whole = tar.finished
        for count in stride(from: 0, to: 1_536, by: 37) {
            let error = #expect(throws: DataError.self, "\(count) bytes") { try entries(Array(whole[..<count])) }
            #expect(error?.byteOffset == count)
        }
        var flipped = whole
        flipped[3] ^= 1
        #expect(throws: DataError.self) { try entries(flipped) }
        tar.add("sparse", kind: "S")
        let sparse = #expect(throws: DataError.self) { try entries(tar.finished) }
        #expect(sparse?.byteOffset == 1_024)
        for size in ["7777777777x", "           ", "-0000000001"] {
            var wrong = TarBuilder()
            wrong.add("a", size: Array(size.utf8))
            #expect(throws: DataError.self, "\(size)") { try entries(wrong.finished) }
        }
        for records in ["9 path=a\n", "path=a\n", "-1 path=a\n", "0 a=b\n", "99999999999999999999 a=b\n", "2 "] {
            var wrong = TarBuilder()
            wrong.add("x", Array(records.utf8), kind: "x")
            wrong.add("a")
            let result = try? entries(wrong.finished)
            #expect(result == nil || records.hasPrefix("9"), "\(records)")
        }
    }

    @Test("without a trap, whatever the bytes")
    func randomBytes() {
        var random = SeededGenerator("tar random bytes")
        var tar = TarBuilder()
        tar.addPax([("path", "name"), ("size", "10")])
        tar.add("a", Array("0123456789".utf8))
        for _ in 0..<2_000 {
            var bytes = tar.finished
            for _ in 0..<1 + random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            var reader = TarReader(random.lineSource(bytes))
            var steps = 0
            do {
                while try reader.next() != nil { steps += 1 }
            } catch {
                #expect(error is DataError, "seed \(random.seed)")
            }
            #expect(steps < 10, "seed \(random.seed)")
        }
    }
}
