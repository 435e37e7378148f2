// What must hold of a data directory whenever it is opened again, whatever happened to it before.

package import SocialCore

/// Examines a network after a fault.
package enum Checkup {
    /// Everything that is wrong; empty when all is well.
    ///
    /// - Parameters:
    ///   - isExpected: whether the truth that was found is one that may be there.
    package static func problems(of network: Network, _ isExpected: (Truth) -> String?) throws -> [String] {
        var problems: [String] = []
        let truth = try Truth(of: network)
        if let problem = isExpected(truth) { problems.append(problem) }
        problems += try differences(network, truth, "before the caches catch up")
        problems += try findings(network, "before the caches catch up")
        // What the next command does on its way out.
        try network.publish()
        problems += try differences(network, truth, "after the caches have caught up")
        problems += try findings(network, "after the caches have caught up")
        return problems
    }

    /// Runs further commands; everything that is wrong afterwards.
    package static func problemsGoingOn(_ network: Network) throws -> [String] {
        var problems: [String] = []
        let name = "later"
        for command in [
            NetworkCommand.createUser(name), .createUser("\(name)2"), .follow("ana", name), .follow(name, "ana"),
            .post(by: name, text: "still here", key: "later"), .post(by: name, text: "still here", key: "later"),
        ] {
            try command.run(on: network)
            try network.publish()
        }
        let truth = try Truth(of: network)
        if truth.posts.filter({ $0.text == "still here" }).count != 1 {
            problems.append("the post made afterwards is not there once")
        }
        problems += try differences(network, truth, "after further commands")
        try NetworkCommand.regenerate([], isFull: false).run(on: network)
        problems += try differences(network, truth, "after regenerating")
        problems += try findings(network, "after regenerating")
        for (effects, claims) in try network.router.gather({ (try $0.pendingEffects(), try $0.claims()) }) {
            if !effects.isEmpty || !claims.isEmpty { problems.append("left over: \(effects) \(claims)") }
        }
        return problems
    }

    private static func findings(_ network: Network, _ moment: String) throws -> [String] {
        let plan = Verification.Plan(isDeep: true)
        var findings = try network.verify(plan)
        if findings.contains(where: { $0.code == "search_index_damaged" }) {
            // A power cut may tear it, as nobody waits for its sync: then it is made again from the truth.
            try network.search.rebuild()
            findings = try network.verify(plan)
        }
        // Copies that lag or are missing are looked at, and mended, by whoever has some; and to a repair a disk that
        // fails looks like a damaged file, of which it then keeps what it has replaced.
        let expected = ["manifest_differs", "quarantined"]
        return findings.filter { !$0.code.hasPrefix("replica_") && !expected.contains($0.code) }.map {
            "\(moment): \($0.code) in \($0.place): \($0.message)"
        }
    }

    private static func differences(_ network: Network, _ truth: Truth, _ moment: String) throws -> [String] {
        try truth.accounts.compactMap { reader in
            let shown = try network.feeds.page(for: reader, limit: 40).map(\.post.id)
            let expected = truth.feed(of: reader, at: network.context.clock.now, limit: 40)
            return shown == expected ? nil : "\(moment): the feed of \(reader) is \(shown) and not \(expected)"
        }
    }
}
