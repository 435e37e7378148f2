// Which qualities does a film get? The rungs of its ladder, none of which is above the source.

internal import Glibc

/// A quality in which somebody wants a film.
package enum Rung: Hashable, Sendable, CustomStringConvertible {
    /// About a third of the height of `high`.
    case low
    /// About two thirds of the height of `high`.
    case medium
    /// The source, or 1080 lines where it has more.
    case high
    /// The source as it is.
    case source
    /// So many lines.
    case lines(Int)

    /// The quality that a word names, such as `low`, `source` or `480p`; nil for others.
    package init?(_ word: String) {
        switch word {
        case "low": self = .low
        case "medium": self = .medium
        case "high": self = .high
        case "source": self = .source
        default:
            guard word.hasSuffix("p"), let lines = Int(word.dropLast()), (16...8_640).contains(lines) else {
                return nil
            }
            self = .lines(lines)
        }
    }

    /// The word that names it.
    package var description: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .source: "source"
        case .lines(let lines): "\(lines)p"
        }
    }

    /// Heights that players and screens know.
    private static let standardLines = [1_080, 720, 480, 360, 240, 144]

    /// How many lines the shorter side of the picture has in this quality, for a source of so many; nil when it would
    /// be above the source.
    package func lines(ofSource source: Int) -> Int? {
        let high = min(source, 1_080)
        /// The largest that is usual, or else any even number.
        func atMost(_ bound: Int) -> Int { Self.standardLines.first { $0 <= bound } ?? max(2, bound / 2 * 2) }
        switch self {
        case .source: return source
        case .high: return high
        case .medium: return atMost(high * 2 / 3)
        case .low: return atMost(high / 3)
        case .lines(let lines): return lines > source ? nil : lines
        }
    }

    /// The bits a second beyond which pictures of a size are not worth more: 400 kbit/s for 240 lines, and less for
    /// each further pixel.
    package static func bitsPerSecond(width: Int, height: Int, framesPerSecond: Double) -> Int {
        let size = pow(Double(max(1, width * height)) / 102_240, 0.9)
        return max(50_000, Int(400_000 * size * max(1, framesPerSecond / 30).squareRoot()))
    }
}
