// A resource has one name, and what has it keeps it.

import Formats
import Testing

@Suite("Paths of requests become normal")
struct LogPathTests {
    private func normal(_ target: String, hasEscapes: Bool = false) -> String? {
        withField(Array(target.utf8), hasEscapes: hasEscapes) { field in
            var bytes = Array("before".utf8)
            guard LogPath.append(field, to: &bytes) else {
                #expect(bytes == Array("before".utf8))
                return nil
            }
            return String(decoding: bytes.dropFirst(6), as: UTF8.self)
        }
    }

    @Test(
        "by the rules of RFC 3986",
        arguments: [
            ("/", "/"), ("/a/b", "/a/b"), ("/a/b/", "/a/b/"), ("/a?b/../c", "/a"), ("/a#b?c", "/a"),
            ("//a///b//", "/a/b/"),
            ("/a/./b/../c", "/a/c"), ("/../../a", "/a"), ("/a/..", "/"), ("/a/b/..", "/a/"), ("/a/.", "/a/"),
            ("/.", "/"),
            ("/..", "/"), ("/...", "/..."), ("/.well-known/x", "/.well-known/x"), ("/a/b/../../../c", "/c"),
            ("/%41%7e%2D%5f%2e%2E/b", "/A~-_../b"), ("/x/%2e%2e/b", "/b"), ("/%2f%c3%a9%3f", "/%2F%C3%A9%3F"),
            ("/100%", "/100%25"), ("/%zz%4", "/%25zz%254"), ("/%%34%31", "/%2541"), ("/%2541", "/%2541"),
            ("/é b", "/é b"),
            ("http://host", "/"), ("HTTP://host:80?q", "/"), ("https://user@host/a/../b?c", "/b"), ("http:///a", "/a"),
            ("*", nil), ("", nil), ("host:443", nil), ("a/b", nil), ("ftp://host/a", nil), ("?a", nil),
        ] as [(String, String?)])
    func rules(target: String, expected: String?) {
        #expect(normal(target) == expected)
        if let expected { #expect(normal(expected) == expected) }
    }

    @Test("after the escapes of the log are undone")
    func escapes() {
        #expect(normal(#"/\x2e\x2e/a\"\\"#, hasEscapes: true) == #"/a"\"#)
        #expect(normal(#"/a\x3fb"#, hasEscapes: true) == "/a")
        #expect(normal(#"/a\x3fb"#) == #"/a\x3fb"#)
    }

    @Test("and not too long, with no percent-encoding cut in two")
    func length() {
        let limit = FormatLimits.requestPathBytes
        let long = { (count: Int) in "/" + String(repeating: "a", count: count - 1) }
        #expect(normal(long(limit)) == long(limit))
        #expect(normal(long(limit + 1)) == long(limit))
        #expect(normal(long(limit - 2) + "%2Fb") == long(limit - 2))
        #expect(normal(long(limit - 1) + "%2Fb") == long(limit - 1))
        #expect(normal(long(limit - 3) + "%2Fb") == long(limit - 3) + "%2F")
        #expect(normal(long(limit - 3) + "/..b") == long(limit - 3) + "/")
        #expect(normal(long(limit - 2) + "/.b") == long(limit - 2) + "/")
    }

    @Test("and the way for those that are normal already gives the same as the other")
    func model() {
        var random = SeededGenerator("log paths")
        let pieces = [
            "/", "/", "a", ".", "..", "%", "%2", "%2e", "%2F", "%41", "?", "#", "é", "//", "b", "~", "http://", "\u{1}",
        ]
        for _ in 0..<3_000 {
            let target = (random.below(4) == 0 ? "" : "/") + random.text(pieces, length: 8)
            let found = normal(target)
            // An empty query changes nothing, but shuts the short way.
            #expect(normal(target + "?") == found, "\(target), seed \(random.seed)")
            guard let found else { continue }
            #expect(normal(found) == found, "\(target), seed \(random.seed)")
            #expect(
                found.hasPrefix("/") && !found.contains("//") && !found.contains("/../"),
                "\(target), seed \(random.seed)")
            let isNormal = withField(Array(target.utf8)) { LogPath.isNormal($0) }
            if isNormal { #expect(found == target, "seed \(random.seed)") }
        }
    }
}
