// Examples lead every help text, and a test executes them.

/// A command line and what it shows.
package struct Example: Sendable, Hashable {
    /// The whole line, beginning with the program's name; pipes are welcome.
    package let line: String
    /// What the line is for, as an imperative.
    package let purpose: String

    /// Pairs a line with its purpose.
    package init(_ line: String, _ purpose: String) {
        self.line = line
        self.purpose = purpose
    }
}
