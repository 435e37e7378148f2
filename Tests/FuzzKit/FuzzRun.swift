// Many inputs of one parser, one after the other, in this process. A crash ends the process; who wants to know of it
// looks on from another one.

internal import Glibc

/// What came of some inputs.
package struct FuzzCount: Sendable {
    /// Inputs that were read.
    package var inputs = 0
    /// Those of them that the parser took.
    package var taken = 0
}

/// Reads inputs of one parser.
package struct FuzzRun {
    /// The parser's name.
    package let name: String
    /// What all inputs depend on, beside their number.
    package let seed: UInt64
    private let parser: FuzzParser

    /// Reads inputs of a parser.
    package init(_ subject: FuzzSubject, seed: UInt64) throws {
        self.init(subject.name, try subject.make(), seed: seed)
    }

    /// Reads inputs of a parser that is in no list.
    package init(_ name: String, _ parser: FuzzParser, seed: UInt64) {
        self.name = name
        self.parser = parser
        // Each parser has its own numbers.
        var random = FuzzRandom(of: Array(name.utf8))
        self.seed = seed ^ random.next()
    }

    /// The input of a number.
    package func input(_ number: Int) -> [UInt8] { parser.input(number, seed: seed) }

    /// Reads the inputs from which the others are made.
    ///
    /// - Returns: how many of them were taken.
    package func readSeeds() throws -> Int { try parser.seeds.count { try parser.look(at: $0) } }

    /// Reads one input.
    package func look(at input: [UInt8]) throws -> Bool { try parser.look(at: input) }

    /// Reads the inputs of some numbers.
    ///
    /// - Parameters:
    ///   - before: is told the number of each input before it is read.
    ///   - goesOn: whether to go on, asked before each input.
    /// - Throws: a `FuzzFinding` for the first input for which something does not hold.
    package func read(
        _ numbers: Range<Int>, before: (Int) -> Void = { _ in }, while goesOn: () -> Bool = { true }
    ) throws -> FuzzCount {
        var count = FuzzCount()
        for number in numbers where goesOn() {
            before(number)
            let input = input(number)
            do {
                if try look(at: input) { count.taken += 1 }
            } catch { throw FuzzFinding(parser: name, number: number, rule: "\(error)", input: input) }
            count.inputs += 1
        }
        return count
    }

    /// The most memory that this process has ever had, in bytes.
    package static var peakBytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss) * 1_024
    }
}

/// An input for which something does not hold that must hold.
package struct FuzzFinding: Error, CustomStringConvertible {
    /// The parser.
    package let parser: String
    /// The number of the input.
    package let number: Int
    /// What should have been so.
    package let rule: String
    /// The input.
    package let input: [UInt8]

    /// The parser, the number, and what does not hold.
    package var description: String { "\(parser) \(number): \(rule)" }
}
