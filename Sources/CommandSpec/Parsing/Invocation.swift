// The result of parsing a line that is to be run: the command, and typed access to everything that was bound. All
// values are converted and checked by then, so reading them has no way to fail on account of the user.

/// A command with its bound options and operands.
package struct Invocation: Sendable {
    /// What is to be run.
    package let command: Command
    /// The bound options, globals among them.
    package let options: OptionValues
    let operands: Bindings
    let program: String
    /// The line without the program's name.
    let words: [String]

    /// The value of an option; its default where it was not given.
    package subscript<Value>(option: Option<Value>) -> Value { options[option] }

    /// The value of an operand; throws only where the command does not declare the operand.
    package subscript<Value>(operand: Operand<Value>) -> Value {
        get throws(UsageError) {
            guard let value = operand.read(operands) else {
                throw UsageError.undeclared(operand.declaration.name, command: command)
            }
            return value
        }
    }

    /// Whether a switch is on.
    package func isOn(_ option: Switch) -> Bool { options.isOn(option) }

    /// How often a counting switch was written.
    package func count(of option: Switch) -> Int { options.count(of: option) }

    /// Where the value of a parameter was given; of several, the last.
    package func origin(of parameter: any Parameter) -> Origin {
        switch parameter.reference {
        case .option(let long): options.bindings.origin(long)
        case .operand(let name): operands.origin(name)
        }
    }

    /// Whether a parameter was given anywhere: on the line, in the environment or in the configuration file.
    package func isGiven(_ parameter: any Parameter) -> Bool { origin(of: parameter) != .default }
}
