// Operands: the words that are neither the command nor options. As with options, the Swift type says how many there
// may be: `Operand<V>` is required, `Operand<V?>` may be absent, `Operand<[V]>` repeats.

/// An operand, read from an invocation as `Value`.
package struct Operand<Value: Sendable>: OperandDeclaring {
    /// What the parser and help know of the operand.
    package let declaration: OperandDeclaration
    /// Makes the value from the bound words; nil where a required one is missing.
    let read: @Sendable (Bindings) -> Value?

    /// An operand that must be given.
    package init(_ name: String, _ type: ValueType<Value>, help: String) {
        declaration = OperandDeclaration(name, .required, type, help)
        read = { $0.last(name) as? Value }
    }

    /// An operand that may be absent.
    package init<Wrapped: Sendable>(
        optional name: String, _ type: ValueType<Wrapped>, help: String
    ) where Value == Wrapped? {
        declaration = OperandDeclaration(name, .optional, type, help)
        read = { .some($0.last(name) as? Wrapped) }
    }

    /// Any number of operands, also none.
    package init<Element: Sendable>(
        zeroOrMore name: String, _ type: ValueType<Element>, help: String
    ) where Value == [Element] {
        declaration = OperandDeclaration(name, .zeroOrMore, type, help)
        read = { $0.all(name).compactMap { $0 as? Element } }
    }

    /// One operand or several.
    package init<Element: Sendable>(
        oneOrMore name: String, _ type: ValueType<Element>, help: String
    ) where Value == [Element] {
        declaration = OperandDeclaration(name, .oneOrMore, type, help)
        read = { $0.all(name).compactMap { $0 as? Element } }
    }
}

/// Everything that is known of an operand without its Swift type.
package struct OperandDeclaration: Sendable {
    /// How many words it takes.
    package enum Arity: String, Sendable, Hashable {
        /// Exactly one.
        case required
        /// One or none.
        case optional
        /// Any number.
        case zeroOrMore = "zero-or-more"
        /// At least one.
        case oneOrMore = "one-or-more"
    }

    /// Its name in usage lines, in capitals.
    package let name: String
    /// How many words it takes.
    package let arity: Arity
    /// The kind of its values.
    package let kind: ValueKind
    /// What a value must be, as it follows "needs".
    package let expectation: String
    /// One line of help.
    package let help: String
    /// Reads a value.
    package let convert: @Sendable (String) throws(ValueError) -> any Sendable

    fileprivate init<Value: Sendable>(_ name: String, _ arity: Arity, _ type: ValueType<Value>, _ help: String) {
        self.name = name
        self.arity = arity
        self.kind = type.kind
        self.expectation = type.expectation
        self.help = help
        self.convert = { (word) throws(ValueError) in try type.parse(word) }
    }

    /// Whether a line without the operand is wrong.
    package var isRequired: Bool { arity == .required || arity == .oneOrMore }

    /// Whether the operand takes more than one word.
    package var isRepeated: Bool { arity == .zeroOrMore || arity == .oneOrMore }

    /// The operand as usage lines show it: `HANDLE`, `[DIR]`, `FILE…`, `[FILE…]`.
    package var usage: String {
        switch arity {
        case .required: name
        case .optional: "[\(name)]"
        case .zeroOrMore: "[\(name)…]"
        case .oneOrMore: name + "…"
        }
    }
}

/// An operand of any type, as commands list them.
package protocol OperandDeclaring: Parameter {
    /// What is known of it without its Swift type.
    var declaration: OperandDeclaration { get }
}

extension OperandDeclaring {
    /// How exclusive groups name the operand.
    package var reference: ParameterReference { .operand(declaration.name) }
}
