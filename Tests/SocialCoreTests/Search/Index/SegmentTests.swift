// Segments by themselves: postings come back as they went in, at every size around a block's, and what is merged is
// what would have been built at once.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Segments")
struct SegmentTests {
    /// A segment with one term in some documents, so often in each as given.
    private func segment(_ count: Int, _ documents: [UInt32], _ frequencies: [UInt32]) throws -> Segment {
        var writer = SegmentWriter(lengths: Array(repeating: 70_000 > count ? 9 : 1, count: count))
        var postings = SegmentWriter.Postings()
        postings.documents = documents
        postings.frequencies = frequencies
        for frequency in frequencies { for place in 0..<frequency { postings.positions.append(3 * place) } }
        writer.add(Array("term".utf8)[...], postings)
        let ids = (0..<Int64(count)).map { Int64(count) - $0 }
        return try Segment(writer.finish(ids: ids, hasSpelling: false))
    }

    @Test("Postings come back as they were given", arguments: [1, 2, 127, 128, 129, 256, 1_000])
    func postings(_ size: Int) throws {
        let chance = Chance("postings")
        var documents: [UInt32] = []
        var next: UInt32 = UInt32(chance.below(3))
        for _ in 0..<size {
            documents.append(next)
            next += 1 + UInt32(chance.below(chance.below(10) == 0 ? 5_000 : 3))
        }
        let frequencies = documents.map { _ in UInt32(1 + (chance.below(20) == 0 ? chance.below(300) : chance.below(2)))
        }
        let segment = try segment(Int(next), documents, frequencies)
        let cursor = try segment.postings(0)
        for (document, frequency) in zip(documents, frequencies) {
            #expect(cursor.document == document)
            #expect(try cursor.frequency() == Int(frequency))
            var positions: [UInt32] = []
            try cursor.positions(into: &positions)
            #expect(positions == (0..<frequency).map { 3 * $0 })
            try cursor.advance()
        }
        #expect(cursor.document == PostingCursor.end)
        // Leaps of any length, with positions asked for now and then.
        for _ in 0..<50 {
            let cursor = try segment.postings(0)
            var target: UInt32 = 0
            while cursor.document != PostingCursor.end {
                target += UInt32(chance.below(chance.below(2) == 0 ? 40 : 4_000))
                try cursor.advance(to: target)
                let expected = documents.firstIndex { $0 >= target }
                #expect(cursor.document == expected.map { documents[$0] } ?? PostingCursor.end)
                guard let expected else { break }
                #expect(try cursor.frequency() == Int(frequencies[expected]))
                if chance.below(2) == 0 {
                    var positions: [UInt32] = []
                    try cursor.positions(into: &positions)
                    #expect(positions.count == Int(frequencies[expected]))
                }
            }
        }
    }

    @Test("What is merged is what would have been built at once")
    func merging() throws {
        let chance = Chance("merging")
        for round in 0..<TestRun.times(30) {
            let parts = 1 + chance.below(4)
            var builders = (0..<parts).map { _ in SegmentBuilder(stems: true) }
            var whole = SegmentBuilder(stems: true)
            var gone: [Int64] = []
            for number in (0..<chance.below(400)) {
                let text = (0..<chance.below(9)).map { _ in "word\(chance.below(30))s" }.joined(separator: " ")
                let id = Int64(number * 7 % 1_009 + 1)
                let markers = chance.below(2) == 0 ? [Segment.term(.link)] : []
                var content = MediaRecord.Content(name: "", type: "", object: ObjectHash(of: []), sizeBytes: 0)
                if chance.isOne(in: 2) { (content.width, content.height) = (Int64(number), 7) }
                if chance.isOne(in: 2) {
                    let hash = PictureHash(words: SIMD4(repeating: chance.source.next()))
                    content.look = .init(colour: 0, blur: "", likeness: hash.bytes)
                }
                let picture = round % 3 == 0 ? nil : DocumentPicture(content)
                builders[chance.below(parts)].add(id: id, [text], picture: picture) { _ in markers }
                if chance.below(4) == 0 {
                    gone.append(id)
                } else {
                    whole.add(id: id, [text], picture: picture) { _ in markers }
                }
            }
            var segments = try builders.indices.map { LivingSegment(try builders[$0].finish()) }
            for index in segments.indices { for id in gone { try segments[index].bury(id: id) } }
            let merged = try Segment.merged(segments)
            let expected = try whole.finish()
            #expect(merged.count == expected.count && merged.totalLength == expected.totalLength)
            #expect(merged.termCount == expected.termCount)
            let pictures = Segment.Section.pixels..<Segment.Section.spelling
            for section in [
                Segment.Section.ids, Segment.Section.lengths, Segment.Section.termBytes,
                Segment.Section.terms, Segment.Section.blocks, Segment.Section.data, Segment.Section.positions,
            ] + pictures {
                let (one, other) = (
                    try merged.file.all(section, of: UInt8.self), try expected.file.all(section, of: UInt8.self)
                )
                #expect(one.elementsEqual(other), "section \(section)")
            }
        }
    }

    @Test("Documents are found by id, terms by their beginning")
    func lookups() throws {
        var builder = SegmentBuilder(stems: false)
        for id in [5, 9, 2, 40] as [Int64] { builder.add(id: id, text: "a\(id) ab\(id) b") }
        let segment = try builder.finish()
        #expect(try (0..<4).map { try segment.id($0) } == [40, 9, 5, 2])
        #expect(try segment.document(9) == 1 && segment.document(8) == nil && segment.document(100) == nil)
        #expect(try segment.firstDocument(notAbove: 39) == 1 && segment.firstDocument(notAbove: 1) == 4)
        #expect(try segment.terms(prefix: Array("a".utf8)).count == 8)
        #expect(try segment.terms(prefix: Array("ab4".utf8)).count == 1)
        #expect(try segment.terms(prefix: Array("c".utf8)).isEmpty)
        #expect(try segment.term(Array("b".utf8)) != nil && segment.term(Array("bb".utf8)) == nil)
        let b = try #require(try segment.term(Array("b".utf8)))
        #expect(try segment.documentCount(b) == 4)
    }
}
