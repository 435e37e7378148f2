// One reader's inbox as it is read: the view says who did what, and the truth what of it is still to be seen. What
// somebody has done whom the reader does not see, or to a post that is gone, is neither shown nor counted.

/// What a reader sees of the view.
struct Inbox {
    let notifications: Notifications
    let reader: UserID
    let selection: Notifications.Selection
    /// Accounts of which nothing is told.
    private let hidden: Set<UserID>
    private let preferences: NotificationPreferences
    private let marks: NotificationMarks
    private let kinds: Set<NotificationKind>
    private let now: Timestamp
    private let floor: Timestamp
    /// Whether it is looked up who did something.
    var namesActors = true

    /// - Parameter marks: what has been read; nil looks it up.
    init(
        _ notifications: Notifications, _ reader: UserID, _ selection: Notifications.Selection,
        _ marks: NotificationMarks? = nil
    ) throws {
        self.notifications = notifications
        self.reader = reader
        self.selection = selection
        let graph = notifications.graph
        preferences = try notifications.preferences(of: reader)
        self.marks = try marks ?? NotificationMarks(notifications.attributes.all(.readMark, of: reader))
        let muted = try graph.relations(.mute, of: reader).map { UserID(rawValue: $0.target.rawValue) }
        hidden = try graph.hidden(from: reader).union(muted).union(preferences.mutedAccounts)
        kinds = selection.kinds ?? preferences.kinds
        now = notifications.context.clock.now
        floor = NotificationView.floor(at: now)
    }

    // MARK: Pages

    /// The notifications behind a place.
    func page(
        _ inboxes: InboxTransaction, after cursor: NotificationCursor?, limit: Int
    ) throws -> [Notification] {
        var found: [Notification] = []
        // Those that were found and may come behind others that were not.
        var held = try others().filter { isBehind($0, cursor) }
        // What is hidden may have made a group look newer than it is, so that it stands further down than where the
        // view has it; and an item may stand far below the newest of its group.
        let isPlain = hidden.isEmpty && !selection.isUngrouped
        var place = isPlain ? cursor.map(group) : nil
        while found.count < limit {
            let groups = try inboxes.groups(of: reader, after: place, limit: Limits.notificationGroups)
            let isLast = groups.count < Limits.notificationGroups || groups.last.map { $0.newest < floor } ?? true
            held += try seen(groups, inboxes, after: cursor, limit: limit).filter { isBehind($0, cursor) }
            held.sort { $0.cursor < $1.cursor }
            let bound = isLast ? nil : groups.last.map { NotificationCursor($0.newest, NotificationID($0.key)) }
            let count = bound.map { bound in held.prefix { $0.cursor <= bound }.count } ?? held.count
            found += held.prefix(min(count, limit - found.count))
            held.removeFirst(count)
            if isLast { break }
            place = groups.last
        }
        return try withActors(found)
    }

    private func isBehind(_ notification: Notification, _ cursor: NotificationCursor?) -> Bool {
        cursor.map { $0 < notification.cursor } ?? true
    }

    /// The place in the view of a place in the list.
    private func group(_ cursor: NotificationCursor) -> InboxGroup {
        // What the view does not keep comes behind everything of the same time that it does.
        let key = cursor.id.group(of: reader) ?? InboxGroup.Key(reader, .follow, .max, day: .max)
        return InboxGroup(key, count: 0, newest: cursor.time)
    }

    /// One notification; nil when there is nothing of it to be seen.
    func notification(_ id: NotificationID, _ inboxes: InboxTransaction) throws -> Notification? {
        guard let key = id.group(of: reader) else { return try others().first { $0.id == id } }
        guard let group = try inboxes.group(key) else { return nil }
        return try seen([group], inboxes, after: nil, limit: 1).first
    }

    /// What was done just now, by itself; nil when it is not to be seen.
    func notification(_ match: NotificationMatcher.Match) throws -> Notification? {
        guard kinds.contains(match.id.kind), !hidden.contains(match.actor), match.time >= floor else { return nil }
        if let id = match.id.post {
            guard let post = try notifications.posts.records(of: [id])[0], !post.isExpired(at: now), try !isMuted(post)
            else { return nil }
        }
        var notification = Notification(id: match.id, time: match.time, newest: match.time, post: match.id.post)
        notification.people = [match.actor]
        notification.unread = match.time > marks.time(of: match.id) ? 1 : 0
        return try withActors([notification]).first { !$0.actors.isEmpty }
    }

    // MARK: Groups

    /// What is to be seen of some groups.
    private func seen(
        _ groups: [InboxGroup], _ inboxes: InboxTransaction, after cursor: NotificationCursor?, limit: Int
    ) throws -> [Notification] {
        let groups = groups.filter { group in
            let id = NotificationID(group.key)
            guard group.newest >= floor, kinds.contains(id.kind) else { return false }
            return !selection.isUnread || group.newest > marks.time(of: id)
        }
        let ids = groups.map { PostID(rawValue: $0.key.subject) }
        let subjects = try notifications.router.gather(ids, slot: \.slot) { reader, id in
            id.rawValue == 0 ? nil : try reader.post(id)
        }
        var found: [Notification] = []
        for (group, post) in zip(groups, subjects) {
            if group.key.subject != 0 {
                guard let post, !post.isExpired(at: now), try !isMuted(post) else { continue }
            }
            if selection.isUngrouped, group.key.kind.isGrouped {
                found += try single(group, inboxes, after: cursor, limit: limit)
            } else if let notification = try together(group, inboxes) {
                found.append(notification)
            }
        }
        return selection.isUnread ? found.filter { $0.unread > 0 } : found
    }

