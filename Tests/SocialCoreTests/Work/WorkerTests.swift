// A worker in this process: what it does, what it tells, and that it leaves nothing behind.

import TestKit
import Testing

@testable import SocialCore

@Suite("Threads of workers")
struct WorkerTests {
    @Test("A worker does what there is to do, tells what became of it, and leaves")
    func work() throws {
        let world = try CountedNetwork()
        let ana = try world.network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        let path = Repository.path("fixtures/films/h264-aac.mp4")
        let film = try world.network.uploads.put(Upload(path: path), by: ana).record.id
        var draft = MessageQueue.Draft(Array("no id".utf8))
        draft.account = ana.id
        _ = try world.network.queue.push([draft], to: WorkTopic.thumbnails)
        let (directory, context) = (world.directory.file("data"), world.context)
        var plan = Worker.Plan()
        plan.jobs = 2
        let worker = Worker(world.network, plan) { try Network(opening: directory, context: context) }
        try worker.start()
        #expect(try world.network.services.alive("worker").map(\.instance) == [worker.instance])
        var outcomes: [Worker.Outcome] = []
        let end = ContinuousClock.now + .seconds(60)
        while outcomes.count < 2, ContinuousClock.now < end { outcomes += try worker.step() }
        worker.stop()
        outcomes.sort { $0.topic < $1.topic }
        #expect(outcomes.map(\.topic) == [WorkTopic.segments, WorkTopic.thumbnails])
        #expect(outcomes.map(\.end) == [.done, .dead])
        #expect(try world.network.services.list().isEmpty)
        #expect(try world.network.media.named(film).content.segmentation != nil)
        // The film is ready, and what cannot be done is told too.
        let notices = try world.network.notifications.page(for: ana.id, limit: 9)
        #expect(Set(notices.map(\.id.kind)) == [.filmReady, .notice])
    }
}
