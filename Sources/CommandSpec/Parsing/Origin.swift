// Every value remembers where it came from, so that an error can point there and `config list` can show it.

/// Where a value was given.
package enum Origin: Sendable, Hashable, CustomStringConvertible {
    /// Nowhere: the declared default, or nothing at all.
    case `default`
    /// A line of the configuration file, counted from 1.
    case configuration(line: Int)
    /// An environment variable.
    case environment(String)
    /// A word of the command line, counted from 0, the program's name not included.
    case argument(Int)

    /// The place in words: `config:4`, `SOCIAL_LIMIT`, `argument 3` (counted from 1), `default`.
    package var description: String {
        switch self {
        case .default: "default"
        case .configuration(let line): "config:\(line)"
        case .environment(let name): name
        case .argument(let index): "argument \(index + 1)"
        }
    }

    /// A higher rank overrides a lower one: flag, environment, configuration file, default.
    var rank: Int {
        switch self {
        case .argument: 3
        case .environment: 2
        case .configuration: 1
        case .default: 0
        }
    }
}
