// The options of a command, or of the whole program, arranged for look-up. Tables are short, and names of up to
// fifteen bytes compare in one step, so a scan beats hashing.

/// Declared options in order.
package struct OptionTable: Sendable {
    /// The options in declared order.
    package let declarations: [OptionDeclaration]
    /// The options that an environment variable can set.
    let variables: [Variable]
    /// Whether a digit is a short option, which decides what `-5` means.
    let hasDigit: Bool

    /// A variable and its option.
    ///
    /// Declarations are large, so the binder looks at one only if the variable is set.
    struct Variable: Sendable {
        let name: String
        let option: String
        let place: Int
    }

    init(_ options: [any OptionDeclaring]) {
        let declarations = options.map(\.declaration)
        self.declarations = declarations
        variables = declarations.indices.compactMap { place in
            let declaration = declarations[place]
            return declaration.environment.map { Variable(name: $0, option: declaration.long, place: place) }
        }
        hasDigit = declarations.contains { $0.short.map(isDigit) ?? false }
    }

    func index(long name: String) -> Int? {
        declarations.firstIndex { $0.long == name }
    }

    func index(short letter: Unicode.Scalar) -> Int? {
        declarations.firstIndex { $0.short == letter }
    }
}

func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
