// What people of a world do to each other and to themselves: blocks, mutes, reposts, likes, edits, other handles and
// the end; whole, or left half done as by a process that was killed.

import TestKit
import Testing

@testable import SocialCore

extension FeedWorld {
    /// One of the changes that reach beyond a single row.
    func changeFurther() throws {
        switch chance.below(20) {
        case 0...2: try block()
        case 3: try unblock()
        case 4, 5: try mute()
        case 6: try unmute()
        case 7...11: try repost()
        case 12, 13: try like()
        case 14: try edit()
        case 15, 16: try rename()
        case 17: try createAccount("v\(chance.below(8))")
        case 18: if model.accounts.count > 4 { try deleteAccount() }
        default: try follow()
        }
    }

    private var isHalfDone: Bool { leavesHalfDone && chance.isOne(in: 3) }

    private func two() -> (AccountRecord, AccountRecord)? {
        guard let one = chance.one(of: model.accounts), let other = chance.one(of: model.accounts), one != other else {
            return nil
        }
        return (one, other)
    }

    // MARK: Blocks and mutes

    private func block() throws {
        guard let (one, other) = two() else { return }
        let isNew = model.blocks.insert(.init(one.id, other.id)).inserted
        let sever = NaiveNetwork.Pair(other.id, one.id)
        if isNew {
            model.follows[one.id]?.remove(other.id)
            model.severs.insert(sever)
        }
        if isHalfDone {
            let relation = RelationRecord(.block, one.id, other.id, since: now)
            #expect(
                try both { _, graph, _ in try graph.router.write(one.id.slot) { try $0.relate(relation) } } == isNew)
        } else {
            #expect(try both { _, graph, _ in try graph.relate(.block, one, other) } == isNew)
            settle(sever)
        }
    }

    private func unblock() throws {
        guard let pair = chance.one(of: model.blocks.sorted { ($0.actor, $0.target) < ($1.actor, $1.target) }),
            let one = model.accounts.first(where: { $0.id == pair.actor }),
            let other = model.accounts.first(where: { $0.id == pair.target })
        else { return }
        model.blocks.remove(pair)
        settle(NaiveNetwork.Pair(other.id, one.id))
        #expect(try both { _, graph, _ in try graph.unrelate(.block, one, other) })
        #expect(try both { _, graph, _ in try !graph.unrelate(.block, one, other) })
    }

    private func settle(_ sever: NaiveNetwork.Pair) {
        if model.severs.remove(sever) != nil { model.follows[sever.actor]?.remove(sever.target) }
    }

    private func mute() throws {
        guard let (one, other) = two() else { return }
        let isNew = model.mutes.insert(.init(one.id, other.id)).inserted
        #expect(try both { _, graph, _ in try graph.relate(.mute, one, other) } == isNew)
    }

    private func unmute() throws {
        let all = model.mutes.sorted { ($0.actor, $0.target) < ($1.actor, $1.target) }
        guard let (one, other) = two() else { return }
        let pair = chance.one(of: all) ?? .init(one.id, other.id)
        let wasThere = model.mutes.remove(pair) != nil
        let record = model.accounts.first { $0.id == pair.target }
        guard let actor = model.accounts.first(where: { $0.id == pair.actor }), let target = record else {
            if wasThere { model.mutes.insert(pair) }
            return
        }
        #expect(try both { _, graph, _ in try graph.unrelate(.mute, actor, target) } == wasThere)
    }

    // MARK: Posts

    private func repost() throws {
        guard let author = chance.one(of: model.accounts), let id = chance.one(of: recent) else { return }
        let target = model.reachable(id, for: author.id, now)
        let made = try attempt { _, _, posts in
            let made = try posts.repost(id, by: author)
            return [made.value.id.rawValue, made.isNew ? 1 : 0]
        }
        #expect(made.refusal == target.refusal, "seed \(chance.seed)")
        guard let result = made.result, let original = target.post else { return }
        let earlier = model.posts.first { $0.value.author == author.id && $0.value.repostOf == original }
        #expect(result[1] == (earlier == nil ? 1 : 0) && earlier.map { $0.key.rawValue == result[0] } ?? true)
        let repost = PostID(rawValue: result[0])
        model.posts[repost] = PostRecord(id: repost, author: author.id, text: "", repostOf: original)
    }

    private func like() throws {
        guard let actor = chance.one(of: model.accounts), let id = chance.one(of: recent) else { return }
        if chance.isOne(in: 4) {
            let target = model.posts[id]?.repostOf ?? id
            let wasThere = model.likes[target]?.remove(actor.id) != nil
            #expect(try both { _, _, posts in try posts.unlike(id, by: actor.id) } == wasThere)
            return
        }
        let target = model.reachable(id, for: actor.id, now)
        let made = try attempt { _, _, posts in try posts.like(id, by: actor.id).isNew }
        #expect(made.refusal == target.refusal, "seed \(chance.seed)")
        if let post = target.post {
            #expect(made.result == model.likes[post, default: []].insert(actor.id).inserted)
        }
    }

    private func edit() throws {
        guard let id = chance.one(of: recent) else { return }
        let text = "edited \(chance.below(3)) \(words)"
        let found = try attempt { _, _, posts in try posts.edit(id, text: text).value }
        let post = model.posts[id]
        let hasExpired = post?.isExpired(at: now) == true
        #expect(found.refusal == (hasExpired ? "no_such_post" : post?.repostOf == nil ? nil : "is_repost"))
        if found.refusal == nil { model.posts[id]?.text = text }
    }

    // MARK: Accounts

    func createAccount(_ name: String) throws {
        let handle = try Handle(name)
        if model.handles[handle.key] == nil { model.settleClaim(handle.key) }
        let made = try attempt { accounts, _, _ in try accounts.create(AccountDraft(handle: handle)).value }
        guard let owner = model.handles[handle.key] else {
            let account = try #require(made.result, "seed \(chance.seed)")
            model.handles[handle.key] = account.id
            model.accounts.append(account)
            return
        }
        let present = model.accounts.first { $0.id == owner && $0.handle.display == name }
        #expect(made.result?.id == present?.id && (made.refusal == nil) == (present != nil), "seed \(chance.seed)")
    }

    private func rename() throws {
        guard let account = chance.one(of: model.accounts) else { return }
        let isOld = chance.isOne(in: 4)
        let old = chance.one(of: model.handles.filter { $0.value == account.id }.keys.sorted())
        let name = (isOld ? old : nil) ?? "v\(chance.below(8))"
        let handle = try Handle(chance.isOne(in: 4) ? name.uppercased() : name)
        if isHalfDone { return try renameHalf(account, handle) }
        let isSame = account.handle.display == handle.display
        if !isSame, model.handles[handle.key] == nil { model.settleClaim(handle.key) }
        let found = try attempt { accounts, _, _ in try accounts.rename(account, to: handle).value.handle.display }
        let owner = model.handles[handle.key] ?? account.id
        guard isSame || owner == account.id else {
            #expect(found.refusal == "handle_taken", "seed \(chance.seed)")
            return
        }
        #expect(found.result == handle.display, "seed \(chance.seed)")
        if !isSame { give(handle, to: account.id) }
    }

    /// A rename whose process is killed after the claim, or after the account took the handle.
    private func renameHalf(_ account: AccountRecord, _ handle: Handle) throws {
        let isTaken = chance.isOne(in: 2)
        let number = Int64(chance.next() >> 1)
        let claim = HandleClaim(key: handle.key, account: account.id, operation: number)
        let claimed = try attempt { accounts, _, _ in
            try accounts.router.write(Slot(of: handle)) { try $0.claimHandle(claim) }
        }
        let owner = model.handles[handle.key]
        let isRefused = owner.map { $0 != account.id } ?? (model.claims[handle.key] != nil)
        #expect((claimed.refusal != nil) == isRefused, "seed \(chance.seed)")
        if isRefused { return }
        if owner == nil { model.claims[handle.key] = .init(account: account.id, isTaken: isTaken) }
        guard isTaken else { return }
        try both { accounts, _, _ in
            try accounts.router.write(account.id.slot) { try $0.rename(account.id, to: handle, operation: number) }
        }
        setHandle(handle, of: account.id)
    }

    private func give(_ handle: Handle, to id: UserID) {
        model.handles[handle.key] = id
        setHandle(handle, of: id)
    }

    private func setHandle(_ handle: Handle, of id: UserID) {
        for index in model.accounts.indices where model.accounts[index].id == id {
            model.accounts[index].handle = handle
        }
    }

    private func deleteAccount() throws {
        guard let account = chance.one(of: model.accounts) else { return }
        let id = account.id
        model.removeAccount(id)
        if isHalfDone {
            #expect(
                try both { accounts, _, _ in try accounts.router.write(id.slot) { try $0.deleteAccount(id) }?.id } == id
            )
        } else {
            #expect(try both { accounts, _, _ in try accounts.delete(account.handle).isDeleted })
            model.removeTraces(of: id)
        }
        #expect(try both { accounts, _, _ in try accounts.router.write(id.slot) { try $0.deleteAccount(id) } } == nil)
    }
}
