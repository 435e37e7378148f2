// The fields of a command's JSON objects. `--fields`, its completion, help and the man pages all work from this list.

/// One key of the objects that a command prints.
package struct Field: Sendable, Hashable {
    /// What stands in JSON under the key.
    package enum Kind: String, Sendable, Hashable {
        /// Text; ids too, since JavaScript and jq round large numbers.
        case string
        /// A whole number.
        case integer
        /// A decimal number.
        case number
        /// `true` or `false`.
        case boolean
        /// `2026-01-02T03:04:05.678Z`.
        case time
        /// An array.
        case array
        /// An object.
        case object
    }

    /// The key.
    package let name: String
    /// What stands there.
    package let kind: Kind
    /// Whether `null` may stand there instead.
    package let isNullable: Bool
    /// One line of help.
    package let help: String

    /// Describes a key.
    package init(_ name: String, _ kind: Kind, nullable: Bool = false, _ help: String) {
        self.name = name
        self.kind = kind
        self.isNullable = nullable
        self.help = help
    }

    /// The kind as help shows it: `string`, `time or null`.
    package var typeText: String { isNullable ? kind.rawValue + " or null" : kind.rawValue }
}
