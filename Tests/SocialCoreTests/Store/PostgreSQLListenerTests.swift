// Word of commits: it comes when they happen, and again after the connection on which it came was ended.
#if PostgreSQL

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Word of commits on a server", .enabled(if: StoreEngine.server != nil))
struct PostgreSQLListenerTests {
    /// Whether something can be read from what a listener hears on.
    private func isHeard(_ listener: any ChangeListener, withinMilliseconds wait: Int32) -> Bool {
        // Safety: the array lives for the call.
        var states = listener.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return !states.isEmpty && poll(&states, nfds_t(states.count), wait) > 0
    }

    @Test("comes at once, and again after the connection was ended")
    func listening() throws {
        let database = try TestDatabase()
        let directory = try TemporaryDirectory()
        let context = Context(
            clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 5_000)
        let place = directory.file("data")
        try Network.create(place, .init(shards: 2, store: database.address.text), context: context)
        let network = try Network(opening: place, context: context)
        let listener = try #require(network.changeListener())
        #expect(!listener.descriptors.isEmpty && !isHeard(listener, withinMilliseconds: 0))
        // Reading changes nothing.
        _ = try Digest.of(network.router)
        #expect(!isHeard(listener, withinMilliseconds: 50))
        _ = try network.accounts.create(AccountDraft(handle: Handle("ada")))
        #expect(isHeard(listener, withinMilliseconds: 5_000))
        listener.take()
        _ = try network.queue.push([MessageQueue.Draft([1])], to: "jobs")
        #expect(isHeard(listener, withinMilliseconds: 5_000))
        listener.take()
        try PostgreSQLShards.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'", at: database.address)
        for _ in 0..<500 {
            listener.take()
            if listener.descriptors.isEmpty { break }
            usleep(10_000)
        }
        #expect(listener.descriptors.isEmpty)
        for _ in 0..<500 {
            if !listener.descriptors.isEmpty { break }
            usleep(10_000)
        }
        _ = try network.accounts.create(AccountDraft(handle: Handle("bob")))
        #expect(isHeard(listener, withinMilliseconds: 5_000))
    }

    @Test("is none of a network in files")
    func files() throws {
        let directory = try TemporaryDirectory()
        try Network.create(directory.file("data"), .init(), context: Context())
        #expect(try Network(opening: directory.file("data"), context: Context()).changeListener() == nil)
    }
}

#endif
