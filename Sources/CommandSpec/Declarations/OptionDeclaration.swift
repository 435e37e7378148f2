// The untyped half of an option or switch: what the parser, help and the generators need to know of it. The typed
// half, `Option` or `Switch`, wraps one of these and knows how to read the bound value back.

/// Everything that is known of an option without its Swift type.
package struct OptionDeclaration: Sendable {
    /// What may follow the option's name.
    package enum Arity: Sendable, Hashable {
        /// Nothing: the option is on when it is written.
        case none
        /// A value, in the next word or after `=`.
        case value
        /// A value only after `=`; the bare name stands for a value too.
        case optionalValue
    }

    /// The name after `--`; also the key in the configuration file.
    package let long: String
    /// The letter after `-`, if there is one.
    package let short: Unicode.Scalar?
    /// Whether a value follows.
    package let arity: Arity
    /// Whether `--no-NAME` turns it off.
    package let isNegatable: Bool
    /// Whether each time it is written counts.
    package let isCounting: Bool
    /// Whether each time it is written adds a value.
    package let isRepeatable: Bool
    /// The kind of the value; nil for a switch.
    package let kind: ValueKind?
    /// The word that stands for the value; empty for a switch.
    package let placeholder: String
    /// Texts about the value, made when somebody wants to read them: almost no run does.
    let valueTexts: @Sendable () -> ValueTexts
    /// The environment variable that sets it.
    package let environment: String?
    /// Whether a line of the configuration file may set it.
    package let isConfigurable: Bool
    /// One line of help.
    package let help: String
    /// More than a line, for man pages; may be empty.
    package let detail: String
    /// The heading it stands under in help; nil: the ordinary one.
    package let category: String?
    /// Whether help and completion pass over it.
    package let isHidden: Bool
    /// Reads a value, or nil for the bare name.
    package let convert: @Sendable (String?) throws(ValueError) -> any Sendable

    /// What help and errors say of an option's value.
    struct ValueTexts {
        /// What the value must be, as it follows "needs".
        var expectation: String
        /// The default in its own notation.
        var fallback: String?
        /// What the bare name stands for.
        var bare: String?
    }

    /// What the value must be, as it follows "needs".
    package var expectation: String { valueTexts().expectation }

    /// The default in its own notation; nil where the option is simply absent by default.
    package var defaultText: String? { valueTexts().fallback }

    /// What the bare name stands for, where the value is optional.
    package var bareText: String? { valueTexts().bare }

    /// The name with its dashes.
    package var flag: String { "--" + long }

    /// The name that turns the option off; nil where nothing does.
    package var negation: String? { isNegatable ? "--no-" + long : nil }

    /// The option with its value as usage lines show it: `--limit N`, `--color[=WHEN]`, `--quiet`.
    package var usage: String {
        switch arity {
        case .none: flag
        case .value: flag + " " + placeholder
        case .optionalValue: "\(flag)[=\(placeholder)]"
        }
    }
}

/// An option or a switch, as commands list them.
package protocol OptionDeclaring: Parameter {
    /// What is known of it without its Swift type.
    var declaration: OptionDeclaration { get }
}

extension OptionDeclaring {
    /// How exclusive groups name the option.
    package var reference: ParameterReference { .option(declaration.long) }
}

/// The texts about an option that do not concern its value; see `OptionDeclaration` for each.
struct OptionNotes: Sendable {
    let environment: String?
    let isConfigurable: Bool
    let help: String
    let detail: String
    let category: String?
    let isHidden: Bool
}
