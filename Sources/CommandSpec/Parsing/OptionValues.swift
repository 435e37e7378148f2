// The options of one line, readable by their declarations. Globals can be bound alone, before the configuration file
// is read, which is why this is not simply a part of `Invocation`.

/// The bound options of a line.
package struct OptionValues: Sendable {
    let bindings: Bindings

    init(_ bindings: Bindings = Bindings()) {
        self.bindings = bindings
    }

    /// The value of an option; its default where it was not given.
    package subscript<Value>(option: Option<Value>) -> Value { option.read(bindings) }

    /// Whether a switch is on.
    package func isOn(_ option: Switch) -> Bool {
        bindings.last(option.declaration.long) as? Bool ?? false
    }

    /// How often a counting switch was written.
    package func count(of option: Switch) -> Int {
        bindings.all(option.declaration.long).count { $0 as? Bool ?? false }
    }

    /// Where the value was given; of several, the last.
    package func origin(of option: any OptionDeclaring) -> Origin {
        bindings.origin(option.declaration.long)
    }

    /// The options that are set elsewhere than on the line, and where.
    package var settings: [(flag: String, origin: Origin)] {
        bindings.entries.filter { $0.origin.rank < 3 }.map { ("--" + $0.name, $0.origin) }
    }

    /// Whether the option was given anywhere: on the line, in the environment or in the configuration file.
    package func isGiven(_ option: any OptionDeclaring) -> Bool {
        bindings.contains(option.declaration.long)
    }
}
