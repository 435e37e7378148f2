// The page of the server is one file that needs nothing else, and runs nothing but its own script.

import Crypto
import Foundation
import Testing

@testable import SocialServe

@Suite("The page")
struct SitePageTests {
    private let html = String(decoding: SitePage.bytes, as: UTF8.self)

    /// What stands between the tags of an element.
    private func inside(_ element: String) -> [String] {
        html.components(separatedBy: "<\(element)>").dropFirst().map { $0.components(separatedBy: "</\(element)>")[0] }
    }

    @Test("it comes with a policy that names the hashes of its only style and its only script")
    func policy() throws {
        for element in ["style", "script"] {
            let found = inside(element)
            #expect(found.count == 1)
            let hash = Data(SHA256.hash(data: Data(found[0].utf8))).base64EncodedString()
            #expect(SitePage.policy.contains("\(element)-src 'sha256-\(hash)';"))
        }
        #expect(!SitePage.policy.contains("unsafe"))
        let served = try ServedWorld()
        let answer = try served.get("/")
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/html; charset=utf-8")
        #expect(answer["content-security-policy"] == SitePage.policy)
        #expect(answer.text == html)
    }

    @Test("nothing in it is loaded from elsewhere, and nothing stands in its tags that the policy forbids")
    func isAlone() throws {
        let markup = html.replacingOccurrences(of: inside("style")[0], with: "")
            .replacingOccurrences(of: inside("script")[0], with: "")
        for forbidden in ["\\son[a-z]+=", "\\sstyle=", "\\ssrc=", "href=\"https?:", "<iframe", "<object", "<form"] {
            #expect(markup.range(of: forbidden, options: .regularExpression) == nil, "\(forbidden)")
        }
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
            #expect(!inside("script")[0].contains(forbidden), "\(forbidden)")
        }
        #expect(!inside("style")[0].contains("url(") && !inside("style")[0].contains("@import"))
    }
}
