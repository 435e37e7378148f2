// Pages that are kept are those that would be made, whatever happens between two looks.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Kept pages")
struct PageCacheTests {
    @Test("a page of a feed is at any time what the command prints")
    func model() throws {
        let served = try ServedWorld()
        let chance = Chance("kept pages")
        var handles = ["ana", "bob", "cleo", "dan"]
        for handle in handles.dropFirst(2) { served.world.run(["user", "create", handle]) }
        for one in handles {
            for other in handles where one != other { served.world.run(["follow", "add", one, other]) }
        }
        let tokens = try handles.map { try served.token($0) }
        var looks = 0
        for step in 0..<TestRun.times(120) {
            let posts = served.world.run("post list --limit 12 --format ids").text.split(separator: "\n").map(
                String.init)
            let (one, other) = (handles[chance.below(handles.count)], handles[chance.below(handles.count)])
            let post = chance.one(of: posts) ?? "1"
            let change: [String] =
                switch chance.below(100) {
                case 0..<30: ["post", "create", "post \(step)", "--by", one]
                case 30..<40: ["post", "like", post, "--by", one]
                case 40..<44: ["post", "unlike", post, "--by", one]
                case 44..<54: ["post", "repost", post, "--by", one]
                case 54..<60: ["post", "create", "answer \(step)", "--by", one, "--reply-to", post]
                case 60..<65: ["post", "edit", post, "edited \(step)"]
                case 65..<68: ["post", "delete", post]
                case 68..<75: ["follow", "remove", one, other]
                case 75..<84: ["follow", "add", one, other]
                case 84..<87: ["follow", "mute", one, other]
                case 87..<90: ["follow", "unmute", one, other]
                case 90..<92: ["follow", "block", one, other]
                case 92..<95: ["follow", "unblock", one, other]
                case 95..<97: ["user", "update", one, "--bio", "bio \(step)"]
                default: ["user", "rename", one, "\(one.prefix(3))\(step)"]
                }
            let outcome = served.world.run(change)
            if change[1] == "rename", outcome.status == 0, let place = handles.firstIndex(of: one) {
                handles[place] = change[3]
            }
            let reader = chance.below(handles.count)
            let first = try compare(served, handles[reader], tokens[reader], after: nil)
            if let last = first, chance.percent(50) {
                _ = try compare(served, handles[reader], tokens[reader], after: last)
            }
            looks += 1
        }
        let hits = try served.get("/metrics").text.split(separator: "\n").first {
            $0.contains("hits_total{cache=\"pages\"}")
        }
        #expect(hits.flatMap { Int($0.split(separator: " ")[1]) } ?? 0 > looks / 10, "\(hits ?? "") of \(looks)")
    }

    /// Compares a page; the cursor at its end, if it has one.
    private func compare(_ served: ServedWorld, _ handle: String, _ token: String, after: String?) throws -> String? {
        let answer = try served.get("/v1/feed?limit=4\(after.map { "&after=\($0)" } ?? "")", token: token)
        let printed = served.world.run(
            ["feed", "show", handle, "--json", "--limit", "4"] + (after.map { ["--after", $0] } ?? [])
        ).output
        // Where a post was found depends on who looks when.
        let rows = try [answer.body, printed].map { bytes in
            try JSONReader.parse(bytes).array?.map { $0.object?.filter { $0.key != "why" } }
        }
        #expect(rows[0] == rows[1], "\(handle) after \(after ?? "nothing")")
        return answer.json.array?.count == 4 ? answer.json.array?.last?["cursor"]?.string : nil
    }
}
