// Switches: options without a value. They are off unless written; `--no-NAME` exists only where it is declared.

/// An option without a value.
package struct Switch: OptionDeclaring {
    /// What the parser and help know of the switch.
    package let declaration: OptionDeclaration

    /// Declares a switch; `counting` makes `-vv` mean more than `-v`.
    package init(
        _ long: String, short: Unicode.Scalar? = nil, negatable: Bool = false, counting: Bool = false,
        environment: String? = nil, configurable: Bool = true, help: String, detail: String = "",
        category: String? = nil, hidden: Bool = false
    ) {
        declaration = OptionDeclaration(
            long: long, short: short, arity: .none, isNegatable: negatable, isCounting: counting,
            isRepeatable: false, kind: nil, placeholder: "",
            valueTexts: { OptionDeclaration.ValueTexts(expectation: "1, true, yes, on, 0, false, no or off") },
            environment: environment, isConfigurable: configurable, help: help, detail: detail, category: category,
            isHidden: hidden,
            convert: { (word) throws(ValueError) in try Switch.read(word) })
    }

    /// The switch that asks for help; every specification has it.
    package static let help = Switch("help", short: "h", configurable: false, help: "Show help and exit")

    /// The switch that asks for the version; every specification has it.
    package static let version = Switch("version", short: "V", configurable: false, help: "Show the version and exit")

    /// On the command line and in the configuration file a switch has no value; an environment variable must have one.
    private static func read(_ word: String?) throws(ValueError) -> Bool {
        switch word?.lowercased() {
        case nil, "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw ValueError()
        }
    }
}
