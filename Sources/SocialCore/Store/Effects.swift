// What a change on one shard still has to do on others: done by the command itself on its way out, or by whoever comes
// by after it was killed. Each effect does the same when it is done twice.

/// The settling of what one shard owes to others.
package struct Effects {
    let router: Router

    /// The effects behind a router.
    package init(router: Router) { self.router = router }

    /// Does whatever is pending anywhere, and ends renames that were left half done: how many there were.
    package func settleAll() throws -> Int {
        var count = 0
        let all = try router.gather { (try $0.pendingEffects(), try $0.claims()) }
        for (effects, claims) in all {
            for effect in effects { try carryOut(effect) }
            for claim in claims { try settle(claim) }
            count += effects.count + claims.count
        }
        return count
    }

    /// Does what an account's shard has pending because of it; nothing when someone else has done it.
    package func settle(_ effect: PendingEffect) throws {
        guard try router.read(effect.origin.slot, { try $0.pendingEffects() }).contains(effect) else { return }
        try carryOut(effect)
    }

    private func carryOut(_ effect: PendingEffect) throws {
        let origin = router.shard(of: effect.origin.slot)
        switch effect {
        case .sever(let follower, let followee):
            guard try router.read(follower.slot, { try $0.follow(follower, followee) }) != nil else { break }
            try inOrder(origin, [router.shard(of: follower.slot)]) {
                _ = try router.write(follower.slot) { try $0.unfollow(follower, followee) }
            }
        case .remove(let account):
            try inOrder(origin, router.shards) {
                try router.repeating {
                    for shard in router.shards {
                        while try !router.write(
                            shard: shard, { try $0.removeTraces(of: account, limit: Limits.removalBatchRows) })
                        {}
                    }
                }
            }
        }
        // It may have moved meanwhile, with the slot of the account.
        try router.write(effect.origin.slot) { try $0.finish(effect) }
    }

    /// Runs a block that writes on some shards because of what one has decided.
    ///
    /// The shards of a group commit one after the other. So what was decided is made durable before what follows from
    /// it, and that before it is forgotten that it had to be done.
    private func inOrder(_ origin: Int, _ others: [Int], _ body: () throws -> Void) throws {
        let isSplit = others.contains { $0 != origin }
        if isSplit { try router.flushGroup() }
        try body()
        if isSplit { try router.flushGroup() }
    }

    /// Ends a rename that someone else has begun: confirms it when it took place, or calls it off.
    package func settle(_ claim: HandleClaim) throws {
        let (account, handle) = (claim.account.slot, Slot(ofKey: claim.key))
        let isOff = try router.write(account) {
            try $0.callOffRename(of: claim.account, operation: claim.operation)
        }
        try router.keepOrder(of: account, before: handle)
        try router.write(handle) { try $0.settle(claim, isConfirmed: !isOff) }
    }
}
