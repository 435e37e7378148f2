// Files of posts become posts, once, however often they are imported.

import Formats
import SocialCore
import TestKit
import Testing

@Suite("Posts are imported")
struct PostImportTests {
    /// A network in a directory of its own, with some accounts.
    private struct Scene {
        let directory: TemporaryDirectory
        let network: Network

        init(shards: Int = 1, placement: Placement = .user, accounts: [String] = ["ana", "bob", "cleo"]) throws {
            directory = try TemporaryDirectory()
            let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
            let path = directory.file("network")
            try Network.create(path, Network.Plan(shards: shards, placement: placement), context: context)
            network = try Network(opening: path, context: context)
            for name in accounts { _ = try network.accounts.create(AccountDraft(handle: try Handle(name))) }
        }

        func run(
            _ text: String, form: PostForm = .text, authors: PostImport.Authors = .all, over: Int64? = 86_400_000,
            policy: BadRows.Policy = .stop, batchRows: Int = 1_000
        ) throws -> PostImport.Summary {
            var work = PostImport(form: form, authors: authors, overMilliseconds: over)
            work.batchRows = batchRows
            return try work.run(
                InputFile(name: "posts", bytes: Array(text.utf8)), BadRows(policy, file: "posts"),
                accounts: network.accounts, posts: network.posts)
        }

        /// All posts, oldest first.
        func posts() throws -> [PostRecord] {
            Array(try network.posts.page(by: nil, in: .all, limit: .max).reversed())
        }
    }

    private static let lines = (0..<100).map { "post \($0)\n" }.joined()

    @Test(
        "in batches of any size to the same posts, spread over shards or not", arguments: Placement.allCases, [1, 3])
    func batches(placement: Placement, shards: Int) throws {
        var expected: [PostRecord] = []
        for batchRows in [1_000, 7, 1] {
            let scene = try Scene(shards: shards, placement: placement)
            #expect(try scene.run(Self.lines, batchRows: batchRows).counts == [100, 0])
            let posts = try scene.posts()
            #expect(posts.map(\.text) == (0..<100).map { "post \($0)" })
            if expected.isEmpty { expected = posts }
            #expect(posts == expected)
            #expect(try scene.run(Self.lines, batchRows: 13).counts == [0, 100])
            #expect(try scene.posts() == expected)
        }
    }

    @Test("dealt in turn, each account as often as the others")
    func dealing() throws {
        let scene = try Scene(shards: 2)
        _ = try scene.run(Self.lines)
        let authors = try scene.posts().map(\.author)
        #expect(Set(authors.prefix(3)).count == 3)
        for index in 3..<100 { #expect(authors[index] == authors[index - 3]) }
    }

    @Test("and one that was dealt to other accounts is not gone on with, unless it has ended")
    func otherAccounts() throws {
        let scene = try Scene(shards: 2)
        let part = Self.lines + "\u{0}\n"
        // A source that fails in the second pass stops the import in its middle.
        var count = 0
        let broken = BadRows(.report, file: "posts") { _ in
            count += 1
            throw StorageError(.ioError, "the report cannot be written")
        }
        var work = PostImport(form: .text, authors: .all)
        work.batchRows = 10
        #expect(throws: StorageError.self) {
            try work.run(
                InputFile(name: "posts", bytes: Array(part.utf8)), broken, accounts: scene.network.accounts,
                posts: scene.network.posts)
        }
        #expect(count == 1)
        let before = try scene.posts().count
        #expect(before > 0 && before < 100)
        _ = try scene.network.accounts.create(AccountDraft(handle: try Handle("dan")))
        #expect(refusal { _ = try scene.run(part, over: nil, policy: .skip) } == "accounts_changed")
        #expect(try scene.posts().count == before)
        #expect(try scene.run(Self.lines).posts == 100)
        _ = try scene.network.accounts.create(AccountDraft(handle: try Handle("eva")))
        #expect(try scene.run(Self.lines).counts == [0, 100])
    }

    @Test("and rows that are good only later are not taken for others")
    func laterAccounts() throws {
        let scene = try Scene()
        let rows = ["ana", "zoe", "bob"].map { "{\"text\":\"by \($0)\",\"author\":\"\($0)\"}\n" }.joined()
        let first = try scene.run(rows, form: .ndjson, authors: .named, policy: .skip)
        #expect(first.counts == [2, 0])
        _ = try scene.network.accounts.create(AccountDraft(handle: try Handle("zoe")))
        // Its place in the file has been passed: its reject is imported by itself.
        let second = try scene.run(rows, form: .ndjson, authors: .named, policy: .skip)
        #expect(second.counts == [0, 3])
        #expect(try scene.posts().count == 2)
    }

