// Fifty processes of several verbs at once, for seconds in the usual run and for minutes in the long one, and writers
// whose logs are checkpointed at every instant, which is where older versions of SQLite lose commits.

import SocialCore
import TestKit
import Testing

@Suite("Storms of processes", .serialized)
struct StormTests {
    private static let crowd = 50

    @Test("Fifty processes that write at once lose nothing and fail nowhere", arguments: [1, 4])
    func everything(shards: Int) throws {
        var storm = try Storm(
            shards: shards, crowd: StormTests.crowd, isNarrow: false, Chance(case: 100 + shards))
        let failures = try storm.blow(TestRun.time(usually: .seconds(2)))
        #expect(failures == [])
        let problems = try storm.problems()
        #expect(problems == [])
        TestRun.report("\(storm.summary), \(shards) shards")
        #expect(storm.counts["killed", default: 0] > 0 && storm.counts["ended", default: 0] > 0)
    }

    @Test("Logs that are checkpointed while others write lose no commit", arguments: [1, 4])
    func checkpoints(shards: Int) throws {
        var storm = try Storm(shards: shards, crowd: 6, isNarrow: true, Chance(case: 110 + shards))
        let failures = try storm.blow(TestRun.time(usually: .seconds(1)))
        #expect(failures == [])
        let problems = try storm.problems()
        #expect(problems == [])
        TestRun.report("\(storm.summary), \(shards) shards")
        #expect(storm.counts["checkpoints", default: 0] > 10)
    }
}