    /// Whether the reader wants to hear nothing of the thread of a post.
    private func isMuted(_ post: PostRecord) throws -> Bool {
        if preferences.mutedPosts.isEmpty { return false }
        var next: PostRecord? = post
        var seen: Set<PostID> = []
        while let post = next, seen.insert(post.id).inserted {
            if preferences.mutedPosts.contains(post.id) { return true }
            guard let parent = post.replyTo else { return false }
            if preferences.mutedPosts.contains(parent) { return true }
            next = try notifications.posts.records(of: [parent])[0]
        }
        return false
    }

    /// A group as one notification; nil when nobody in it is to be seen.
    private func together(_ group: InboxGroup, _ inboxes: InboxTransaction) throws -> Notification? {
        let id = NotificationID(group.key)
        let mark = marks.time(of: id)
        var notification = Notification(id: id, time: group.newest, newest: group.newest, post: id.post)
        if let actor = group.actor {
            guard !hidden.contains(actor) else { return nil }
            notification.people = [actor]
            notification.unread = group.newest > mark ? 1 : 0
            return notification
        }
        let newest = try inboxes.items(
            in: group.key, times: floor.milliseconds...Int64.max, limit: Limits.notificationActors + hidden.count
        ).filter { !hidden.contains($0.actor) }
        guard let first = newest.first else { return nil }
        notification.time = first.time
        notification.people = newest.prefix(Limits.notificationActors).map(\.actor)
        let counts = try counts(group, mark, inboxes)
        (notification.count, notification.unread) = counts
        return notification
    }

    /// How many of a group are to be seen, and how many of them are new.
    private func counts(
        _ group: InboxGroup, _ mark: Timestamp, _ inboxes: InboxTransaction
    ) throws -> (count: Int, unread: Int) {
        let isShort = try inboxes.floor() < floor
        let old = isShort ? try inboxes.count(in: group.key, times: 0...floor.milliseconds - 1) : 0
        let first = max(mark.milliseconds + 1, floor.milliseconds)
        var counts = (
            count: group.count - old,
            unread: group.newest > mark ? try inboxes.count(in: group.key, times: first...Int64.max) : 0
        )
        for actor in hidden {
            guard let time = try inboxes.time(of: actor, in: group.key), time >= floor else { continue }
            counts.count -= 1
            if time > mark { counts.unread -= 1 }
        }
        return counts
    }

    /// The items of a group, each for itself.
    private func single(
        _ group: InboxGroup, _ inboxes: InboxTransaction, after cursor: NotificationCursor?, limit: Int
    ) throws -> [Notification] {
        let id = NotificationID(group.key)
        let mark = marks.time(of: id)
        // Of those of the time of the cursor, some were shown.
        let last = cursor.map { id < $0.id ? $0.time.milliseconds - 1 : $0.time.milliseconds } ?? .max
        let first = selection.isUnread ? max(floor.milliseconds, mark.milliseconds + 1) : floor.milliseconds
        guard first <= last else { return [] }
        let (room, overflow) = limit.addingReportingOverflow(hidden.count)
        let items = try inboxes.items(
            in: group.key, times: first...last, after: cursor?.id == id ? cursor?.actor : nil,
            limit: overflow ? .max : room)
        return items.lazy.filter { !hidden.contains($0.actor) }.prefix(limit).map { item in
            var notification = Notification(id: id, time: item.time, newest: item.time, post: id.post)
            notification.actor = item.actor
            notification.people = [item.actor]
            notification.unread = item.time > mark ? 1 : 0
            return notification
        }
    }

    // MARK: What the view does not keep

    /// Posts by authors with very many followers, and what tasks have to say.
    private func others() throws -> [Notification] {
        var found = try notices(since: nil)
        if kinds.contains(.post) {
            for post in try notifications.celebrityPosts(for: reader) where try !isHidden(post) {
                let id = NotificationID(.post, post.id.rawValue)
                var notification = Notification(id: id, time: post.id.time, newest: post.id.time, post: post.id)
                notification.people = [post.author]
                notification.unread = post.id.time > marks.time(of: id) ? 1 : 0
                found.append(notification)
            }
        }
        return selection.isUnread ? found.filter { $0.unread > 0 } : found
    }

    private func isHidden(_ post: PostRecord) throws -> Bool { try hidden.contains(post.author) || isMuted(post) }

    /// What tasks have to say, in the order in which they said it, of those after a time.
    func notices(since time: Timestamp?) throws -> [Notification] {
        guard kinds.contains(.notice) || kinds.contains(.filmReady) else { return [] }
        return try notifications.attributes.all(.notice, of: reader, limit: Limits.notices).compactMap { row in
            let notice = NotificationNotice(row)
            guard kinds.contains(notice.kind), time.map({ row.changedAt > $0 }) ?? true else { return nil }
            let id = NotificationID(notice.kind, name: row.name)
            var notification = Notification(id: id, time: row.changedAt, newest: row.changedAt, post: notice.post)
            notification.media = notice.media
            notification.notice = notice.text
            notification.unread = row.changedAt > marks.time(of: id) ? 1 : 0
            return notification
        }.sorted { $0.cursor > $1.cursor }
    }

    // MARK: Names

    /// The notifications with the accounts of those who did something.
    private func withActors(_ notifications: [Notification]) throws -> [Notification] {
        guard namesActors else { return notifications }
        let ids = NotificationSources.distinct(notifications.flatMap(\.people))
        let records = try self.notifications.accounts.records(of: ids)
        var accounts: [UserID: AccountRecord] = [:]
        for case let record? in records { accounts[record.id] = record }
        return notifications.map { notification in
            var notification = notification
            notification.actors = notification.people.compactMap { accounts[$0] }
            return notification
        }
    }
}

extension NotificationID {
    /// The post that it is about.
    var post: PostID? { kind == .follow || number == 0 ? nil : PostID(rawValue: number) }
}
