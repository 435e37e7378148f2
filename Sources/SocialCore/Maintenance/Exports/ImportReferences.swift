// What rows of an export name must be there before them: an import looks, and says what is missing.

/// What rows name: accounts, as far as an import has come across them, and posts.
struct ImportReferences {
    /// What is wrong with a row that names something.
    struct Problem {
        var message: String
        /// Whether what it names was deleted here, or left out because something else has its place.
        var isIgnorable: Bool
        /// Whether an account's handle is another account's.
        var isTaken = false
    }

    private enum Presence {
        case present, deleted, leftOut, missing
    }

    let router: Router
    private var accounts: [UserID: Presence] = [:]
    /// Who has the handles of the accounts that come next; nil: nobody.
    private var owners: [String: UserID?] = [:]
    /// The posts that the rows name which come next.
    private var posts: Set<PostID> = []

    init(router: Router) { self.router = router }

    /// Looks for everything that rows name which come next, and before which nothing is written.
    mutating func look(for rows: some Sequence<ExportRow>) throws {
        var (handles, wanted, posts): ([String], Set<UserID>, Set<PostID>) = ([], [], [])
        for case .truth(let row) in rows {
            switch row {
            case .account(let account): handles.append(account.handle.key)
            case .formerAccount, .tombstone, .formerMedia: break
            case .handle(_, let account): wanted.insert(account)
            case .operation(let operation): wanted.insert(operation.account)
            case .follow(let edge): wanted.formUnion([edge.follower, edge.followee])
            case .post(let post): wanted.insert(post.author)
            case .media(let media): wanted.insert(media.author)
            case .relation(let relation):
                wanted.insert(relation.actor)
                if !relation.kind.isTowardsPost { wanted.insert(UserID(rawValue: relation.target.rawValue)) }
            case .version(let version): posts.insert(version.post)
            }
        }
        owners = [:]
        for found in try router.gather(
            handles, slot: { Slot(ofKey: $0) }, many: { zip($1, try $0.owners(ofKeys: $1)).map { ($0, $1) } })
        {
            for (key, owner) in found { owners[key] = .some(owner) }
        }
        let unknown = wanted.filter { accounts[$0] == nil }.sorted()
        for found in try router.gather(unknown, slot: \.slot, many: { try $0.living($1) }) {
            for account in found { accounts[account] = .present }
        }
        self.posts = try router.gather(posts.sorted(), slot: \.slot, many: { try $0.present($1) })
            .reduce(into: []) { $0.formUnion($1) }
    }

    /// What is wrong with what a row names, which has been written before.
    mutating func problem(of row: ExportRow) throws -> Problem? {
        switch row {
        case .truth(let row): return try problem(of: row)
        case .record(.attribute(let record)): return try problem(of: record.account)
        case .record(.message(let message, _, _)): return try message.account.flatMap { try problem(of: $0) }
        case .record: return nil
        }
    }

    private mutating func problem(of row: TruthRow) throws -> Problem? {
        switch row {
        case .account(let account): return try problem(ofHandleOf: account)
        case .formerAccount, .tombstone, .formerMedia: return nil
        // Handles stay reserved, and what was done under a key is remembered, when the account is gone.
        case .handle(_, let account): return try problem(of: account, mayBeDeleted: true)
        case .operation(let operation): return try problem(of: operation.account, mayBeDeleted: true)
        case .follow(let edge): return try problem(of: edge.follower) ?? problem(of: edge.followee)
        case .post(let post):
            if post.replyTo == post.id || post.repostOf == post.id {
                return Problem(message: "the post \(post.id) cannot answer itself", isIgnorable: false)
            }
            return try problem(of: post.author)
        case .media(let media): return try problem(of: media.author)
        case .relation(let relation):
            if let problem = try problem(of: relation.actor) { return problem }
            return relation.kind.isTowardsPost ? nil : try problem(of: UserID(rawValue: relation.target.rawValue))
        case .version(let version):
            let isThere =
                try posts.contains(version.post)
                || router.read(version.post.slot) { try $0.post(version.post) != nil }
            return isThere ? nil : Problem(message: "there is no post \(version.post)", isIgnorable: true)
        }
    }

    private mutating func problem(of account: UserID, mayBeDeleted: Bool = false) throws -> Problem? {
        switch try presence(of: account) {
        case .present: nil
        case .deleted where mayBeDeleted: nil
        case .deleted: Problem(message: "the account \(account) has been deleted", isIgnorable: true)
        case .leftOut: Problem(message: "the account \(account) was left out", isIgnorable: true)
        case .missing: Problem(message: "there is no account \(account)", isIgnorable: false)
        }
    }

    /// What is wrong with an account whose handle may be somebody else's here.
    private mutating func problem(ofHandleOf account: AccountRecord) throws -> Problem? {
        let key = account.handle.key
        let owner = try owners[key] ?? router.read(Slot(of: account.handle)) { try $0.owner(ofKey: key) }
        guard let owner, owner != account.id else { return nil }
        accounts[account.id] = .leftOut
        return Problem(
            message: "the handle \"\(account.handle)\" is another account's", isIgnorable: true, isTaken: true)
    }

    private mutating func presence(of account: UserID) throws -> Presence {
        if let presence = accounts[account] { return presence }
        let presence = try router.read(account.slot) { reader in
            if try reader.account(account) != nil { return Presence.present }
            return try reader.isFormer(account) ? .deleted : .missing
        }
        accounts[account] = presence
        return presence
    }
}
