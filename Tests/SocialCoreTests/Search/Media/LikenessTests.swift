// Look-alikes by the index: exactly those that comparing all fingerprints finds, whatever segments and shards they lie
// in.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Uploads that look alike")
struct LikenessTests {
    /// Fingerprints around some centres, at all distances that are found and at some that are not.
    private func hashes(_ count: Int, _ chance: Chance) -> [PictureHash] {
        let centres = (0..<1 + count / 40).map { _ in
            SIMD4<UInt64>(chance.next(), chance.next(), chance.next(), chance.next())
        }
        return (0..<count).map { number in
            flipped(PictureHash(words: centres[chance.below(centres.count)]), number % 36, chance)
        }
    }

    /// A fingerprint at a distance from another.
    private func flipped(_ hash: PictureHash, _ distance: Int, _ chance: Chance) -> PictureHash {
        var words = hash.words
        while hash.distance(to: PictureHash(words: words)) < distance {
            let bit = chance.below(256)
            if (words[bit / 64] ^ hash.words[bit / 64]) >> UInt64(bit % 64) & 1 == 0 {
                words[bit / 64] ^= 1 << UInt64(bit % 64)
            }
        }
        return PictureHash(words: words)
    }

    @Test("A list of fingerprints of any length answers as a walk over it", arguments: [0, 1, 2, 7, 16, 300, 5_000])
    func index(count: Int) throws {
        let chance = Chance("likeness index")
        let hashes = hashes(count, chance)
        let file = PackedFile(sectionSizes: LikenessIndex.sectionSizes(count))
        LikenessIndex.write(hashes, into: file, from: 0)
        let index = try LikenessIndex(file, from: 0)
        var foundCount = 0
        for distance in 0...LikenessIndex.largestRadius {
            let centre = chance.one(of: hashes) ?? PictureHash(words: SIMD4(repeating: 1))
            let asked = flipped(centre, distance, chance)
            let radius = chance.isOne(in: 2) ? LikenessIndex.largestRadius : distance
            var found: [Int: Int] = [:]
            try index.near(asked, radius: radius) { position, distance in
                #expect(found.updateValue(distance, forKey: position) == nil, "seed \(chance.seed)")
            }
            for (position, hash) in hashes.enumerated() {
                let distance = asked.distance(to: hash)
                #expect(found[position] == (distance <= radius ? distance : nil), "seed \(chance.seed)")
            }
            foundCount += found.count
        }
        #expect(foundCount >= min(count, 1) * 32)
    }

    @Test("Sections that do not fit together are damage, not a crash")
    func damage() throws {
        let chance = Chance("likeness damage")
        let hashes = hashes(200, chance)
        for _ in 0..<TestRun.times(50) {
            let file = PackedFile(sectionSizes: LikenessIndex.sectionSizes(200))
            LikenessIndex.write(hashes, into: file, from: 0)
            let section = 1 + chance.below(2)
            let words = file.place(section, of: UInt32.self)
            for _ in 0..<20 { words[chance.below(words.count)] = UInt32(truncatingIfNeeded: chance.below(1 << 33)) }
            do throws(StorageError) {
                let index = try LikenessIndex(file, from: 0)
                for hash in hashes { try index.near(hash, radius: 31) { _, _ in } }
            } catch { #expect(error.code == .damaged) }
        }
    }

    @Test("In a network, too, with segments written and not, after deletions, on some shards", arguments: [1, 4])
    func network(shards: Int) throws {
        let chance = Chance("look-alikes")
        let directory = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: chance.seed)))
        try Network.create(directory.file("data"), .init(shards: shards), context: context)
        let network = try Network(opening: directory.file("data"), context: context)
        let authors = try (0..<9).map { number in
            try network.accounts.create(AccountDraft(handle: Handle("u\(number)"))).value.id
        }
        let hashes = hashes(600, chance)
        var foundCount = 0
        for (number, hash) in hashes.enumerated() {
            let author = authors[chance.below(authors.count)]
            var content = MediaRecord.Content(
                name: "\(number)", type: "image/png", object: ObjectHash(of: [1]), sizeBytes: 1)
            content.look = .init(colour: 0, blur: "", likeness: number % 17 == 0 ? [] : hash.bytes)
            let draft = MediaDraft(author: author, content: content)
            _ = try network.router.write(author.slot) { try $0.createMedia(draft, now: noon) }
            switch number % 150 {
            case 60: try network.search.rebuild()
            case 90: network.search.indexes.tailLimit = chance.isOne(in: 2) ? 1 : 256
            case 30, 110, 149:
                let records = try network.media.page(by: nil, in: .all, limit: .max)
                for record in records.filter({ _ in chance.isOne(in: 8) }) {
                    _ = try network.router.write(record.id.slot) { try $0.deleteMedia(record.id, by: nil) }
                }
            default: break
            }
            guard number % 20 == 19 else { continue }
            let living = try network.media.page(by: nil, in: .all, limit: .max)
            let asked = (0...chance.below(2)).map { _ in
                flipped(hashes[chance.below(number)], chance.below(32), chance)
            }
            let radius = chance.isOne(in: 2) ? 31 : chance.below(32)
            let limit = chance.isOne(in: 2) ? 10_000 : 1 + chance.below(4)
            let except = chance.one(of: living)?.id
            let found = try network.search.similar(to: asked, radius: radius, limit: limit, except: except)
            let expected = LookAlikes.expected(living, asked, radius: radius, limit: limit, except: except)
            #expect(found.map(\.record) == expected.map(\.record), "step \(number), seed \(chance.seed)")
            #expect(found.map(\.distance) == expected.map(\.distance), "step \(number), seed \(chance.seed)")
            foundCount += found.count
        }
        #expect(foundCount > 30)
    }
}
