// What machines may know of a value without running its parser: help, man pages, `help --json` and completion
// all read this description, so none of them has to guess from a placeholder.

/// The machine-readable kind of a value.
package indirect enum ValueKind: Sendable, Hashable {
    /// Any text.
    case text
    /// A whole number; a bound is absent where the Swift type sets the only one.
    case integer(minimum: String?, maximum: String?)
    /// A decimal number.
    case number
    /// One of the listed words.
    case choice([Choice])
    /// A duration such as `20s`.
    case duration
    /// A size in bytes such as `64K`.
    case size
    /// A point in time; the client says which forms it reads.
    case time
    /// A path of a file.
    case file
    /// A path of a file, or `-` for the standard stream.
    case fileOrDash
    /// A path of a directory.
    case directory
    /// A pair written `KEY=VALUE`.
    case keyValue
    /// Values of one kind, separated by commas.
    case list(ValueKind)
    /// A kind of the client's own, such as `handle`.
    case custom(String)

    /// The name under which `help --json` lists the kind.
    package var name: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .number: "number"
        case .choice: "choice"
        case .duration: "duration"
        case .size: "size"
        case .time: "time"
        case .file: "file"
        case .fileOrDash: "file-or-dash"
        case .directory: "directory"
        case .keyValue: "key-value"
        case .list: "list"
        case .custom(let name): name
        }
    }

    /// What a shell should offer for the value.
    package var completion: Completion {
        switch self {
        case .text, .integer, .number, .duration, .size, .time, .keyValue: .none
        case .choice(let choices): .choices(choices)
        case .file, .fileOrDash: .files
        case .directory: .directories
        case .list(let element): element.completion
        case .custom(let name): .custom(name)
        }
    }

    /// The words that may be written, also for a list of them; empty where the value is not a choice.
    package var choices: [Choice] {
        switch self {
        case .choice(let choices): choices
        case .list(let element): element.choices
        default: []
        }
    }
}

/// One of the words that a choice accepts.
package struct Choice: Sendable, Hashable {
    /// The word as it is typed.
    package let name: String
    /// What it means, in a few words; may be empty.
    package let help: String

    /// Names a word and, where it does not speak for itself, its meaning.
    package init(_ name: String, _ help: String = "") {
        self.name = name
        self.help = help
    }
}

/// How a shell completes a value.
package enum Completion: Sendable, Hashable {
    /// Nothing can be offered.
    case none
    /// File names.
    case files
    /// Directory names.
    case directories
    /// A fixed set of words.
    case choices([Choice])
    /// What the client's completer of that name finds, such as `handle`.
    case custom(String)
}
