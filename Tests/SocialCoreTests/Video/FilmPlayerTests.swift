// The page that plays a film: whole, of its own, and nobody's words are markup in it.

import SocialCore
import Testing

@Suite("Player of a film")
struct FilmPlayerTests {
    private func text(_ name: String, title: String = "a film") -> String {
        FilmPlayer(title: title).files.first { $0.name == name }?.text ?? ""
    }

    @Test("a title is text, whatever it says")
    func title() {
        let page = text("index.html", title: #"<script>"&amp;'"#)
        #expect(page.contains("<title>&lt;script&gt;\"&amp;amp;'</title>"))
        #expect(page.contains(#"aria-label="&lt;script&gt;&quot;&amp;amp;'""#))
        #expect(page.ranges(of: "<script>").count == 1)
    }

    @Test("the page loads nothing from elsewhere")
    func closed() {
        let page = text("index.html")
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src=\""))
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    }

    @Test("the page and the server know the names of all files of a film")
    func names() {
        let page = text("index.html")
        for name in ["film.json", "master.m3u8", "init.mp4", "track.mp4", ".m4s"] { #expect(page.contains("\(name)")) }
        let server = text("nginx.conf")
        for resource in FilmFixture.film().resources + FilmFixture.film(isSingleFile: true).resources {
            let ending = resource.key.split(separator: ".").last ?? ""
            #expect(server.contains(/types \{[^}]*\}/))
            #expect(server.contains(" \(ending)") || server.contains("\(ending);"), "\(resource.key)")
        }
    }
}
