// Options that take a value. The Swift type says what reading one gives: `Option<Int>` has a default, `Option<Int?>`
// may be absent, `Option<[Int]>` may be repeated; a verb never unwraps what the declaration already settled.

/// An option with a value, read from an invocation as `Value`.
package struct Option<Value: Sendable>: OptionDeclaring {
    /// What the parser and help know of the option.
    package let declaration: OptionDeclaration
    /// Makes the value from what was bound: nothing, one value, or several where the option is repeatable.
    let read: @Sendable (Bindings) -> Value

    /// An option with a default.
    package init(
        _ long: String, short: Unicode.Scalar? = nil, _ type: ValueType<Value>, default fallback: Value,
        bare: Value? = nil, environment: String? = nil, configurable: Bool = true, help: String, detail: String = "",
        category: String? = nil, hidden: Bool = false
    ) {
        let notes = OptionNotes(
            environment: environment, isConfigurable: configurable, help: help, detail: detail, category: category,
            isHidden: hidden)
        declaration = OptionDeclaration(
            long, short, type, default: fallback, bare: bare, isRepeatable: false, notes)
        read = { $0.last(long) as? Value ?? fallback }
    }

    /// An option that may be absent.
    package init<Wrapped: Sendable>(
        _ long: String, short: Unicode.Scalar? = nil, _ type: ValueType<Wrapped>, bare: Wrapped? = nil,
        environment: String? = nil, configurable: Bool = true, help: String, detail: String = "",
        category: String? = nil, hidden: Bool = false
    ) where Value == Wrapped? {
        let notes = OptionNotes(
            environment: environment, isConfigurable: configurable, help: help, detail: detail, category: category,
            isHidden: hidden)
        declaration = OptionDeclaration(long, short, type, default: nil, bare: bare, isRepeatable: false, notes)
        read = { $0.last(long) as? Wrapped }
    }

    /// An option that may be written several times, each time with one value.
    package init<Element: Sendable>(
        repeating long: String, short: Unicode.Scalar? = nil, _ type: ValueType<Element>, environment: String? = nil,
        configurable: Bool = true, help: String, detail: String = "", category: String? = nil, hidden: Bool = false
    ) where Value == [Element] {
        let notes = OptionNotes(
            environment: environment, isConfigurable: configurable, help: help, detail: detail, category: category,
            isHidden: hidden)
        declaration = OptionDeclaration(long, short, type, default: nil, bare: nil, isRepeatable: true, notes)
        read = { $0.all(long).compactMap { $0 as? Element } }
    }
}

extension OptionDeclaration {
    /// The untyped half of an option.
    fileprivate init<Value: Sendable>(
        _ long: String, _ short: Unicode.Scalar?, _ type: ValueType<Value>, default fallback: Value?,
        bare: Value?, isRepeatable: Bool, _ notes: OptionNotes
    ) {
        self.init(
            long: long, short: short, arity: bare == nil ? .value : .optionalValue, isNegatable: false,
            isCounting: false, isRepeatable: isRepeatable, kind: type.kind, placeholder: type.placeholder,
            valueTexts: {
                ValueTexts(
                    expectation: type.expectation, fallback: fallback.map(type.format), bare: bare.map(type.format))
            },
            environment: notes.environment, isConfigurable: notes.isConfigurable, help: notes.help,
            detail: notes.detail, category: notes.category, isHidden: notes.isHidden,
            convert: { (word) throws(ValueError) in
                if let word { return try type.parse(word) }
                guard let bare else { throw ValueError("a value is missing") }
                return bare
            })
    }
}
