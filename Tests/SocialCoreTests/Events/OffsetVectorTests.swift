// Places in logs as texts, which whoever follows a feed sends back.

import SocialCore
import Testing

@Suite("Places in logs as texts")
struct OffsetVectorTests {
    @Test("are read as they are written")
    func roundTrip() {
        let places: OffsetVector = [0: LogPosition(incarnation: .max, n: 41), 1_023: LogPosition(incarnation: 7, n: 0)]
        #expect(places.description == "0:3w5e11264sgsf:41,1023:7:0")
        #expect(OffsetVector(places.description) == places)
    }

    @Test(
        "are refused, and trap nothing, whatever they are",
        arguments: [
            "", "0", "0:1", "0:1:2:3", "0:1:-1", "0:-1:1", "-1:1:1", "1024:1:1", "9223372036854775807:1:1",
            "9223372036854775808:1:1", "0:1:9223372036854775808", "0:f:1,0:f:1", "0:f:1,9223372036854775807::", "a:1:1",
        ])
    func refusal(text: String) { #expect(OffsetVector(text) == nil) }
}
