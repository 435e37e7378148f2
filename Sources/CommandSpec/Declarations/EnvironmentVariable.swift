// Environment variables that no option names, such as `NO_COLOR`; those of options are listed with their options.

/// A variable that the program reads.
package struct EnvironmentVariable: Sendable, Hashable {
    /// Its name.
    package let name: String
    /// One line of help.
    package let help: String

    /// Describes a variable.
    package init(_ name: String, _ help: String) {
        self.name = name
        self.help = help
    }
}
