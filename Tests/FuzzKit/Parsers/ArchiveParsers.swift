// Archives of other networks, and what they are packed in.

internal import Formats
internal import SocialCore
internal import TestKit

/// What reads archives.
enum ArchiveParsers {
    static let all = [
        FuzzSubject("gzip", gzip), FuzzSubject("tar", tar), FuzzSubject("zip", zip), FuzzSubject("archives", archives),
    ]

    private static let mastodon = #"""
        {"@context":"x","type":"OrderedCollection","orderedItems":[
        {"type":"Create","object":{"type":"Note","id":"https://a/1","published":"2019-05-06T07:08:09Z",
        "to":["https://www.w3.org/ns/activitystreams#Public"],"inReplyTo":"https://a/0",
        "content":"<p>Hi &amp; bye</p>","summary":"cw","oneOf":[{"name":"this"}],
        "attachment":[{"url":"/x/media_attachments/f/1.png","name":"a cat"}]}},
        {"type":"Announce","object":"https://b/2"}]}
        """#
    private static let twitter = #"""
        window.YTD.tweets.part0 = [ { "tweet" : { "id_str" : "12", "created_at" : "Wed Oct 10 20:19:24 +0000 2018",
        "full_text" : "see https://t.co/abc, &lt;b&gt; https://t.co/pic", "in_reply_to_status_id_str" : "11",
        "entities" : { "urls" : [ { "url" : "https://t.co/abc", "expanded_url" : "https://example.com/a" } ],
        "media" : [ { "url" : "https://t.co/pic" } ] } } } ]
        """#

    private static func gzip() -> FuzzParser {
        let text = Array(String(repeating: mastodon, count: 2).utf8)
        let member = Compressed.gzip(Array(text.prefix(300)))
        // A header with all of its fields.
        var named = member
        named[3] = 0x1C
        named.insert(contentsOf: [2, 0, 1, 2, 0x6E, 0, 0x63, 0], at: 10)
        return FuzzParser(
            seeds: [Compressed.gzip(text), member + member, member + [0, 0, 0], named, Compressed.gzip([])],
            words: [[0x1F, 0x8B, 8, 0], [0x1F, 0x8B, 8, 0xFF]]
        ) { bytes in (try? InputFile(name: "x", bytes: bytes).contents()) != nil }
    }

    private static func tar() -> FuzzParser {
        var plain = TarBuilder()
        plain.add("outbox.json", Array(mastodon.utf8))
        plain.add("media", kind: "5")
        var odd = TarBuilder()
        odd.addPax([("path", "a/outbox.json"), ("size", "9"), ("comment", "é")])
        odd.add("x", Array("123456789".utf8))
        odd.add("././@LongLink", Array("a/b/tweets.js\0".utf8), kind: "L")
        odd.add("y", Array(twitter.utf8), prefix: "p")
        odd.add("sparse", [UInt8](repeating: 0, count: 12), size: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12])
        return FuzzParser(
            seeds: [plain.finished, odd.finished, Compressed.gzip(odd.finished)],
            words: ["ustar\u{0}00", "ustar  \u{0}", "77777777777", "outbox.json", "12 path=abc\n"].map {
                Array($0.utf8)
            },
            mend: mendSums
        ) { bytes in
            _ = try? PostFile.recognise(InputFile(name: "x", bytes: bytes))
            guard var tar = (try? InputFile(name: "x", bytes: bytes).open()).map({ TarReader($0) }) else {
                return false
            }
            var turns = 0
            do {
                while let entry = try tar.next() {
                    turns += 1
                    if turns > bytes.count { throw FuzzFault("an archive ends") }
                    if entry.isFile, turns % 2 == 1 {
                        let contents = try tar.contents(limitBytes: 1 << 16)
                        if contents.count != entry.sizeBytes { throw FuzzFault("a file has the size of its entry") }
                    }
                }
            } catch let fault as FuzzFault { throw fault } catch { return false }
            return turns > 0
        }
    }

    /// Makes the sums of the headers right.
    private static func mendSums(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
        for start in stride(from: 0, to: bytes.count - 511, by: 512) where bytes[start + 257] == UInt8(ascii: "u") {
            for index in 148..<156 { bytes[start + index] = 0x20 }
            let sum = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            let digits = Array((String(repeating: "0", count: max(0, 6 - sum.count)) + sum).utf8) + [0]
            bytes.replaceSubrange(start + 148..<start + 148 + digits.count, with: digits)
        }
    }

    private static func zip() -> FuzzParser {
        var plain = ZipBuilder()
        plain.add("data/tweets.js", Array(twitter.utf8))
        plain.add("data/tweets_media/12-pic.jpg", [1, 2, 3], isStored: true)
        var large = ZipBuilder()
        large.add("outbox.json", Array(mastodon.utf8), is64Bit: true)
        return FuzzParser(
            seeds: [plain.finished(comment: "c"), large.finished(is64Bit: true)],
            words: [
                [0x50, 0x4B, 1, 2], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6], [0x50, 0x4B, 6, 7],
            ],
            places: { file in
                Samples.places(of: [[0x50, 0x4B]], in: file).flatMap { [$0 + 10, $0 + 16, $0 + 20, $0 + 24] }
            }
        ) { bytes in
            let input = InputFile(name: "x", bytes: bytes)
            _ = try? PostFile.recognise(input)
            guard
                let zip = try? ZipReader(
                    sizeBytes: bytes.count,
                    read: { offset, count in
                        guard offset >= 0, count >= 0, offset <= bytes.count - count else {
                            throw FuzzFault("only what is there is asked for")
                        }
                        return Array(bytes[offset..<offset + count])
                    })
            else { return false }
            for entry in zip.entries {
                guard let contents = try? zip.contents(of: entry, limitBytes: 1 << 16) else { continue }
                try FuzzFault.expect(contents.count == entry.sizeBytes, "a file has the size of its entry")
            }
            return !zip.entries.isEmpty
        }
    }

    private static func archives() -> FuzzParser {
        let words =
            TextParsers.pieces + ["\"orderedItems\":[", "\"tweet\"", "\"object\"", "\"attachment\"", "window.YTD."]
        return FuzzParser(texts: [mastodon, twitter], words: words) { bytes in
            _ = try? PostFile.recognise(InputFile(name: "x", bytes: bytes))
            var count = 0
            for archive in Archive.allCases {
                guard var items = try? archive.items(bytes) else { continue }
                while let item = try? items.next() {
                    if let item = try? archive.item(item), case .post(let post) = item {
                        count += 1
                        _ = post.attachments.map { archive.attachmentKey(ofFile: $0.key) }
                    }
                }
            }
            return count > 0
        }
    }
}
