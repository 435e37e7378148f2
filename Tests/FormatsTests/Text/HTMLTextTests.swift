// Posts as fediverse servers publish them become the text that their authors wrote.

import Formats
import Testing

@Suite("HTML becomes plain text")
struct HTMLTextTests {
    @Test(
        "with its paragraphs and line breaks",
        arguments: [
            ("<p>one</p>", "one"), ("<p>one</p><p>two</p>", "one\n\ntwo"),
            ("<p>one<br>two<br />three</p>", "one\ntwo\nthree"),
            ("<p>one<br/><br/>two</p>", "one\n\ntwo"), ("  one \n  two\t", "one two"), ("", ""), ("<p></p>", ""),
            ("<p>a <b>bold</b>, <i>b</i></p>", "a bold, b"), ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
            ("<p>x</p><blockquote><p>y</p></blockquote>z", "x\n\ny\n\nz"), ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            ("a<script>alert('x')</script>b<style>p{}</style >c", "abc"), ("a<!-- <p> -->b<!DOCTYPE html>c", "abc"),
        ])
    func structure(html: String, expected: String) {
        #expect(HTMLText.plain(html) == expected)
    }

    @Test("with the whole address of a link that is shown shortened")
    func links() {
        let address = "https://example.com/a/long/path?x=1&y=2"
        let mastodon = """
            <p>see <a href="https://example.com/a/long/path?x=1&amp;y=2" rel="nofollow noopener"><span \
            class="invisible">https://</span><span class="ellipsis">example.com/a/long</span><span \
            class="invisible">/path?x=1&amp;y=2</span></a>!</p>
            """
        #expect(HTMLText.plain(mastodon) == "see \(address)!")
        #expect(HTMLText.plain("<a href='https://a.example/'>a.example</a>") == "https://a.example/")
        #expect(HTMLText.plain("<a href=https://a.example/b/c>a.example/b…</a>") == "https://a.example/b/c")
        #expect(HTMLText.plain("<a href=\"https://a.example\">here</a> x") == "here (https://a.example) x")
        #expect(HTMLText.plain("<a href=\"https://a.example\"></a>x") == "https://a.examplex")
        #expect(HTMLText.plain("<a href=\"javascript:alert(1)\">here</a>") == "here")
        #expect(HTMLText.plain("<a href=\"https://a.example\">here") == "here (https://a.example)")
    }

    @Test("with mentions and hashtags as they are shown")
    func names() {
        let mention = """
            <span class="h-card" translate="no"><a href="https://a.example/@bob" class="u-url mention">\
            @<span>bob</span></a></span>
            """
        #expect(HTMLText.plain("<p>\(mention) hi</p>") == "@bob hi")
        #expect(
            HTMLText.plain(
                "<a href=\"https://a.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>x</span></a>")
                == "#x")
        #expect(HTMLText.plain("<a href=\"https://a.example/tags/x\">#x</a>") == "#x")
    }

    @Test(
        "with its character references",
        arguments: [
            ("&lt;b&gt; &amp;amp; &quot;x&#39;", "<b> &amp; \"x'"), ("&#233;&#xe9;&#XE9;", "ééé"), ("&nbsp;", "\u{A0}"),
            ("a & b &c; &unknown; &#; &#x; &#-1; &amp", "a & b &c; &unknown; &#; &#x; &#-1; &amp"),
            ("&#0;&#xD800;&#x110000;", "\u{FFFD}\u{FFFD}\u{FFFD}"), ("&#99999999999;", "&#99999999999;"),
            ("&#x1F600;", "😀"),
        ])
    func references(html: String, expected: String) {
        #expect(HTMLText.plain(html) == expected)
    }

    @Test(
        "and what is no tag is text",
        arguments: [
            ("1 < 2 > 0", "1 < 2 > 0"), ("a <3 b", "a <3 b"), ("x <unclosed", "x <unclosed"),
            ("a <b class=\"c> d", "a <b class=\"c> d"), ("a</>b", "a</>b"), ("<", "<"), ("a <!-- b", "a <!-- b"),
        ])
    func text(html: String, expected: String) {
        #expect(HTMLText.plain(html) == expected)
    }

    @Test("without a trap, and in a time that grows with its length, whatever it is")
    func randomBytes() {
        var random = SeededGenerator("HTML random bytes")
        let alphabet = [
            "<", ">", "a", "p", "/", "=", "\"", "'", "&", "#", ";", " ", "\n", "!", "-", "href", "script", "é",
        ]
        for _ in 0..<5_000 { _ = HTMLText.plain(random.text(alphabet, length: 60)) }
        for piece in ["<a ", "</script", "<script></a ", "<!--", "<a href=\"", "&amp", "<a href='https://x'>x", "<br>"]
        {
            _ = HTMLText.plain(String(repeating: piece, count: 20_000))
        }
    }
}