    @Test("also thousands at the same time, as files that know only days have them")
    func crowdedTime() throws {
        let scene = try Scene()
        let row = "{\"text\":\"x\",\"author\":\"ana\",\"created_at\":\"2020-01-01\"}\n"
        let rows = String(repeating: row, count: 2_100)
        #expect(try scene.run(rows, form: .ndjson, authors: .named, batchRows: 700).posts == 2_100)
        let times = Set(try scene.posts().map(\.id.time.milliseconds))
        #expect(times == [1_577_836_800_000, 1_577_836_800_001, 1_577_836_800_002])
    }

    @Test("and two runs at once do not make a post twice")
    func twoRuns() throws {
        let scene = try Scene()
        var isOther = false
        let bad = BadRows(.report, file: "posts") { _ in
            // The first run meets its bad row between two batches; there, the second run does all of it.
            guard !isOther else { return }
            isOther = true
            let other = try scene.run(Self.lines + "\u{0}\nlast\n", policy: .skip)
            #expect(other.posts == 101)
        }
        var work = PostImport(form: .text, authors: .all, overMilliseconds: 86_400_000)
        work.batchRows = 1_000
        #expect(
            refusal {
                _ = try work.run(
                    InputFile(name: "posts", bytes: Array((Self.lines + "\u{0}\nlast\n").utf8)), bad,
                    accounts: scene.network.accounts, posts: scene.network.posts)
            } == "busy")
        #expect(try scene.posts().count == 101)
    }

    @Test("from an archive, with answers to own posts, once", arguments: Placement.allCases, [1, 3])
    func archive(placement: Placement, shards: Int) throws {
        let scene = try Scene(shards: shards, placement: placement)
        let ana = try scene.network.accounts.named(try Handle("ana"))
        func tweets(_ range: Range<Int>) -> InputFile {
            // Newest first, as Twitter writes them; each answers the one before.
            let items = range.reversed().map { number in
                let minute = number < 10 ? "0\(number)" : "\(number)"
                return """
                    {"tweet":{"id_str":"\(number)","full_text":"tweet \(number)","in_reply_to_status_id_str":\
                    "\(number - 1)","created_at":"Wed Oct 10 20:\(minute):00 +0000 2018"}}
                    """
            }
            let text = "window.YTD.tweets.part0 = [\(items.joined(separator: ","))]"
            return InputFile(name: "tweets.js", bytes: Array(text.utf8))
        }
        func run(_ input: InputFile) throws -> ArchiveImport.Summary {
            var work = ArchiveImport(.twitter, author: ana)
            work.batchRows = 4
            return try work.run(.file(input), BadRows(.stop, file: input.name), posts: scene.network.posts)
        }
        #expect(try run(tweets(5..<15)).counts == [10, 0])
        #expect(try run(tweets(5..<15)).counts == [0, 10])
        // The answered post is not in the newer archive, but was in the older one; one that was deleted stays away.
        let fourteen = try #require(try scene.posts().last)
        let ten = try #require(try scene.posts().first { $0.text == "tweet 10" })
        _ = try scene.network.posts.delete(ten.id)
        #expect(try run(tweets(15..<20)).counts == [5, 0])
        #expect(try run(tweets(5..<20)).counts == [0, 15])
        let posts = try scene.posts()
        #expect(posts.map(\.text) == (5..<20).filter { $0 != 10 }.map { "tweet \($0)" })
        for (index, post) in posts.enumerated() {
            let parent = index == 0 ? nil : post.text == "tweet 11" ? ten.id : posts[index - 1].id
            #expect(post.replyTo == parent, "\(post.text)")
        }
        #expect(posts.first { $0.text == "tweet 15" }?.replyTo == fourteen.id)
    }
}

extension PostImport.Summary {
    /// How many posts were made, and how many were there.
    fileprivate var counts: [Int] { [posts, present] }
}

extension ArchiveImport.Summary {
    /// How many posts were made, and how many were there.
    fileprivate var counts: [Int] { [posts, present] }
}
