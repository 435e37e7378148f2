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
        for shard in router.shards {
            let (effects, claims) = try router.read(shard: shard) { (try $0.pendingEffects(), try $0.claims()) }
            for effect in effects { try settle(effect, of: shard) }
            for claim in claims { try settle(claim) }
            count += effects.count + claims.count
        }
        return count
    }

    /// Does what an account's shard has pending because of it.
    package func settle(_ effect: PendingEffect, from account: UserID) throws {
        try settle(effect, of: router.shard(of: account.slot))
    }

    private func settle(_ effect: PendingEffect, of origin: Int) throws {
        switch effect {
        case .sever(let follower, let followee):
            _ = try router.write(follower.slot) { try $0.unfollow(follower, followee) }
        case .remove(let account):
            for shard in router.shards {
                while try !router.write(
                    shard: shard, { try $0.removeTraces(of: account, limit: Limits.removalBatchRows) })
                {}
            }
        }
        try router.write(shard: origin) { try $0.finish(effect) }
    }

    /// Ends a rename that someone else has begun: confirms it when it took place, or calls it off.
    package func settle(_ claim: HandleClaim) throws {
        let isOff = try router.write(claim.account.slot) { writer in
            // A deleted account takes no new handle.
            guard try writer.account(claim.account) != nil else { return true }
            return try writer.callOffRename(of: claim.account, operation: claim.operation)
        }
        try router.write(Slot(ofKey: claim.key)) { try $0.settle(claim, isConfirmed: !isOff) }
    }
}
