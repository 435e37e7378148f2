// Parameters that contradict each other. A line that gives two members of a group is an error that names both; a flag
// silently overrides a member that comes from the environment or the configuration file.

/// Parameters of which a line may give at most one, or must give exactly one.
package struct ExclusiveGroup: Sendable {
    /// The members in declared order.
    package let members: [ParameterReference]
    /// Whether one of them must be given.
    package let isRequired: Bool

    /// Declares that the parameters exclude each other.
    package init(_ members: any Parameter..., required: Bool = false) {
        self.members = members.map(\.reference)
        self.isRequired = required
    }
}

/// Whatever a group may name: an option, a switch or an operand.
package protocol Parameter: Sendable {
    /// How groups name it.
    var reference: ParameterReference { get }
}

/// The name of a parameter inside its command.
package enum ParameterReference: Sendable, Hashable {
    /// An option or switch, by its long name.
    case option(String)
    /// An operand, by its name.
    case operand(String)

    /// The parameter as it is typed or shown: `--by`, `TEXT`.
    package var label: String {
        switch self {
        case .option(let long): "--" + long
        case .operand(let name): name
        }
    }
}
