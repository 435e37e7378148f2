// Uploads in a world under random use: they come, are changed and go, and what is found among them is what looking at
// every row finds.

import Formats
import TestKit
import Testing

@testable import SocialCore

extension FeedWorld {
    /// One of a few fingerprints, with up to so many of its bits changed.
    func likeness(changing bits: Int) -> PictureHash {
        var words = SIMD4<UInt64>(repeating: 0x9E37_79B9_7F4A_7C15 &* UInt64(1 + chance.below(4)))
        for _ in 0..<chance.below(bits + 1) { words[chance.below(4)] ^= 1 << UInt64(chance.below(64)) }
        return PictureHash(words: words)
    }

    private func content() -> MediaRecord.Content {
        let types = ["image/jpeg", "image/png", "video/mp4", "application/octet-stream"]
        var content = MediaRecord.Content(
            name: ["IMG_\(chance.below(9)).jpg", "sun_set.tar.gz", "moon", ".comet"][chance.below(4)],
            type: types[chance.below(4)], object: ObjectHash(of: [UInt8(chance.below(9))]), sizeBytes: 3)
        if chance.isOne(in: 2) { content.caption = words }
        if chance.isOne(in: 2) { content.alt = "sun moon \(words)" }
        let tags = ["dawn", "dusk", "sun"].filter { _ in chance.isOne(in: 3) }
        content.tags = Media.tagText(tags)
        if chance.isOne(in: 2) { (content.width, content.height) = (Int64(chance.below(9)), Int64(chance.below(9))) }
        if chance.isOne(in: 2) {
            content.look = MediaRecord.Look(colour: 1, blur: "b", likeness: likeness(changing: 36).bytes)
        }
        return content
    }

    private func uploads(_ network: Network) throws -> [MediaRecord] {
        try network.media.page(by: nil, in: .all, limit: .max)
    }

    /// Uploads something, or changes or deletes what is there.
    func changeUploads() throws {
        let (content, now) = (content(), now)
        let known = chance.isOne(in: 2) ? chance.one(of: try uploads(network).prefix(30).map { $0 }) : nil
        if let known, chance.isOne(in: 3) {
            _ = try network.router.write(known.id.slot) { try $0.deleteMedia(known.id, by: nil) }
        } else if let known {
            _ = try network.router.write(known.id.slot) { try $0.updateMedia(known.id, by: nil) { $0 = content } }
        } else if let author = chance.one(of: model.accounts) {
            let draft = MediaDraft(author: author.id, content: content)
            _ = try network.router.write(author.id.slot) { try $0.createMedia(draft, now: now) }
        }
    }

    /// What is found equals what looking at every upload finds.
    func expectUploads(_ network: Network, _ note: String) throws {
        let records = try uploads(network)
        try expectSimilar(network, records, note)
        var model = SearchModel()
        for record in records {
            let content = record.content
            let name = ["sun_set.tar.gz": "sun set.tar", "moon": "moon", ".comet": ".comet"][content.name]
            var document = SearchModel.Document(
                id: record.id.rawValue,
                texts: [
                    content.caption ?? "", content.alt ?? "", content.tagList.map { "#\($0)" }.joined(separator: " "),
                    name ?? content.name.replacing("_", with: " ").replacing(".jpg", with: ""),
                ].filter { !$0.isEmpty },
                markers: [Segment.term(.author(record.author.rawValue))])
            let names: [String: [String]] = [
                "image/jpeg": ["image", "jpeg"], "image/png": ["image", "png"], "video/mp4": ["film", "mp4"],
                "application/octet-stream": ["file", "octet-stream"],
            ]
            document.markers += (names[content.type] ?? []).map { Segment.term(.type($0)) }
            document.pixels = (content.width ?? 0, content.height ?? 0)
            model.documents.append(document)
        }
        let queries = [
            "sun", "sun moon", "\"sun moon\"", "\"moon img\"", "+dawn -sun", "#dawn OR comet", "type:jpg img*",
            "type:film", "type:image sun", "from:u1 sun", "sun_set", "type:octet-stream OR type:png",
        ]
        var request = Search.MediaRequest(queries[chance.below(queries.count)], rank: .relevance, limit: 10_000)
        request.corrects = false
        if chance.isOne(in: 3) { request.minWidth = chance.below(9) }
        if chance.isOne(in: 3) { request.minHeight = chance.below(9) }
        if chance.isOne(in: 4) { request.type = ["image", "png", "film"][chance.below(3)] }
        let comment: Comment = "\(request), \(note)"
        let answer: Search.Answer<Search.FoundMedia>
        do { answer = try network.search.media(request) } catch is AccountsError { return }
        let stems = network.manifest.settings.searchLanguage == .english
        let expected = model.run(answer.run.plan, stems: stems).hits
        #expect(answer.run.statistics.documents == records.count, comment)
        #expect(answer.hits.map(\.item.record.id.rawValue) == expected.map(\.id), comment)
        #expect(answer.hits.map(\.cursor.place) == expected.map(\.score), comment)
        let newest = try network.search.media(.init(request.query, rank: .recent, limit: 3))
        let best = try network.search.media(.init(request.query, rank: .relevance, limit: 10_000))
        let ids = best.hits.map(\.item.record.id).sorted(by: >)
        #expect(newest.hits.map(\.item.record.id) == Array(ids.prefix(3)), comment)
        // Of what looks like something, that which answers the same question.
        request.like = [likeness(changing: 3)]
        request.rank = nil
        let alike = try network.search.media(request)
        let distances = try network.search.similar(to: request.like ?? [], limit: 10_000)
        let ranked = expected.compactMap { hit in distances.first { $0.record.id.rawValue == hit.id } }
            .sorted { ($0.distance, $1.record.id) < ($1.distance, $0.record.id) }
        #expect(alike.hits.map(\.item.record.id) == ranked.map(\.record.id), comment)
        #expect(alike.hits.map(\.item.distance) == ranked.map(\.distance), comment)
    }

    /// What looks alike equals what comparing all fingerprints finds.
    private func expectSimilar(_ network: Network, _ records: [MediaRecord], _ note: String) throws {
        let hashes = (0...chance.below(3)).map { _ in likeness(changing: 10) }
        let radius = chance.below(PictureHash.nearDistance + 1)
        let limit = chance.isOne(in: 2) ? 1 + chance.below(5) : 10_000
        let except = chance.isOne(in: 4) ? chance.one(of: records)?.id : nil
        let found = try network.search.similar(to: hashes, radius: radius, limit: limit, except: except)
        let expected = LookAlikes.expected(records, hashes, radius: radius, limit: limit, except: except)
        #expect(found.map(\.record) == expected.map(\.record), "\(note)")
        #expect(found.map(\.distance) == expected.map(\.distance), "\(note)")
    }
}

/// Look-alikes by looking at every row.
enum LookAlikes {
    static func expected(
        _ records: [MediaRecord], _ hashes: [PictureHash], radius: Int, limit: Int, except: MediaID?
    ) -> [Search.LookAlike] {
        let found = records.compactMap { record -> Search.LookAlike? in
            guard record.id != except, let look = record.content.look?.hash else { return nil }
            let distance = hashes.map { $0.distance(to: look) }.min() ?? .max
            return distance <= radius ? Search.LookAlike(record: record, distance: distance) : nil
        }
        return Array(found.sorted { ($0.distance, $0.record.id) < ($1.distance, $1.record.id) }.prefix(limit))
    }
}
