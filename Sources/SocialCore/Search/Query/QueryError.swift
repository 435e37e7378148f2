// What can be wrong with a query, and where, so that the command line can put a caret under it.

/// An error in a query.
package struct QueryError: Error, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case empty = "query_empty"
        case unclosedQuote = "query_unclosed_quote"
        case unclosedParenthesis = "query_unclosed_parenthesis"
        case strayParenthesis = "query_stray_parenthesis"
        case missingOperand = "query_missing_operand"
        case badValue = "query_bad_value"
        case repeated = "query_repeated"
        case onlyExclusions = "query_only_exclusions"
        case otherSource = "query_other_source"
        case tooLarge = "query_too_large"
    }

    /// Which failure this is.
    package let code: Code
    /// What is wrong.
    package let message: String
    /// Where in the query, in UTF-8 bytes; empty at a place where something is missing.
    package let range: Range<Int>

    /// The message.
    package var description: String { message }
}
