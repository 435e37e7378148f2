// How many viewers there were: exact sets, estimates, and the same bits whatever the order.

import TestKit
import Testing

@testable import SocialCore

@Suite("Sketches of viewers")
struct ViewerSketchTests {
    private static func sketch(_ keys: some Sequence<UInt64>) -> ViewerSketch {
        var sketch = ViewerSketch()
        for key in keys { sketch.insert(ViewerKey(rawValue: key)) }
        return sketch
    }

    private static func bytes(_ sketch: ViewerSketch) -> [UInt8] {
        var bytes: [UInt8] = []
        sketch.append(to: &bytes)
        return bytes
    }

    @Test("are exact below a thousand, and small")
    func exact() {
        let chance = Chance("exact viewers")
        var seen: Set<UInt64> = []
        var sketch = ViewerSketch()
        while seen.count < 999 {
            let key = chance.next() & ViewerKey.mask
            // Some come again.
            for key in [key, seen.first ?? key] { sketch.insert(ViewerKey(rawValue: key)) }
            seen.insert(key)
            #expect(sketch.count == Int64(seen.count) && sketch.isExact)
        }
        #expect(Self.bytes(sketch).count == sketch.sizeBytes && sketch.sizeBytes <= 8_192)
        sketch.insert(ViewerKey(rawValue: 1))
        #expect(!sketch.isExact && sketch.sizeBytes <= 4_096)
    }

    @Test("are off by little from a thousand on", arguments: [1_000, 5_000, 60_000])
    func estimates(size: Int) {
        var squares = 0.0
        let sets = 40
        for number in 0..<sets {
            let random = SeededGenerator(seed: UInt64(number))
            let sketch = Self.sketch((0..<size).map { _ in random.next() })
            let error = Double(sketch.count) / Double(size) - 1
            squares += error * error
        }
        // Over 40 sets the error itself is known up to about a ninth.
        #expect((squares / Double(sets)).squareRoot() < 1.35 * ViewerSketch.standardError)
    }

    @Test("are the same bits in whatever order and from whatever parts they were merged")
    func merging() {
        let chance = Chance("merged viewers")
        for _ in 0..<TestRun.times(30) {
            let size = [10, 700, 999, 1_000, 1_001, 4_000][chance.below(6)]
            let keys = (0..<size).map { _ in chance.next() % (chance.isOne(in: 2) ? 1_500 : .max) }
            let whole = Self.bytes(Self.sketch(keys))
            var parts = Array(repeating: ViewerSketch(), count: 1 + chance.below(12))
            for key in keys {
                // A viewer may be in several parts.
                for _ in 0...chance.below(2) { parts[chance.below(parts.count)].insert(ViewerKey(rawValue: key)) }
            }
            while parts.count > 1 {
                let other = parts.remove(at: chance.below(parts.count))
                parts[chance.below(parts.count)].merge(other)
            }
            #expect(Self.bytes(parts[0]) == whole, "seed \(chance.seed)")
            var sorted = keys.map { $0 & ViewerKey.mask }
            #expect(Self.bytes(ViewerSketch(of: &sorted)) == whole, "seed \(chance.seed)")
        }
    }

    @Test("come back from their bytes, and damaged bytes are refused or are another set")
    func coding() {
        let chance = Chance("coded viewers")
        for size in [0, 1, 999, 1_000, 3_000] {
            let sketch = Self.sketch((0..<size).map { _ in chance.next() })
            let bytes = Self.bytes(sketch)
            func read(_ bytes: [UInt8]) -> ViewerSketch? {
                bytes.withUnsafeBufferPointer { buffer in
                    var offset = 0
                    let read = ViewerSketch(buffer, at: &offset)
                    return read != nil && offset == bytes.count ? read : nil
                }
            }
            #expect(read(bytes) == sketch)
            #expect(read(Array(bytes.dropLast())) == nil)
            for _ in 0..<50 {
                var other = bytes
                other[chance.below(bytes.count)] ^= UInt8(1 << chance.below(8))
                #expect(read(other) != sketch)
            }
        }
    }
}
