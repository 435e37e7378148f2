// A value type ties a Swift type to its notation: how it is read, how it is written back in help, and what to say
// when a word does not fit. Options and operands are declared with one.

/// The notation of a value on the command line, in the environment and in the configuration file.
package struct ValueType<Value: Sendable>: Sendable {
    /// The kind that help, man pages and completion work from.
    package let kind: ValueKind
    /// The word that stands for the value in usage lines, such as `N`.
    package let placeholder: String
    /// What is needed, as it follows "needs": `a whole number from 1 to 100`.
    package var expectation: String { writeExpectation() }
    /// Writes a value in the notation that `parse` reads; help shows defaults with it.
    package let format: @Sendable (Value) -> String
    /// Reads a value.
    package let parse: @Sendable (String) throws(ValueError) -> Value
    private let writeExpectation: @Sendable () -> String

    /// Declares a notation; clients declare their own kinds, such as a handle, this way.
    package init(
        _ kind: ValueKind, placeholder: String, expecting expectation: @autoclosure @escaping @Sendable () -> String,
        format: @escaping @Sendable (Value) -> String = { "\($0)" },
        parse: @escaping @Sendable (String) throws(ValueError) -> Value
    ) {
        self.kind = kind
        self.placeholder = placeholder
        writeExpectation = expectation
        self.format = format
        self.parse = parse
    }

    /// The same notation under another placeholder.
    package func named(_ placeholder: String) -> ValueType<Value> {
        ValueType(kind, placeholder: placeholder, expecting: expectation, format: format, parse: parse)
    }
}

/// Why a word is no value of its type; what was expected is known from the type.
package struct ValueError: Error, Sendable, Equatable {
    /// What is wrong beyond "it does not fit"; may be empty.
    package let detail: String
    /// The offending part of the word, in Unicode scalars from its beginning; nil: all of it.
    package let range: Range<Int>?
    /// Words that may have been meant, best first.
    package let alternatives: [String]

    /// Describes a misfit; without arguments it says only that the word does not fit.
    package init(_ detail: String = "", at range: Range<Int>? = nil, alternatives: [String] = []) {
        self.detail = detail
        self.range = range
        self.alternatives = alternatives
    }
}
