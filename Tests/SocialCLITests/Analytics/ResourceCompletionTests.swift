// What completion offers where a resource or a kind of access is wanted.

import TestKit
import Testing

@Suite("Completion of resources")
struct ResourceCompletionTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    private func candidates(_ line: String) -> [String] {
        let outcome = world.run(["__complete", "social \(line)"])
        return outcome.text.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
    }

    @Test("first come the types, then what there is of one")
    func resources() {
        #expect(
            candidates("analytics count ") == ["post/", "user/", "media/", "video/", "tag/", "search/"])
        #expect(candidates("analytics count u") == ["user/ana", "user/bob"])
        #expect(candidates("analytics series --resource=user/b") == ["--resource=user/bob"])
        let posts = candidates("analytics count post/")
        #expect(posts.count == 2 && posts.allSatisfy { $0.hasPrefix("post/") })
        #expect(candidates("analytics count /about") == [])
    }

    @Test("kinds are those that the program counts")
    func kinds() {
        #expect(candidates("analytics top --kind do") == ["download"])
        #expect(candidates("analytics record / --kind=v") == ["--kind=view"])
    }
}
