// The oracle of inboxes: after any operations, what is read ≡ the definition ≡ what is made again from the truth,
// whichever way the view was kept, on any number of shards.

import TestKit
import Testing

@testable import SocialCore

@Suite("Notifications agree with their definition")
struct NotificationModelTests {
    private static let steps = TestRun.times(40)

    /// What readers of one world have marked and want.
    private final class Readers {
        var wishes: [UserID: NaiveInbox.Wishes] = [:]
        var lines = 0
        var marked = 0
    }

    @Test("After any operations, on any number of shards", arguments: [1, 4], Placement.allCases)
    func oracle(shards: Int, placement: Placement) throws {
        let world = try FeedWorld(
            shards: shards, placement: placement, chance: Chance("inboxes on \(shards) by \(placement)"),
            hasTwin: false)
        world.leavesHalfDone = true
        let readers = Readers()
        for _ in 0..<6 { try world.createAccount() }
        for step in 0..<Self.steps {
            let note = "step \(step), \(shards) shards, seed \(world.chance.seed)"
            try turn(world)
            for _ in 0..<2 { try wish(world, readers) }
            try expectInboxes(world, world.network, readers, note)
            if world.chance.isOne(in: 10) {
                try world.regenerate()
                #expect(try world.network.notifications.problem() == nil, "\(note)")
            }
            if world.chance.isOne(in: 10) { try lookElsewhere(world, readers, note) }
        }
        try world.regenerate()
        #expect(try world.network.verify() == [])
        #expect(readers.lines > 20 && readers.marked > 0, "seed \(world.chance.seed)")
    }

    private func turn(_ world: FeedWorld) throws {
        switch world.chance.below(20) {
        case 0, 1: try world.reopen()
        case 2:
            world.now = world.now.advanced(byMilliseconds: Int64(world.chance.below(20)) * 40_000_000)
            world.network.context = world.context
        case 3:
            world.network.router.beginGroup()
            for _ in 0..<world.chance.below(8) { try world.change() }
            if world.chance.isOne(in: 2) { try world.network.router.flushGroup() }
            try world.network.router.endGroup()
        case 4: try? FileSystem().remove(world.directory.file("data/notifications.sqlite"))
        case 5: try world.network.notifications.rebuild()
        default: for _ in 0...world.chance.below(5) { try world.change() }
        }
    }

    /// Other ways of reading: from a group that is not committed, in a dry run, in a process of its own.
    private func lookElsewhere(_ world: FeedWorld, _ readers: Readers, _ note: String) throws {
        var context = world.context
        context.isDryRun = true
        let dry = try Network(opening: world.directory.file("data"), context: context)
        try expectInboxes(world, dry, readers, "\(note), in a dry run")
        try expectInboxes(world, try world.opened(isLongRunning: true), readers, "\(note), in another process")
        world.network.router.beginGroup()
        for _ in 0..<3 { try world.change() }
        try expectInboxes(world, world.network, readers, "\(note), in a group")
        try world.network.router.endGroup()
    }

    /// Somebody marks something, or wants something else.
    private func wish(_ world: FeedWorld, _ readers: Readers) throws {
        guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
        let notifications = world.network.notifications
        let naive = try NaiveInbox(world.network, now: world.now)
        var wishes = readers.wishes[reader] ?? NaiveInbox.Wishes()
        defer { readers.wishes[reader] = wishes }
        let lines = naive.lines(of: reader, wishes)
        let left = { naive.lines(of: reader, wishes).count { $0.unread > 0 } }
        switch world.chance.below(8) {
        case 0...2:
            guard let line = world.chance.one(of: lines), let id = NotificationID(line.id) else { return }
            let marking = try notifications.markRead([id], of: reader)
            if line.unread > 0 { wishes.single[line.id] = naive.newest(line.id, of: reader) }
            #expect(marking == .init(isChanged: line.unread > 0, unread: left()))
            readers.marked += 1
        case 3:
            guard let line = world.chance.one(of: lines), let id = NotificationID(line.id) else { return }
            let cursor = NotificationCursor(Timestamp(milliseconds: line.time), id)
            let marking = try notifications.markRead(until: cursor, of: reader)
            let isChanged = line.time > wishes.all
            wishes.all = max(wishes.all, line.time)
            #expect(marking == .init(isChanged: isChanged, unread: left()))
        case 4:
            let kind = world.chance.one(of: ["like", "follow", "mention"]) ?? "like"
            let isOff = wishes.off.contains(kind)
            if isOff { wishes.off.remove(kind) } else { wishes.off.insert(kind) }
            let changed = try notifications.setPreferences(of: reader) { preferences in
                guard let kind = NotificationKind(rawValue: kind) else { return }
                if isOff { preferences.kinds.insert(kind) } else { preferences.kinds.remove(kind) }
            }
            #expect(changed.isNew)
        case 5:
            guard let post = world.chance.one(of: world.recent) else { return }
            let isNew = wishes.mutedPosts.insert(post).inserted
            if !isNew { wishes.mutedPosts.remove(post) }
            _ = try notifications.setPreferences(of: reader) { $0.mutedPosts = wishes.mutedPosts }
        case 6:
            guard let other = world.chance.one(of: world.model.accounts)?.id else { return }
            wishes.mutedAccounts = wishes.mutedAccounts.isEmpty ? [other] : []
            _ = try notifications.setPreferences(of: reader) { $0.mutedAccounts = wishes.mutedAccounts }
        default: return
        }
    }

    private func expectInboxes(_ world: FeedWorld, _ network: Network, _ readers: Readers, _ note: String) throws {
        let naive = try NaiveInbox(network, now: world.now)
        let notifications = network.notifications
        for reader in naive.readers {
            let wishes = readers.wishes[reader] ?? NaiveInbox.Wishes()
            var selection = Notifications.Selection()
            selection.isUngrouped = world.chance.isOne(in: 3)
            selection.isUnread = world.chance.isOne(in: 3)
            let lines = naive.lines(of: reader, wishes, isUngrouped: selection.isUngrouped)
                .filter { !selection.isUnread || $0.unread > 0 }
            readers.lines += lines.count
            var found: [NaiveInbox.Line] = []
            var cursor: NotificationCursor?
            let limit = world.chance.isOne(in: 2) ? .max : 1 + world.chance.below(5)
            while true {
                let page = try notifications.page(for: reader, selection, after: cursor, limit: limit)
                found += page.map { NaiveInbox.Line($0) }
                guard page.count == limit, let last = page.last else { break }
                cursor = NotificationCursor(last.cursor.description)
                try #require(cursor == last.cursor)
            }
            try #require(found == lines, "\(note), \(selection), pages of \(limit)")
            if !selection.isUngrouped { #expect(try notifications.count(for: reader, selection) == lines.count) }
        }
    }
}
