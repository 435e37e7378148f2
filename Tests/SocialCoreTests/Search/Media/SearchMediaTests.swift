// Uploads by what is said about them: what counts as words, which filters there are, who sees what, and pages.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Searching uploads")
struct SearchMediaTests {
    private let directory: TemporaryDirectory
    private let network: Network
    private let ana: AccountRecord
    private let bob: AccountRecord

    init() throws {
        directory = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon))
        try Network.create(directory.file("data"), .init(), context: context)
        network = try Network(opening: directory.file("data"), context: context)
        ana = try network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        bob = try network.accounts.create(AccountDraft(handle: Handle("bob"))).value
    }

    @discardableResult
    private func upload(
        _ name: String, by author: AccountRecord? = nil, type: String = "image/png",
        _ change: (inout MediaRecord.Content) -> Void = { _ in }
    ) throws -> MediaRecord {
        var content = MediaRecord.Content(name: name, type: type, object: ObjectHash(of: [1]), sizeBytes: 1)
        change(&content)
        let draft = MediaDraft(author: (author ?? ana).id, content: content)
        return try network.router.write(draft.author.slot) { try $0.createMedia(draft, now: noon) }.value
    }

    private func found(_ request: Search.MediaRequest) throws -> [String] {
        try network.search.media(request).hits.map(\.item.record.content.name)
    }

    private func found(_ query: String) throws -> [String] { try found(Search.MediaRequest(query, rank: .recent)) }

    @Test("Captions, alternative texts, tags and names are found, and no phrase goes from one to the next")
    func words() throws {
        try upload("IMG_2034.holiday.png") { $0.caption = "A red kite" }
        try upload("b.png") { ($0.caption, $0.alt) = ("Sails", "kites over the sea") }
        try upload("c.png") { $0.tags = "kite sea" }
        #expect(try found("kite") == ["c.png", "b.png", "IMG_2034.holiday.png"])
        #expect(try found("#kite") == ["c.png"])
        #expect(try found("img") == ["IMG_2034.holiday.png"] && found("holiday") == ["IMG_2034.holiday.png"])
        #expect(try found("png") == [] && found("2034") == ["IMG_2034.holiday.png"])
        #expect(try found("\"red kite\"") == ["IMG_2034.holiday.png"])
        #expect(try found("\"sails kites\"") == [] && found("\"sea b\"") == [])
    }

    @Test("A type has several names")
    func types() throws {
        try upload("a", type: "image/jpeg")
        try upload("b", type: "video/quicktime")
        try upload("c", type: "application/octet-stream")
        try upload("d", type: "video/mp4; codecs=avc1")
        let expected = [
            "image": ["a"], "jpeg": ["a"], "JPG": ["a"], "film": ["d", "b"], "mov": ["b"], "quicktime": ["b"],
            "mp4": ["d"], "file": ["c"], "octet-stream": ["c"], "png": [],
        ]
        for (type, names) in expected {
            #expect(try found("type:\(type)") == names, "\(type)")
            var request = Search.MediaRequest(rank: .recent)
            request.type = type
            #expect(try found(request) == names, "\(type)")
        }
        #expect(try found("type:image OR type:mp4") == ["d", "a"])
        #expect(try found("-type:film from:ana") == ["c", "a"])
    }

    @Test("Sizes are demanded beside a query, or alone")
    func sizes() throws {
        try upload("small cat") { ($0.width, $0.height) = (10, 20) }
        try upload("wide cat") { ($0.width, $0.height) = (100, 20) }
        try upload("large dog") { ($0.width, $0.height) = (100, 200) }
        try upload("cat")
        var request = Search.MediaRequest("cat", rank: .recent)
        request.minWidth = 11
        #expect(try found(request) == ["wide cat"])
        request.query = ""
        #expect(try found(request) == ["large dog", "wide cat"])
        request.minHeight = 21
        #expect(try found(request) == ["large dog"])
        (request.minWidth, request.minHeight) = (0, 20)
        #expect(try found(request) == ["large dog", "wide cat", "small cat"])
    }

    @Test("A filter of posts is none of uploads, and the other way round")
    func filters() throws {
        func error(_ query: String, of source: SearchSource) -> QueryError? {
            do throws(QueryError) {
                _ = try QueryParser.parse(query, of: source)
                return nil
            } catch { return error }
        }
        for query in ["cat to:ana", "cat has:media", "cat is:reply", "cat sort:top"] {
            let problem = error(query, of: .media)
            #expect(problem?.code == .otherSource && problem?.range == 4..<query.utf8.count, "\(query)")
            #expect(error(query, of: .posts) == nil, "\(query)")
        }
        let problem = error("cat type:jpeg", of: .posts)
        #expect(problem?.code == .otherSource && problem?.range == 4..<13)
        #expect(error("cat type:", of: .media)?.code == .badValue)
        for query in ["cat type:jpeg", "from:ana since:2026-01-01 until:24h lang:en sort:recent"] {
            #expect(error(query, of: .media) == nil, "\(query)")
        }
        #expect(throws: QueryError.self) { try network.search.media(.init(" ")) }
        try upload("a") { $0.caption = "this is the house that he has built" }
        try upload("b") { $0.alt = "das ist das Haus, das er sich gebaut hat" }
        #expect(try found("lang:en") == ["a"] && found("lang:de") == ["b"])
        #expect(try found("until:2000-01-01") == [] && found("since:2000-01-01 from:ana") == ["b", "a"])
    }

    @Test("Whom somebody does not see it does not find, and pages are full nevertheless")
    func hidden() throws {
        for number in 0..<12 {
            let author = number % 3 == 0 ? ana : bob
            try upload("cat \(number)", by: author) {
                let hash = PictureHash(words: SIMD4(UInt64(1) << 40 - 1, 0, 0, 7))
                $0.look = .init(colour: 0, blur: "", likeness: hash.bytes)
            }
        }
        let cleo = try network.accounts.create(AccountDraft(handle: Handle("cleo"))).value
        _ = try network.graph.relate(.mute, cleo, bob)
        let like = [PictureHash(words: SIMD4(UInt64(1) << 40 - 1, 1, 0, 7))]
        for (rank, like) in [(.recent, nil), (.relevance, nil), (nil, like)] as [(Search.MediaRank?, [PictureHash]?)] {
            var request = Search.MediaRequest(like == nil ? "cat" : "", rank: rank, limit: 3)
            request.viewer = cleo.id
            request.like = like
            let first = try network.search.media(request)
            #expect(first.hits.map(\.item.record.content.name) == ["cat 9", "cat 6", "cat 3"])
            #expect(first.hits.map(\.item.distance) == Array(repeating: like.map { _ in 1 }, count: 3))
            #expect(try first.hasMore && network.search.count(first) == 12)
            request.after = Search.Cursor(try #require(first.hits.last).cursor.description)
            let second = try network.search.media(request)
            #expect(second.hits.map(\.item.record.content.name) == ["cat 0"] && !second.hasMore)
        }
    }

    @Test("What looks alike is found with words, which are corrected")
    func likeness() throws {
        let hash = PictureHash(words: SIMD4(1, 2, 3, 4))
        let near = PictureHash(words: SIMD4(1, 2, 3, 5))
        for (name, hash) in [("kitten", hash), ("kitten again", near), ("puppy", hash)] {
            try upload(name) { $0.look = .init(colour: 0, blur: "", likeness: hash.bytes) }
        }
        var request = Search.MediaRequest("kiten")
        request.like = [near]
        let answer = try network.search.media(request)
        #expect(answer.corrections.map(\.meant) == ["kitten"])
        #expect(answer.hits.map(\.item.record.content.name) == ["kitten again", "kitten"])
        #expect(answer.hits.map(\.item.distance) == [0, 1] && answer.hits.allSatisfy { $0.score == nil })
        request.query = "!?"
        #expect(try found(request) == [])
        request.query = ""
        request.except = answer.hits[0].item.record.id
        #expect(try found(request) == ["puppy", "kitten"])
        request.like = []
        #expect(try found(request) == [])
    }

    @Test("Posts that show something are found by that")
    func attachments() throws {
        let media = try upload("cat")
        _ = try network.posts.create(by: ana, text: "plain cat")
        let draft = PostDraft(author: ana.id, slot: ana.id.slot, text: "seen cat", media: [media.id])
        _ = try network.router.write(ana.id.slot) { try $0.createPost(draft, now: noon) }
        #expect(try network.search.posts(.init("has:media")).hits.map(\.item.post.text) == ["seen cat"])
        #expect(try network.search.posts(.init("cat -has:media")).hits.map(\.item.post.text) == ["plain cat"])
    }
}
