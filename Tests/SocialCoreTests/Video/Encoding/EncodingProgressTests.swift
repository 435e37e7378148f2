// What is understood of the lines that ffmpeg prints while it works.

import Testing

@testable import SocialCore

@Suite("What an encoder says of its work")
struct EncodingProgressTests {
    @Test("How far it has come only grows, and other lines say nothing of it")
    func progress() {
        let progress = EncodingProgress()
        let lines = ["frame=1", "out_time_us=2000", "out_time_us=1000", "out_time_us=N/A", "out_time_us=5999"]
        #expect(lines.map(progress.hear) == [nil, 2, 0, nil, 3])
    }

    @Test("How much pictures differ goes with their times, and a time that is none is not believed")
    func differences() {
        let heard = HeardDifferences()
        let times = ["0.5", "1.25", "nan", "-inf", "1e300", "NOPTS"]
        let advances = times.map { heard.hear("frame:0    pts:0       pts_time:\($0)") }
        #expect(advances == [500, 750, nil, nil, nil, nil])
        #expect(heard.hear("lavfi.scene_score=0.25") == nil)
        #expect(heard.all.map(\.milliseconds) == [1_250] && heard.all.map(\.difference) == [0.25])
    }
}
