// Short ways to parse a line of the sample and to look at what came of it.

import CommandSpec
import Testing

/// The invocation of a line, which must be one.
func run(
    _ words: String..., environment: [String: String] = [:], config: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Invocation {
    let request = try Sample.specification.parse(
        words, environment: { environment[$0] }, configuration: config.map { ConfigurationFile($0) })
    guard case .run(let invocation) = request else {
        Issue.record("not an invocation: \(request)", sourceLocation: sourceLocation)
        throw NotAnInvocation()
    }
    return invocation
}

struct NotAnInvocation: Error {}

/// The error of a line, which must be one.
func failure(
    _ words: [String], environment: [String: String] = [:], config: String? = nil,
    specification: Specification = Sample.specification
) -> UsageError? {
    do throws(UsageError) {
        _ = try specification.parse(
            words, environment: { environment[$0] }, configuration: config.map { ConfigurationFile($0) })
        return nil
    } catch {
        return error
    }
}

/// The error of a line as it is shown.
func complaint(_ words: String..., environment: [String: String] = [:], config: String? = nil) -> String {
    failure(words, environment: environment, config: config)?.rendered(program: "app") ?? "no error"
}

/// The lines that the error of a line suggests.
func suggestions(_ words: String...) -> [String] {
    failure(words)?.suggestions.map { $0.joined(separator: " ") } ?? ["no error"]
}

/// What a line asks for, in short.
func outcome(_ words: [String]) -> String {
    do throws(UsageError) {
        switch try Sample.specification.parse(words) {
        case .run(let invocation): return "run " + invocation.command.name
        case .help(let topic): return (["help"] + topic.path).joined(separator: " ")
        case .version: return "version"
        }
    } catch {
        return error.code.rawValue
    }
}

/// A small generator with a seed that a failing test prints (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
