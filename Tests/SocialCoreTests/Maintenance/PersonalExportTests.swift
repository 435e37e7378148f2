// What a person is given of what is held about them is what a walk over everything finds, and nothing of others.

import Formats
import SocialCore
import TestKit
import Testing

@Suite("What is held about a person")
struct PersonalExportTests {
    /// What a walk over the whole export finds of an account.
    private func walk(_ network: Network, _ id: UserID) throws -> [TruthRow] {
        let rows = try network.rows()
        let posts = Set(rows.compactMap { if case .post(let post) = $0, post.author == id { post.id } else { nil } })
        return rows.filter { row in
            switch row {
            case .account(let account): account.id == id
            case .handle(_, let account): account == id
            case .follow(let edge): edge.follower == id
            case .post(let post): post.author == id
            case .version(let version): posts.contains(version.post)
            case .relation(let relation): relation.actor == id
            case .operation(let operation): operation.account == id
            case .media(let media): media.author == id
            case .tombstone, .formerAccount, .formerMedia: false
            }
        }
    }

    private func text(_ network: Network, _ id: UserID) throws -> [UInt8] {
        var encoder = ExportEncoder()
        encoder.person(try #require(try network.accounts.records(of: [id])[0]))
        try network.personalExport.run(id) { encoder.item($0) }
        return encoder.bytes
    }

    @Test("is what a walk over everything finds", arguments: [(1, Placement.user), (4, .post)])
    func walk(shards: Int, placement: Placement) throws {
        let scene = try ErasureScene(shards: shards, placement: placement)
        let network = try scene.open()
        for name in [ErasureScene.handle, "bob", "dan"] {
            let id = try network.accounts.named(Handle(name)).id
            var rows: [TruthRow] = []
            var followers: [UserID] = []
            try network.personalExport.run(id) { item in
                if case .row(let row) = item { rows.append(row) }
                if case .follower(let edge, let handle) = item {
                    followers.append(edge.follower)
                    #expect(edge.followee == id && handle != nil)
                }
            }
            #expect(try rows == walk(network, id))
            let all = try network.rows()
            #expect(
                followers
                    == all.compactMap {
                        if case .follow(let edge) = $0, edge.followee == id { edge.follower } else { nil }
                    })
        }
    }

    @Test("says what is recorded, without secrets, and the same each time")
    func records() throws {
        let scene = try ErasureScene(shards: 2)
        let network = try scene.open()
        let bytes = try text(network, scene.id)
        #expect(try bytes == text(try scene.open(), scene.id))
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        var types: [String: Int] = [:]
        for line in lines { types[try JSONReader.parse(Array(line))["type"]?.string ?? "", default: 0] += 1 }
        #expect(types["person"] == 1 && types["user"] == 1 && types["handle"] == 2 && types["follower"] == 2)
        #expect(types["token"] == 1 && types["preference"] == 1 && types["read-mark"] == 1 && types["notice"] == 1)
        #expect(types["message"] == 1 && types["media"] == 3 && types["accesses"] == 1)
        #expect(types["notification", default: 0] > 2)
        let whole = String(decoding: bytes, as: UTF8.self)
        #expect(whole.contains("zyxqua phone") && whole.contains("zyxqua payload") && !whole.contains("of nobody"))
        let token = try #require(try network.attributes.all(.token, of: scene.id).first)
        #expect(!whole.contains(Hexadecimal.text(token.value)))
        #expect(!whole.contains("words of bob"))
    }

    @Test("brings the bytes of uploads under names that any file system takes")
    func uploads() throws {
        let scene = try ErasureScene(shards: 2)
        let network = try scene.open()
        let folder = "\(scene.folder.path)/held"
        #expect(try network.personalExport.writeUploads(of: scene.id, to: folder) == 3)
        for record in try network.media.page(by: scene.id, in: .all, limit: 9) {
            let bytes = try FileSystem().contents(of: "\(folder)/\(PersonalExport.fileName(of: record))")
            #expect(try bytes == network.pictures.content(of: record).read())
        }
        #expect(
            refusal { _ = try network.personalExport.writeUploads(of: scene.id, to: folder) } == "not_empty")
        var content = try #require(try network.media.page(by: scene.id, in: .all, limit: 1).first).content
        content.name = String(repeating: "x", count: 200) + "..\u{1}\n é\\:.png"
        let record = MediaRecord(id: MediaID(rawValue: 7), author: scene.id, content: content)
        let name = PersonalExport.fileName(of: record)
        #expect(name.hasPrefix("7-xxx") && name.hasSuffix("x..__" + "_____" + ".png"))
        #expect(name.utf8.count == 102 && !name.contains("/") && !name.contains("\n"))
    }
}
