// Times and rates of a film without drift: each is worked out anew from whole units of time, and never summed up from
// what was rounded before.

internal import Formats

/// Writes times.
enum FilmTime {
    /// Thousandths with a point: `4.004`.
    static func seconds(milliseconds: Int64) -> String { fraction(milliseconds, of: 1_000) }

    /// Millionths with a point: `4.004000`.
    static func seconds(microseconds: Int64) -> String { fraction(microseconds, of: 1_000_000) }

    private static func fraction(_ number: Int64, of unit: Int64) -> String {
        "\(number / unit).\("\(unit + number % unit)".dropFirst())"
    }
}

/// How many bits a second it takes to play pieces one after another.
struct BitRates {
    private let pieces: [(bits: Int128, ticks: Int64)]
    private let timescale: Int

    /// The rates of pieces of so many bytes, each of which lasts so long.
    init(_ pieces: some Sequence<(sizeBytes: Int, ticks: Int64)>, timescale: Int) {
        self.pieces = pieces.map { (Int128($0.sizeBytes) * 8, $0.ticks) }
        self.timescale = timescale
    }

    /// The rate of the whole.
    var average: Int { rate(pieces.reduce(0) { $0 + $1.bits }, pieces.reduce(0) { $0 + $1.ticks }) }

    /// The highest rate of pieces in a row that last between half and one and a half times the target duration; not
    /// below the average, where there are pieces too short to count.
    ///
    /// Source: draft-pantos-hls-rfc8216bis, section 4.1, "peak segment bit rate".
    func peak(targetSeconds: Int64) -> Int {
        let least = targetSeconds * Int64(timescale)
        var peak = 0
        for first in pieces.indices {
            var sum: (bits: Int128, ticks: Int64) = (0, 0)
            for piece in pieces[first...] {
                sum.bits += piece.bits
                sum.ticks += piece.ticks
                if 2 * sum.ticks > 3 * least { break }
                if 2 * sum.ticks >= least { peak = max(peak, rate(sum.bits, sum.ticks)) }
            }
        }
        return max(peak, average)
    }

    /// The least rate, not below the average, at which a player that begins anywhere, once as much has come as this
    /// rate brings in a given time, always has a piece before it is to be played.
    ///
    /// Source: ISO/IEC 23009-1, 5.3.5.2, `@bandwidth` and `@minBufferTime`.
    func steady(bufferMilliseconds: Int64) -> Int {
        var range = average...max(average, pieces.map { rate($0.bits, $0.ticks) }.max() ?? 0)
        while range.lowerBound < range.upperBound {
            let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
            range = suffices(middle, bufferMilliseconds) ? range.lowerBound...middle : middle + 1...range.upperBound
        }
        return range.lowerBound
    }

    /// Whether nobody waits at a rate: how far what must have come can be ahead of what has, wherever one begins.
    private func suffices(_ rate: Int, _ bufferMilliseconds: Int64) -> Bool {
        let buffer = Int128(rate) * Int128(bufferMilliseconds) * Int128(timescale)
        var lead: Int128 = 0
        for piece in pieces {
            lead += piece.bits * Int128(timescale)
            if lead * 1_000 > buffer { return false }
            lead = max(0, lead - Int128(rate) * Int128(piece.ticks))
        }
        return true
    }

    /// Bits a second, rounded up.
    private func rate(_ bits: Int128, _ ticks: Int64) -> Int {
        ticks > 0 ? Int(min((bits * Int128(timescale) + Int128(ticks) - 1) / Int128(ticks), 1 << 53)) : 0
    }
}

extension Film.Track {
    /// The rates of its segments.
    var rates: BitRates {
        BitRates(segments.lazy.map { ($0.part.sizeBytes, $0.duration) }, timescale: timescale)
    }

    /// The rates of the first pictures of its segments.
    var keyFrameRates: BitRates {
        BitRates(segments.lazy.map { ($0.firstFrameBytes, $0.duration) }, timescale: timescale)
    }

    /// When it ends, in its units of time.
    var end: Int64 { segments.last.map { $0.start + $0.duration } ?? 0 }

    /// How long each segment is in millionths of a second, so that their sum is that of the track.
    var segmentMicroseconds: [Int64] {
        let times = (segments.map(\.start) + [end]).map { MovieTime($0, timescale).ticks(1_000_000) }
        return zip(times, times.dropFirst()).map { $1 - $0 }
    }
}
