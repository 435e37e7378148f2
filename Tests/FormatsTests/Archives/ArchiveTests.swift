// Archives of other networks, as they are downloaded there.

import Formats
import Testing

@Suite("Archives are read")
struct ArchiveTests {
    private func items(_ archive: Archive, _ text: String) throws -> [String] {
        var reader = try archive.items(Array(text.utf8))
        var found: [String] = []
        while let item = try reader.next() {
            do {
                switch try archive.item(item) {
                case .other(let reason): found.append(reason.rawValue)
                case .post(let post):
                    let shown = post.attachments.map { " [\($0.key)\($0.alt.map { ": \($0)" } ?? "")]" }.joined()
                    let reply = post.replyKey.map { " > \($0)" } ?? ""
                    found.append("\(post.key) \(RFC3339.format(post.timeMilliseconds)) \(post.text)\(reply)\(shown)")
                }
            } catch { found.append("\(error)") }
        }
        return found
    }

    private func outbox(_ items: String) -> String {
        "{\"@context\":\"x\",\"type\":\"OrderedCollection\",\"orderedItems\":[\(items)]}"
    }

    private func note(_ fields: String, to: String = "[\"https://www.w3.org/ns/activitystreams#Public\"]") -> String {
        """
        {"type":"Create","object":{"type":"Note","id":"https://a/1","published":"2019-05-06T07:08:09Z","to":\(to),\
        \(fields)}}
        """
    }

    @Test("of Mastodon: posts, answers, warnings and polls")
    func mastodon() throws {
        let place = "mastodon:https://a/1 2019-05-06T07:08:09.000Z"
        let text = outbox(
            [
                note("\"content\":\"<p>Hi &amp; bye</p>\",\"summary\":null,\"inReplyTo\":null"),
                note("\"content\":\"<p>yes</p>\",\"inReplyTo\":\"https://a/0\""),
                note("\"content\":\"<p>x</p>\",\"summary\":\"spoiler\""),
                note("\"content\":\"<p>which?</p>\",\"oneOf\":[{\"name\":\"this\"},{\"name\":\"that\"}]"),
            ].joined(separator: ","))
        #expect(
            try items(.mastodon, text) == [
                "\(place) Hi & bye", "\(place) yes > mastodon:https://a/0", "\(place) CW: spoiler\n\nx",
                "\(place) which?\n\n- this\n- that",
            ])
    }

    @Test("of Mastodon, without what is no post of the author for everyone")
    func mastodonOthers() throws {
        let followers = "[\"https://a/users/ana/followers\"]"
        let text = outbox(
            [
                "{\"type\":\"Announce\",\"object\":\"https://b/2\"}", note("\"content\":\"secret\"", to: followers),
                note("\"content\":\"secret\"", to: "\"https://b/users/bob\""),
                note("\"content\":\"unlisted\",\"cc\":\"as:Public\"", to: followers),
                note("\"content\":\"\",\"attachment\":[{}]"),
                note("\"content\":\"\",\"attachment\":[{\"url\":\"/x/media_attachments/f/1.png\",\"name\":\"a cat\"}]"),
                "{\"type\":\"Delete\"}",
            ].joined(separator: ","))
        #expect(
            try items(.mastodon, text) == [
                "repost", "not_public", "not_public", "mastodon:https://a/1 2019-05-06T07:08:09.000Z unlisted",
                "no_text",
                "mastodon:https://a/1 2019-05-06T07:08:09.000Z  [media_attachments/f/1.png: a cat]", "no_post",
            ])
    }

    @Test("of Mastodon, past broken items with their places")
    func mastodonFaults() throws {
        let text = outbox(
            "\n3,\n {},\n{\"type\":\"Create\"},\n" + note("\"content\":\"x\"").replacing("2019-05-06T", with: "then "))
        #expect(
            try items(.mastodon, text) == [
                "2:1: expected an activity, which is an object", "3:2: the activity has no \"type\"",
                "4:1: the activity has no \"object\"",
                "5:1: \"published\": expected a time such as 2026-01-02T03:04:05Z or a date",
            ])
    }

    @Test("of Twitter: both forms, with the addresses that were meant")
    func twitter() throws {
        let text = """
            window.YTD.tweets.part0 = [ {
              "tweet" : { "id_str" : "12", "created_at" : "Wed Oct 10 20:19:24 +0000 2018",
                "full_text" : "see https://t.co/abc, &lt;b&gt; &amp; (https://t.co/abcd). https://t.co/pic",
                "in_reply_to_status_id_str" : "11",
                "entities" : { "urls" : [ { "url" : "https://t.co/abc", "expanded_url" : "https://example.com/a" },
                  { "url" : "https://t.co/abcd", "expanded_url" : "http://example.com/b?x=1" } ],
                  "media" : [ { "url" : "https://t.co/pic" } ] } } } ]
            """
        let expected = "2018-10-10T20:19:24.000Z see https://example.com/a, <b> & (http://example.com/b?x=1)."
        #expect(try items(.twitter, text) == ["twitter:12 \(expected) > twitter:11 [12]"])
        let old = """
            [{"id_str":"1","created_at":"Fri Mar 01 00:00:01 +0130 2019","full_text":"a\\n https://t.co/q"}]
            """
        #expect(try items(.twitter, old) == ["twitter:1 2019-02-28T22:30:01.000Z a\n https://t.co/q"])
    }

    @Test("of Twitter, without retweets, past broken items")
    func twitterOthers() throws {
        let text = """
            window.YTD.tweet.part0 = [{"tweet":{"id_str":"1","full_text":"RT @bob: x"}},
            {"tweet":{"id_str":"2","created_at":"Wed Oct 10 20:19:24 +0000 2018","full_text":"https://t.co/p",
             "entities":{"media":[{"url":"https://t.co/p"}]}}},
            {"tweet":{"id_str":"3","created_at":"yesterday","full_text":"x"}}, {"tweet":{"full_text":"x"}}, 7]
            """
        #expect(
            try items(.twitter, text) == [
                "repost", "twitter:2 2018-10-10T20:19:24.000Z  [2]",
                "4:1: \"created_at\": expected a time such as \"Wed Oct 10 20:19:24 +0000 2018\"",
                "4:68: the tweet has no \"id_str\"", "4:97: expected a tweet, which is an object",
            ])
    }

    @Test("and what is no archive is refused", arguments: Archive.allCases)
    func refused(archive: Archive) {
        for text in ["", "hello", "{\"orderedItems\":3}", "window.YTD.tweets.part0 = {}", "<html>", "\u{0}="] {
            #expect(throws: DataError.self, "\(text)") { try items(archive, text) }
        }
    }

    @Test(
        "and impossible times are no times",
        arguments: [
            "Wed Oct 32 20:19:24 +0000 2018", "Wed Okt 10 20:19:24 +0000 2018", "Wed Oct 10 25:19:24 +0000 2018",
            "Wed Oct 10 20:19:24 0000 2018", "Oct 10 20:19:24 +0000 2018", "Wed Oct -1 20:19:24 +0000 2018", "",
        ])
    func times(text: String) throws {
        let tweet = "[{\"id_str\":\"1\",\"full_text\":\"x\",\"created_at\":\"\(text)\"}]"
        #expect(try items(.twitter, tweet).first?.hasPrefix("1:2: \"created_at\": expected") == true)
    }
}
