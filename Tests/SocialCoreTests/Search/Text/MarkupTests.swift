// What counts as markup, and that no offset moves.

import SocialCore
import Testing

@Suite("Markup in posts")
struct MarkupTests {
    private func blanked(_ text: String) -> String? {
        Markup.blanked(text.utf8.span).map { String(decoding: $0.bytes, as: UTF8.self).replacing("\0", with: "·") }
    }

    @Test(
        "A text without markup is not copied",
        arguments: ["", "a < b > c", "AT&T", "10:30", "<3 you", "Array<Int>", "w.w."])
    func none(text: String) { #expect(blanked(text) == nil) }

    @Test(
        "Markup becomes as many bytes",
        arguments: [
            ("<p>a</p>", "   a    "), ("a<br/>b", "a     b"), ("<a href=\"x>y\">z</a>", "              z    "),
            ("<!-- b -->c", "          c"), ("&lt;b&gt;", "<···b>···"), ("&#233;", "é····"), ("<p", nil),
            ("<p a", nil),
            ("(https://a.b/c)", "(              "), ("x www.y.z\"", "x        \""), ("xhttp://y", nil),
            ("http:// x", nil),
        ] as [(String, String?)])
    func some(text: String, expected: String?) { #expect(blanked(text) == expected) }

    @Test(
        "An address is noted, in the text or in a tag",
        arguments: [
            ("see https://a.b/c", true), ("WWW.x.org &amp; more", true), ("<a href=\"http://x\">y</a>", true),
            ("<b>y</b> http://", false), ("http colon", false), ("a &amp; b", false), ("", false),
        ])
    func links(text: String, hasLink: Bool) {
        var tokenizer = Tokenizer()
        var list = TermList()
        tokenizer.tokenize(text, into: &list)
        #expect(list.hasLink == hasLink)
        tokenizer.tokenize("no more", into: &list)
        #expect(list.hasLink == hasLink)
        list.removeAll()
        #expect(!list.hasLink)
    }
}
