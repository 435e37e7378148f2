// The names of objects, and the sums by which their parts are proved.

import SocialCore
import TestKit
import Testing

@Suite("The hashes and checks of objects")
struct ObjectHashTests {
    @Test(
        "Known bytes have the hashes of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func known(text: String, digits: String) throws {
        let hash = ObjectHash(of: text.utf8)
        #expect(hash.description == digits)
        #expect(hash.path == "\(digits.prefix(2))/\(digits.dropFirst(2))")
        #expect(ObjectHash(digits) == hash && ObjectHash(digits.uppercased()) == nil)
        #expect(ObjectHash(bytes: hash.bytes) == hash && hash.bytes.count == 32)
    }

    @Test("What is no hash is refused, and hashes are ordered as their bytes")
    func forms() throws {
        let digits = String(repeating: "0a", count: 32)
        #expect(ObjectHash(digits.dropLast()) == nil && ObjectHash(digits + "0") == nil && ObjectHash("") == nil)
        #expect(ObjectHash(digits.dropLast() + "g") == nil && ObjectHash(String(repeating: "é", count: 32)) == nil)
        #expect(ObjectHash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        let chance = Chance(seed: 1)
        let hashes = (0..<100).map { _ in chance.bytes(32) }
        let sorted = hashes.compactMap { ObjectHash(bytes: $0) }.sorted()
        #expect(sorted.map(\.bytes) == hashes.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(sorted.map(\.description) == sorted.map(\.description).sorted())
    }

    @Test("Each flipped bit of a small object changes its check, and each to another")
    func flips() {
        let chance = Chance("flipped bits")
        for size in [1, 7, 256, 511, 512, 513, 1_500] {
            var bytes = chance.bytes(size)
            let checks = BlockChecks(of: bytes)
            var seen: Set<BlockChecks> = [checks]
            for bit in 0..<8 * size {
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                seen.insert(BlockChecks(of: bytes))
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            #expect(seen.count == 8 * size + 1, "\(size) bytes")
        }
    }

    @Test("Words and leaves that change places, and zeros at the end, change the check")
    func places() {
        let chance = Chance("moved words")
        let leaf = 64 << 10
        let (first, second) = (chance.bytes(leaf), chance.bytes(leaf))
        #expect(BlockChecks(of: first + second) != BlockChecks(of: second + first))
        #expect(BlockChecks(of: first + first).coded != BlockChecks(of: second + second).coded)
        var swapped = first
        for index in 0..<8 { swapped.swapAt(index, 512 + index) }
        #expect(BlockChecks(of: swapped) != BlockChecks(of: first))
        #expect(BlockChecks(of: [1]) != BlockChecks(of: [1, 0]))
        #expect(BlockChecks(of: [UInt8](repeating: 0, count: 10)).coded.contains { $0 != 0 })
    }

    @Test("Blocks are as small as 512 of them allow, and their checks can be coded")
    func blocks() throws {
        let leaf = 64 << 10
        for (size, blocks, bytes) in [
            (0, 0, leaf), (1, 1, leaf), (leaf, 1, leaf), (leaf + 1, 2, leaf), (512 * leaf, 512, leaf),
            (512 * leaf + 1, 257, 2 * leaf), (1_024 * leaf + 1, 257, 4 * leaf), (4 << 30, 512, 128 * leaf),
        ] {
            #expect(BlockChecks.blockBytes(sizeBytes: size) == bytes, "\(size)")
            let coded = [UInt8](repeating: 7, count: 8 * blocks)
            #expect(BlockChecks(coded: coded, sizeBytes: size)?.coded == coded, "\(size)")
            #expect(BlockChecks(coded: coded + [1], sizeBytes: size) == nil)
        }
        let checks = BlockChecks(of: Array("abc".utf8))
        #expect(BlockChecks(coded: checks.coded, sizeBytes: 3) == checks)
        for size in [-1, .max, .min] { #expect(BlockChecks(coded: checks.coded, sizeBytes: size) == nil) }
    }
}
