// What there is to know about the terminal at the other end of a descriptor. The environment is passed in, never read:
// it belongs to the program's context.

/// A descriptor that may be a terminal.
package enum Device {
    /// Whether the descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        SystemCalls.isTerminal(descriptor)
    }

    /// The width of a terminal in cells: that of its window, else that which `COLUMNS` tells; nil for what is no
    /// terminal or does not tell, where nothing may be truncated.
    package static func columns(_ descriptor: Int32, environment: (String) -> String?) -> Int? {
        guard isTerminal(descriptor) else { return nil }
        return SystemCalls.windowColumns(descriptor) ?? columns(environment: environment)
    }

    /// The width that the variable `COLUMNS` tells, if it is a positive number.
    static func columns(environment: (String) -> String?) -> Int? {
        guard let text = environment("COLUMNS"), let columns = Int(text), columns > 0 else { return nil }
        return columns
    }
}

/// When to do something that suits terminals only: `--color` and `--progress`.
package enum When: String, Sendable, CaseIterable {
    /// On a terminal that can do it.
    case auto
    /// Always.
    case always
    /// Never.
    case never
}

extension When {
    /// Whether to use colour.
    ///
    /// `auto` means: on a terminal, unless `NO_COLOR` is set and not empty (no-color.org) or `TERM` is `dumb`. What
    /// the user asked for on the command line wins over the variables.
    package func usesColor(isTerminal: Bool, environment: (String) -> String?) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
        }
    }

    /// Whether to show progress; `auto` means: on a terminal that can go back in its line.
    package func showsProgress(isTerminal: Bool, environment: (String) -> String?) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: isTerminal && environment("TERM") != "dumb"
        }
    }
}
