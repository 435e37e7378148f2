// Exit statuses as documentation: which numbers a command may end with, and what they mean there.

/// A number that a command may exit with, and its meaning.
package struct ExitStatus: Sendable, Hashable {
    /// The number that the shell sees.
    package let status: Int
    /// What it means, in a few words.
    package let meaning: String

    /// Describes a status.
    package init(_ status: Int, _ meaning: String) {
        self.status = status
        self.meaning = meaning
    }
}
