// Every operation that changes a data directory, as a value: so that it can be chosen at random, run, failed at any
// point, and run again.

internal import Formats
package import SocialCore

/// One change of a network.
package indirect enum NetworkCommand: Sendable {
    case createUser(String)
    case signIn(String)
    case follow(String, String)
    case unfollow(String, String)
    /// An edge list, whose accounts are made when they are missing.
    case importFollows(String)
    case post(by: String, text: String, key: String?)
    case reply(by: String, to: PostID, text: String)
    /// A post that expires after some minutes.
    case story(by: String, text: String, minutes: Int64)
    case edit(PostID, text: String)
    case repost(by: String, PostID)
    case like(by: String, PostID)
    case unlike(by: String, PostID)
    case delete(PostID)
    case update(String, bio: String)
    case rename(String, to: String)
    case deleteUser(String)
    case relate(RelationKind, String, String)
    case unrelate(RelationKind, String, String)
    /// A post a line, dealt to all accounts.
    case importPosts(String)
    /// Commands that share a commit.
    case group([NetworkCommand])
    case publish
    case regenerate([String], isFull: Bool)
    case repairFeeds
    case set(String, String)
    case trimLog
    /// Files with contents that their numbers decide; several share their syncs.
    case upload(by: String, [Int])
    /// A file, and a post that shows it.
    case postUpload(by: String, Int)
    case describe(MediaID, alt: String)
    case deleteUpload(MediaID)
    case collectObjects
    /// Accesses to some posts, by their numbers, in one commit.
    case count([Int64])
    /// The notifications of an account are brought up to date, and read.
    case readInbox(String)
    case markRead(String)
    case rebuildInboxes
    /// Messages for a topic, in one commit.
    case push([String], to: String)
    /// The next message of a topic for a consumer.
    case pull(String, for: String)
    case register(String, String)
    /// A command line, with what it reads; `{}` is the folder in which the data directory lies.
    case line([String], input: String = "")

    /// Runs the command.
    ///
    /// What the network refuses is no change and no error; what a disk does is thrown.
    package func run(on network: Network) throws {
        do {
            try perform(network)
        } catch let error as StorageError {
            throw error
        } catch is any RoomError {} catch is FileError {}
    }

    private func perform(_ network: Network) throws {
        func account(_ name: String) throws -> AccountRecord { try network.accounts.named(Handle(name)) }
        switch self {
        case .createUser(let name): _ = try network.accounts.create(AccountDraft(handle: Handle(name)))
        case .signIn(let name): _ = try network.accounts.signIn(Handle(name))
        case .follow(let one, let other): _ = try network.graph.follow(account(one), account(other))
        case .unfollow(let one, let other): _ = try network.graph.unfollow(account(one), account(other))
        case .importFollows(let list):
            let input = InputFile(name: "edges", bytes: Array(list.utf8))
            _ = try FollowImport(createsAccounts: true).run(
                input, BadRows(.stop, file: input.name), accounts: network.accounts, graph: network.graph)
        case .post(let author, let text, let key):
            _ = try network.posts.create(by: account(author), text: text, idempotencyKey: key)
        case .delete(let post): _ = try network.posts.delete(post)
        case .update(let name, let bio): _ = try network.accounts.update(account(name).id) { $0.bio = bio }
        case .rename(let name, let other): _ = try network.accounts.rename(account(name), to: Handle(other))
        case .deleteUser(let name): _ = try network.accounts.delete(Handle(name))
        case .relate(let kind, let one, let other): _ = try network.graph.relate(kind, account(one), account(other))
        case .unrelate(let kind, let one, let other):
            _ = try network.graph.unrelate(kind, account(one), account(other))
        case .upload(let author, let numbers):
            try network.uploads.put(numbers.map(NetworkCommand.file), by: account(author)) { _, result in
                _ = try result.get()
            }
        case .postUpload(let author, let number):
            let author = try account(author)
            let media = try network.uploads.put(NetworkCommand.file(number), by: author).record.id
            _ = try network.posts.create(by: author, text: "", media: [media])
        case .describe(let media, let alt): _ = try network.uploads.update(media) { $0.alt = alt }
        case .deleteUpload(let media): _ = try network.uploads.delete(media)
        case .collectObjects: _ = try network.uploads.keeping.collect()
        case .count(let numbers):
            try network.analytics.record(
                numbers.map { number in
                    CountedAccess(
                        .post(PostID(rawValue: number)), number % 3 == 0 ? .like : .view,
                        viewer: ViewerKey("\(number)"),
                        at: network.context.clock.now)
                })
        case .readInbox(let name): _ = try network.notifications.page(for: account(name).id, limit: 20)
        case .markRead(let name): _ = try network.notifications.markRead(until: nil, of: account(name).id)
        case .rebuildInboxes: try network.notifications.rebuild()
        case .push(let texts, let topic):
            _ = try network.queue.push(texts.map { MessageQueue.Draft(Array($0.utf8)) }, to: topic)
        case .pull(let topic, let consumer):
            _ = try network.queue.pull(topic, consumer: consumer, leaseMilliseconds: 60_000)
        case .register(let service, let instance):
            try network.services.register(service, instance, patienceMilliseconds: 1_000)
        case .line(let words, let input):
            let outcome = try NetworkCommand.run(words, input, on: network)
            // A refusal is no error; what a disk does is.
            guard [70, 74, 75, 78].contains(outcome.status) else { return }
            throw StorageError(StorageError.Code(rawValue: outcome.code) ?? .damaged, "\(words): \(outcome.errors)")
        case .reply, .story, .edit, .repost, .like, .unlike: try react(network.posts, account)
        case .importPosts(let lines):
            let work = PostImport(form: .text, authors: .all, overMilliseconds: 24 * 3_600_000)
            let input = InputFile(name: "posts", bytes: Array(lines.utf8))
            _ = try work.run(
                input, BadRows(.stop, file: input.name), accounts: network.accounts, posts: network.posts)
        case .group(let commands):
            network.router.beginGroup()
            for command in commands { try command.run(on: network) }
            try network.router.endGroup()
        case .publish: try network.publish()
        case .regenerate(let names, let isFull):
            let readers = try names.map { try account($0).id }
            _ = try network.feeds.regenerate(names.isEmpty ? nil : readers, .init(isFull: isFull))
        case .repairFeeds: _ = try network.feeds.verify(repair: true)
        case .set(let name, let value): _ = try network.set(name, to: value)
        case .trimLog:
            for shard in network.router.shards {
                guard let run = network.router.map.current.runs.first(where: { $0.owner.shard == shard }) else {
                    continue
                }
                try network.router.write(Slot(masking: Int64(run.slots.lowerBound))) { writer in
                    try writer.trimLog(through: try writer.state().head - 3)
                }
            }
        }
    }
}

extension NetworkCommand {
    private func react(_ posts: Posts, _ account: (String) throws -> AccountRecord) throws {
        switch self {
        case .reply(let author, let parent, let text):
            _ = try posts.create(by: account(author), text: text, replyTo: parent)
        case .story(let author, let text, let minutes):
            _ = try posts.create(by: account(author), text: text, lifetimeMilliseconds: minutes * 60_000)
        case .edit(let post, let text): _ = try posts.edit(post, text: text)
        case .repost(let author, let post): _ = try posts.repost(post, by: account(author))
        case .like(let actor, let post): _ = try posts.like(post, by: account(actor).id)
        case .unlike(let actor, let post): _ = try posts.unlike(post, by: account(actor).id)
        default: break
        }
    }

    /// A file of a few bytes, or of some that one page does not hold.
    private static func file(_ number: Int) -> Upload {
        var upload = Upload(
            .bytes(Array(repeating: UInt8(number & 255), count: number % 3 == 0 ? 9_000 : number)),
            name: "\(number % 4)")
        upload.takesAnything = true
        return upload
    }
}
