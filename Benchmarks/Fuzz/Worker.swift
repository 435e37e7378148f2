// The process that reads inputs. What it does stands on a board that the watching process sees, so that it is known
// which input was its last.

import FuzzKit
import Glibc
import SocialCore

/// What a worker does, in a mapped file.
struct Board {
    /// The places on it.
    enum Place: Int {
        /// The number of the input that is being read, and one more; 0 before the first.
        case current
        /// How many inputs were taken.
        case taken
        /// The most memory so far, in bytes.
        case peak
        /// The same before the first input.
        case base
    }

    private let file: MappedFile

    init(creating path: String) throws {
        file = try MappedFile(creating: path, sizeBytes: 4_096, shared: false, tap: nil)
    }

    init(opening path: String) throws { file = try MappedFile(opening: path, writable: true) }

    subscript(place: Place) -> Int { Int(truncatingIfNeeded: file.load(at: 8 * place.rawValue)) }

    func set(_ place: Place, to value: Int) throws {
        try file.store(UInt64(truncatingIfNeeded: value), at: 8 * place.rawValue)
    }
}

/// Reads the inputs of some numbers.
struct Worker {
    /// How much more memory an input may take than those that are right.
    static let growthBytes = 256 << 20
    /// What a worker says when a rule does not hold, or an input takes too much memory.
    static let brokenRule: Int32 = 3
    static let tooMuchMemory: Int32 = 4

    private let inputs: FuzzRun
    private let numbers: Range<Int>
    private let board: Board

    init(_ words: [String]) throws {
        guard words.count == 5, let seed = UInt64(words[1]), let from = Int(words[2]), let end = Int(words[3]) else {
            throw Misuse()
        }
        inputs = try FuzzRun(try Fuzz.parser(words[0]), seed: seed)
        numbers = from..<end
        board = try Board(opening: words[4])
    }

    func run() throws {
        _ = try inputs.readSeeds()
        let base = FuzzRun.peakBytes
        try board.set(.base, to: base)
        var taken = 0
        for number in numbers {
            try board.set(.current, to: number + 1)
            do { taken += try inputs.read(number..<number + 1).taken } catch {
                Fuzz.complain("\(error)")
                exit(Self.brokenRule)
            }
            try board.set(.taken, to: taken)
            let peak = FuzzRun.peakBytes
            try board.set(.peak, to: peak)
            if peak - base > Self.growthBytes {
                Fuzz.complain("the input takes \((peak - base) >> 20) MiB")
                exit(Self.tooMuchMemory)
            }
        }
    }
}
