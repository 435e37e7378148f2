// How far estimates of viewers are off, over many sets of viewers of each size.

import Formats
import SocialCore

/// Estimates of viewers.
enum Viewers {
    private static let sets = 200

    static func run() {
        for size in [999, 1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000] {
            let count = size > 100_000 ? sets / 4 : sets
            var squares = 0.0
            var sum = 0.0
            var bytes = 0
            for number in 0..<count {
                let random = SeededGenerator(seed: UInt64(size + number))
                var sketch = ViewerSketch()
                for _ in 0..<size { sketch.insert(ViewerKey(rawValue: random.next())) }
                let error = Double(sketch.count - Int64(size)) / Double(size)
                squares += error * error
                sum += error
                bytes = sketch.sizeBytes
            }
            AnalyticsBench.say(
                "viewers",
                [
                    ("viewers", .integer(Int64(size))), ("sets", .integer(Int64(count))),
                    ("standard_error", .number((squares / Double(count)).squareRoot())),
                    ("mean_error", .number(sum / Double(count))), ("bytes", .integer(Int64(bytes))),
                ])
        }
    }
}
