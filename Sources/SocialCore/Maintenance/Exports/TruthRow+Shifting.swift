// A row at another time: all that carries a time, ids too, moves by the same amount, so that order, slots and
// uniqueness are kept.

extension TruthRow {
    /// The latest of the row's times; those at which something will expire do not count.
    var latestTime: Timestamp {
        switch self {
        case .account(let account): max(account.id.time, account.activeAt)
        case .formerAccount(let id): id.time
        case .handle(_, let account): account.time
        case .follow(let edge): edge.since
        case .post(let post): max(post.id.time, post.editedAt ?? post.id.time)
        case .version(let version): version.writtenAt
        case .tombstone(let id): id.time
        case .relation(let relation): relation.since
        case .operation(let operation): operation.account.time
        case .media(let media): media.id.time
        case .formerMedia(let id): id.time
        }
    }

    /// The row as if everything had happened so much later.
    ///
    /// - Throws: `badTime` when an id cannot carry its new time.
    func shifted(byMilliseconds amount: Int64) throws -> TruthRow {
        switch self {
        case .account(var account):
            account.id = try account.id.shifted(amount)
            account.profile.avatar = try account.profile.avatar?.shifted(amount)
            account.activeAt = account.activeAt.advanced(byMilliseconds: amount)
            return .account(account)
        case .formerAccount(let id): return .formerAccount(try id.shifted(amount))
        case .handle(let key, let account): return .handle(key: key, account: try account.shifted(amount))
        case .follow(let edge):
            return .follow(
                FollowRecord(
                    follower: try edge.follower.shifted(amount), followee: try edge.followee.shifted(amount),
                    since: edge.since.advanced(byMilliseconds: amount)))
        case .post(var post):
            post.id = try post.id.shifted(amount)
            post.author = try post.author.shifted(amount)
            post.replyTo = try post.replyTo?.shifted(amount)
            post.repostOf = try post.repostOf?.shifted(amount)
            post.media = try post.media.map { try $0.shifted(amount) }
            post.expiresAt = post.expiresAt?.advanced(byMilliseconds: amount)
            post.editedAt = post.editedAt?.advanced(byMilliseconds: amount)
            return .post(post)
        case .version(var version):
            version.post = try version.post.shifted(amount)
            version.writtenAt = version.writtenAt.advanced(byMilliseconds: amount)
            return .version(version)
        case .tombstone(let id): return .tombstone(try id.shifted(amount))
        case .relation(let relation):
            return .relation(
                RelationRecord(
                    relation.kind, try relation.actor.shifted(amount), try relation.target.shifted(amount),
                    since: relation.since.advanced(byMilliseconds: amount)))
        case .operation(var operation):
            operation.account = try operation.account.shifted(amount)
            // A rename remembers whether it took place; all others what they made.
            if operation.verb != HandleClaim.verb {
                operation.result = try EntityID(rawValue: operation.result).shifted(amount).rawValue
            }
            return .operation(operation)
        case .media(var media):
            media.id = try media.id.shifted(amount)
            media.author = try media.author.shifted(amount)
            return .media(media)
        case .formerMedia(let id): return .formerMedia(try id.shifted(amount))
        }
    }
}

extension EntityIdentifier {
    /// The id with the same slot and sequence at another time.
    fileprivate func shifted(_ amount: Int64) throws -> Self {
        let time = time.advanced(byMilliseconds: amount)
        guard
            let raw = IdentityLayout.compose(time, slot, sequence: IdentityLayout.sequence(of: rawValue))
        else { throw StoreError(MintingError.outOfRange) }
        return Self(rawValue: raw)
    }
}
