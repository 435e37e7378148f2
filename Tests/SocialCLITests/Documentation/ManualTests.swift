// The man pages that are checked in are those of the declarations, and mandoc has nothing to say about them. With
// `RECORD=1` in the environment the pages are written afresh instead.

import CommandSpec
import Foundation
import SocialCLI
import TestKit
import Testing

@Suite("Manual")
struct ManualTests {
    private static let pages = SocialSpecification.specification.manualPages()

    @Test("the pages in man are those that the declarations give")
    func pages() throws {
        let files = Dictionary(uniqueKeysWithValues: Self.pages.map { ($0.fileName, $0.text) })
        #expect(files.count > 15)
        #expect(try Generated.differences(files, in: "man") == [])
    }

    @Test("every word that a line may begin with, and every guide, has a page")
    func completeness() {
        let specification = SocialSpecification.specification
        let words = specification.nouns.map(\.name) + specification.verbs.filter { !$0.isHidden }.map(\.verb)
        for word in words { #expect(Self.pages.contains { $0.fileName == "social-\(word).1" }, "\(word)") }
        for name in ["social.1", "social-data.5", "social-formats.7", "social-exit-codes.7"] {
            #expect(Self.pages.contains { $0.fileName == name })
        }
        #expect(!Self.pages.contains { $0.text.contains("__complete") })
    }

    @Test("mandoc finds nothing to warn about", .enabled(if: Shell.has("mandoc")))
    func lint() throws {
        let outcome = try Shell.run(
            "mandoc -Tlint -Wwarning \(Repository.path("man"))/*", in: FileManager.default.temporaryDirectory.path)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("a page shows what was declared, as mandoc sets it", .enabled(if: Shell.has("mandoc")))
    func rendering() throws {
        let outcome = try Shell.run(
            "mandoc -Tutf8 \(Repository.path("man"))/social-post.1 | sed 's/.\\x08//g'",
            in: FileManager.default.temporaryDirectory.path)
        #expect(outcome.output.contains("social post create 'hello, world' --by ana"))
        #expect(outcome.output.contains("Give exactly one of TEXT, --text, --file."))
    }
}
