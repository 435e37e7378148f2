// Texts that are a document of their own: JSON, HTML, times, time zones.

internal import Formats
internal import SocialCore
internal import Terminal
internal import TestKit

/// What reads texts.
enum TextParsers {
    static let all = [
        FuzzSubject("json", json), FuzzSubject("text", text), FuzzSubject("times", times),
        FuzzSubject("zones", zones), FuzzSubject("xml", xml), FuzzSubject("objectstores", objectStores),
    ]

    /// Documents of all that JSON has.
    static let documents = [
        #"{"a":[1,-2.5e3,true,false,null,"é\u00e9\ud83d\ude00\n\/"],"b":{"":{}},"c":9223372036854775807}"#,
        #" [ [ [ [ ] ] ] , { "x" : [ { "y" : -0 } , 1E-7 , 0.1 ] } , "" ] "#, #""text""#, "-0", "1e308", "null",
    ]
    static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "e", "E+", "-", ".", "0", "true", "nul",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", " ", "\t", "/**/", "NaN", "18446744073709551616",
    ]

    private static func json() -> FuzzParser {
        FuzzParser(texts: documents, words: pieces) { bytes in
            var items = JSONItemReader(bytes)
            while let item = try? items.next() { _ = item.value.text }
            guard let value = try? JSONReader.parse(bytes) else { return false }
            let text = value.text
            let again = try? JSONReader.parse(text)
            try FuzzFault.expect(again?.text == text, "what is written is read as the same")
            return true
        }
    }

    private static func xml() -> FuzzParser {
        let texts = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns='http://s3.example/'><IsTruncated>true"
                + "</IsTruncated><Contents><Key>ab/c&amp;d</Key><Size>7</Size></Contents></ListBucketResult>",
            "<Error><Code>SlowDown</Code><Message>&lt;&#65;&#x1F600;&quot;&apos;&gt;\r\n</Message></Error>", "<a/>",
        ]
        let words = [
            "<", ">", "</", "/>", "&", ";", "&#", "&#x", "<?xml ", "?>", "<!--", "<![CDATA[", "<!DOCTYPE", " b=\"", "'",
            "<a>", "</a>", "<a><a><a><a><a><a><a><a><a><a><a>",
        ]
        return FuzzParser(texts: texts, words: words) { bytes in
            guard let tree = try? XMLReader.parse(bytes) else { return false }
            let again = try? XMLReader.parse(tree.encoded)
            try FuzzFault.expect(again?.encoded == tree.encoded, "what is written is read as the same")
            return true
        }
    }

    private static func objectStores() -> FuzzParser {
        let texts = [
            "s3://media", "s3://me.dia/a/b?region=eu-west-3&style=path",
            "s3://media/x?endpoint=https://s3.example:9000&region=a",
            "s3://media?endpoint=http%3A%2F%2F%5B::1%5D:9000",
        ]
        let words = [
            "s3://", "/", "?", "&", "=", "endpoint=", "region=", "style=host", "https://", "http://", "%2F", "@", "..",
            ":", "key=", "[::1]", "%00",
        ]
        return FuzzParser(texts: texts, words: words) { bytes in
            guard let address = try? S3Address(String(decoding: bytes, as: UTF8.self)) else { return false }
            try FuzzFault.expect(
                try S3Address(address.text) == address, "an address is read as it is written")
            try FuzzFault.expect(!address.text.contains("@"), "an address has no room for a secret")
            return true
        }
    }

    private static func text() -> FuzzParser {
        let texts = [
            "<p>Hello <a href=\"https://x.example/@ana\" class='mention'>@<span>ana</span></a><br/>&amp;</p>",
            "&#x1F600;&eacute;",
            "a &lt;b&gt; <!-- c --> <script>x</script><img alt='y'>&notin; &#0; &#1114112; <",
            "e\u{301}👨‍👩‍👧\u{202E}\tz",
            "aGVsbG8gd29ybGQ=", "aGVsbG8_-", "A0t,D$RPLHG=h", String(repeating: "a1", count: 32),
        ]
        let words = ["<", ">", "</", "&", "&#", ";", "&#x", "<p", "<br>", "</p>", "\"", "'", "=", "==", "<!--", "-->"]
        return FuzzParser(texts: texts, words: words) { bytes in
            _ = TextEncoding.firstInvalidOffset(in: bytes.span)
            let isText = (try? TextEncoding.decode(bytes.span, line: 1, column: 1)) != nil
            let text = String(decoding: bytes, as: UTF8.self)
            _ = (HTMLText.plain(text), CharacterReference.decodeAll(text))
            let shown = DisplayText.sanitise(text)
            try FuzzFault.expect(!shown.utf8.contains(0x1B), "no escape reaches a terminal")
            _ = (shown.cellWidth, shown.truncated(toCells: 7))
            for alphabet in [Base64.Alphabet.standard, .url] {
                guard let decoded = Base64.decode(text, alphabet) else { continue }
                try FuzzFault.expect(
                    Base64.decode(Base64.encode(decoded, alphabet), alphabet) == decoded, "Base64 stays the same")
            }
            if let placeholder = BlurPlaceholder(text) { _ = placeholder.picture(width: 8, height: 6) }
            _ = PictureHash(text)
            return isText
        }
    }

    private static func times() -> FuzzParser {
        let texts = [
            "2026-01-02T03:04:05Z", "1996-12-19T16:39:57.123456-08:00", "1985-04-12t23:20:50.52z",
            "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "+01:00", "-0930", "Z",
            "Europe/Lisbon", "Wed Aug 27 13:08:45 +0000 2008",
        ]
        return FuzzParser(texts: texts, words: ["T", "Z", ":", "-", "+", ".", "60", "24", "00", "99"]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = (ZoneRules(offset: text), ZoneRules.isName(text))
            guard let time = try? RFC3339.parse(text) else { return false }
            try FuzzFault.expect(try RFC3339.parse(RFC3339.format(time)) == time, "a time is read as it is written")
            return true
        }
    }

    private static func zones() throws -> FuzzParser {
        let file = try Samples.file("fixtures/zoneinfo/Europe/Lisbon")
        let small = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 39)
        let rule = small + small + Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        return FuzzParser(
            seeds: [file, rule], words: ["<+03>-3", ",J60", ",M3.2.0/-1:30", "\n"].map { Array($0.utf8) }
        ) { bytes in
            guard let rules = try? ZoneRules(timeZoneFile: bytes) else { return false }
            for time: Int64 in [0, 1_767_323_045_000, -62_135_596_800_000, 253_402_300_799_000] {
                _ = (rules.offsetSeconds(atMilliseconds: time), rules.civilTime(atMilliseconds: time))
                for period in ZonePeriod.allCases {
                    let range = rules.range(of: period, containing: time)
                    try FuzzFault.expect(range.contains(time), "a time lies in its \(period)")
                    _ = rules.next(period, after: time)
                }
            }
            return true
        }
    }
}
