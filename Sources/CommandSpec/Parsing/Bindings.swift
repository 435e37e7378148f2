// What the binder leaves behind: converted values under the names of their declarations. There are few of them, so
// they stay in one array in the order in which they were given.

/// One converted value.
struct Binding: Sendable {
    /// The long name of the option, or the name of the operand.
    let name: String
    /// What the value type made of the word; for a switch a `Bool`.
    let value: any Sendable
    /// Where the word was given.
    let origin: Origin
    /// The part of the line that is the value, where it was given there.
    var place: Place?
}

/// Converted values in the order in which they were given.
struct Bindings: Sendable {
    var entries: [Binding] = []

    func last(_ name: String) -> (any Sendable)? {
        entries.last { $0.name == name }?.value
    }

    func all(_ name: String) -> [any Sendable] {
        entries.filter { $0.name == name }.map(\.value)
    }

    func origin(_ name: String) -> Origin {
        entries.last { $0.name == name }?.origin ?? .default
    }

    func contains(_ name: String) -> Bool {
        entries.contains { $0.name == name }
    }
}
