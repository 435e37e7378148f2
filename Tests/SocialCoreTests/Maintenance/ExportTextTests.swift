// The text of an export, line by line: what is written is read back as it was, and whatever is wrong is found where it
// stands.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("The text of an export")
struct ExportTextTests {
    private static let header = "{\"type\":\"social\",\"version\":1,\"shard_by\":\"user\"}\n"

    /// What reading a text ends with: `LINE:COLUMN: MESSAGE`, or nil when it ends well.
    private func problem(_ text: String) throws -> String? {
        do {
            var decoder = try ExportDecoder(LineReader(bytes: Array(text.utf8)))
            while try decoder.next() != nil {}
            return nil
        } catch let error as DataError { return "\(error)" } catch let error as StorageError { return error.message }
    }

    @Test("Every kind of row is written in its own way, and read back")
    func rows() throws {
        let (ana, bob) = (UserID(rawValue: 2_767_870_000_000_000_001), UserID(rawValue: 2_767_870_000_000_000_002))
        let post = PostID(rawValue: 2_767_870_000_000_000_003)
        let time = Timestamp(milliseconds: 1_767_225_600_001)
        var film = MediaRecord.Content(
            name: "a.mp4", type: "video/mp4", object: ObjectHash(of: "film".utf8), sizeBytes: 1)
        film.segmentation = Segmentation(
            manifest: .init(object: ObjectHash(of: [1]), sizeBytes: 1), checks: BlockChecks(of: [1]).coded,
            tracks: [.init(object: ObjectHash(of: [2]), sizeBytes: 70_000)])
        let rows: [TruthRow] =
            [
                .account(
                    AccountRecord(
                        id: ana, handle: try Handle("Ana"),
                        profile: .init(name: #"A "B""#, bio: "", location: nil, link: "x", fields: #"{"a":[1,null]}"#),
                        activeAt: time)),
                .account(AccountRecord(id: bob, handle: try Handle("bob"), profile: .init(), activeAt: time)),
                .formerAccount(ana), .handle(key: "ana", account: ana),
                .follow(FollowRecord(follower: ana, followee: bob, since: time)),
                .post(PostRecord(id: post, author: ana, text: "a\n\u{7F}\u{2028}猫")),
                .post(
                    PostRecord(
                        id: post, author: ana, text: "", replyTo: post, repostOf: post, expiresAt: time, editedAt: time)
                ),
                .version(PostVersion(post: post, number: 2, text: "before", writtenAt: time)), .tombstone(post),
                .operation(
                    OperationRecord(
                        account: ana, verb: "post create", key: "k", fingerprint: .min, result: post.rawValue)),
                .post(
                    PostRecord(id: post, author: ana, text: "", media: [MediaID(rawValue: 5), MediaID(rawValue: 6)])),
                .account(
                    AccountRecord(
                        id: bob, handle: try Handle("bob"), profile: .init(avatar: MediaID(rawValue: 5)),
                        activeAt: time)),
                .media(
                    MediaRecord(
                        id: MediaID(rawValue: ana.rawValue + 5), author: ana,
                        content: .init(
                            name: "a b.png", type: "image/png", object: ObjectHash(of: "1,2,3,.max".utf8),
                            sizeBytes: 9, checks: [1, 2, 3, 4, 5, 6, 7, 255], width: 3, height: 4, frames: 2,
                            durationMilliseconds: 40, look: .init(colour: 0xC0FFEE, blur: "a", likeness: [1, 2]),
                            caption: "x", alt: "", tags: "a b"))),
                .media(
                    MediaRecord(
                        id: MediaID(rawValue: ana.rawValue + 6), author: ana,
                        content: .init(
                            name: "a", type: "application/octet-stream", object: ObjectHash(of: "0,0,0,0".utf8),
                            sizeBytes: 0))),
                .media(
                    MediaRecord(id: MediaID(rawValue: ana.rawValue + 7), author: ana, content: film)),
                .formerMedia(MediaID(rawValue: 5)),
            ]
            + RelationKind.allCases.map {
                .relation(RelationRecord($0, ana, $0.isTowardsPost ? EntityID(post) : EntityID(bob), since: time))
            }
        var encoder = ExportEncoder()
        encoder.header(.post, rows: Int64(rows.count))
        for row in rows { encoder.row(row) }
        var decoder = try ExportDecoder(LineReader(bytes: encoder.bytes))
        #expect(decoder.placement == .post && decoder.rows == Int64(rows.count))
        for (index, row) in rows.enumerated() {
            #expect(try decoder.next() == .truth(row))
            #expect(decoder.line == index + 2)
        }
        #expect(try decoder.next() == nil)
        #expect(encoder.bytes.filter { $0 == UInt8(ascii: "\n") }.count == rows.count + 1)
    }

    @Test("Keys may be left out where they may be null, and come in any order")
    func tolerance() throws {
        let line = "{\"handle\":\"ana\",\"active_at\":\"2026-01-01\",\"id\":\"5\",\"type\":\"user\"}\n\n"
        var decoder = try ExportDecoder(LineReader(bytes: Array((Self.header + line).utf8)))
        guard case .truth(.account(let account)) = try decoder.next() else { throw Interruption() }
        #expect(account.handle.display == "ana" && account.profile == .init())
    }

    @Test(
        "What is no export is refused at its first line",
        arguments: [
            ("", "1:1: the export is empty"), ("hello", "1:1: expected a JSON value"),
            (#"["post"]"#, "1:1: expected a JSON object on each line"),
            (#"{"text":"a"}"#, #"1:1: "type" is missing"#),
            (#"{"type":"post"}"#, #"1:2: this is no export: its first line must be {"type":"social",…}"#),
            (#"{"type":"social"}"#, #"1:1: "version" is missing"#),
            (
                #"{"type":"social","version":3,"shard_by":"user"}"#,
                "the export has version 3, newer than this program"
            ),
            (
                #"{"type":"social","version":1,"shard_by":"dice"}"#,
                #"1:30: "shard_by" is neither user nor post"#
            ),
            (
                #"{"type":"social","version":1,"shard_by":"user","rows":"9"}"#,
                #"1:48: "rows" is no whole number"#
            ),
            (
                #"{"type":"social","version":1,"shard_by":"user","colour":1}"#,
                #"1:48: "colour" does not belong here"#
            ),
        ])
    func headers(text: String, message: String) throws {
        #expect(try problem(text) == message)
    }

    @Test(
        "A wrong line is found with its column",
        arguments: [
            (#"{"type":"use"}"#, #"2:2: there are no rows of type "use""#),
            (#"{"type":"user","id":5}"#, #"2:16: "id" is no string"#),
            (#"{"type":"user","id":"-5"}"#, #"2:16: "id" is no id"#),
            (#"{"type":"user","id":"5"}"#, #"2:1: "handle" is missing"#),
            (
                #"{"type":"user","id":"5","handle":"a b","active_at":"2026-01-01"}"#,
                #"2:25: "a b": a handle is made of letters A–Z, digits, "_", "." and "-""#
            ),
            (
                #"{"type":"user","id":"5","handle":"ana","active_at":"2026-02-30"}"#,
                #"2:40: "active_at": expected a day from 01 to 28"#
            ),
            (
                #"{"type":"user","id":"5","handle":"ana","active_at":"2026-01-01","fields":[]}"#,
                #"2:65: "fields" is no object"#
            ),
            (
                #"{"type":"user","id":"5","handle":"ana","created_at":"2026-01-01"}"#,
                #"2:40: "created_at" is not the time in the id, 2004-01-01T00:00:00.000Z"#
            ),
            (#"{"type":"deleted-user","id":"5","why":1}"#, #"2:33: "why" does not belong here"#),
            (#"{"type":"handle","handle":"Ana","user_id":"5"}"#, #"2:18: "Ana" is no handle in lower case"#),
            (
                #"{"type":"follow","follower_id":"5","followee_id":"5","since":"2026-01-01"}"#,
                "2:36: an account cannot follow itself"
            ),
            (
                #"{"type":"post","id":"6","author_id":"5","text":""}"#,
                "2:41: a post cannot be empty"
            ),
            (
                #"{"type":"post","id":"6","author_id":"5","text":"a","repost_of":"4"}"#,
                "2:41: a repost has no text of its own"
            ),
            (
                #"{"type":"version","post_id":"6","number":0,"text":"a","written_at":"2026-01-01"}"#,
                "2:33: versions are numbered from 1"
            ),
            (
                #"{"type":"key","user_id":"5","verb":"v","key":"","fingerprint":"1","result":"1"}"#,
                "2:40: an idempotency key has 1 to 255 bytes"
            ),
            (
                #"{"type":"key","user_id":"5","verb":"v","key":"k","fingerprint":"x","result":"1"}"#,
                #"2:50: "fingerprint" is no whole number in quotes"#
            ),
            (#"{"type":"like","user_id":"5","target_id":"5"}"#, #"2:1: "post_id" is missing"#),
            (#"{"type":"tag" "a":1}"#, "2:15: expected `,` or `}` in an object"),
        ])
    func lines(text: String, message: String) throws {
        #expect(try problem(Self.header + text + "\n") == message)
    }

    @Test("No text makes the reader trap")
    func noise() throws {
        let chance = Chance("export text")
        var encoder = ExportEncoder()
        encoder.header(.user)
        var plan = FixturePlan()
        (plan.users, plan.posts, plan.blocks) = (4, 8, 50)
        try Fixture(plan).forEachRow { encoder.row($0) }
        for _ in 0..<TestRun.times(2_000) {
            var bytes = encoder.bytes
            for _ in 0..<1 + chance.below(4) {
                let place = chance.below(bytes.count)
                switch chance.below(3) {
                case 0: bytes[place] = UInt8(chance.below(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[chance.below(bytes.count)], at: place)
                }
            }
            do {
                var decoder = try ExportDecoder(LineReader(bytes: bytes))
                while let row = try decoder.next() {
                    if case .truth(let row) = row { _ = try? row.shifted(byMilliseconds: 1) }
                }
            } catch is DataError {} catch is any RoomError {}
        }
    }
}
