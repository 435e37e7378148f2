// The second half of reading a query: tokens into a tree, by recursive descent.
//
//     group = { either }                      side by side: ranked
//     either = both { "OR" both }
//     both = one { "AND" one }
//     one = [ "+" | "-" | "NOT" ] ( word | word"*" | phrase | filter | "(" group ")" )

/// Reads queries.
package struct QueryParser {
    private let text: [UInt8]
    private let tokens: [QueryToken]
    private var index = 0
    private var depth = 0
    private var order: Query.Order?
    /// What is searched.
    private let source: SearchSource

    /// The query that a text says.
    ///
    /// - Parameter source: what is searched: posts or media, whose filters differ.
    package static func parse(_ text: String, of source: SearchSource = .posts) throws(QueryError) -> Query {
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.queryBytes else {
            throw QueryError(
                code: .tooLarge, message: "the query has more than \(Limits.queryBytes) bytes", range: 0..<bytes.count)
        }
        var parser = QueryParser(text: bytes, tokens: try QueryLexer.tokens(bytes), source: source)
        let root = try parser.group()
        if let stray = parser.peek() {
            throw QueryError(
                code: .strayParenthesis, message: "the parenthesis was never opened", range: stray.range)
        }
        let all = bytes.indices
        guard !root.required.isEmpty || !root.ranked.isEmpty else {
            if !root.excluded.isEmpty {
                throw QueryError(
                    code: .onlyExclusions, message: "the query says only what results should not have", range: all)
            }
            throw QueryError(code: .empty, message: "the query is empty", range: all)
        }
        return Query(root: root, order: parser.order)
    }

    private init(text: [UInt8], tokens: [QueryToken], source: SearchSource) {
        self.text = text
        self.tokens = tokens
        self.source = source
    }

    private func peek() -> QueryToken? { index < tokens.count ? tokens[index] : nil }

    private func follows(_ kind: QueryToken.Kind) -> Bool { peek()?.kind == kind }

    // MARK: The grammar

    private enum Sign { case none, plus, minus }

    private struct Signed {
        var sign: Sign
        /// Nil for what has told all already, such as `sort:`.
        var node: QueryNode?
        var range: Range<Int>
    }

    private mutating func group() throws(QueryError) -> QueryGroup {
        var group = QueryGroup()
        while let next = peek(), next.kind != .close {
            let part = try either()
            guard let node = part.node else { continue }
            switch (part.sign, node) {
            case (.minus, _): group.excluded.append(node)
            case (.plus, _), (.none, .filter), (.none, .all): group.required.append(node)
            case (.none, .any(let nodes)) where nodes.allSatisfy(Self.isFilter): group.required.append(node)
            case (.none, _): group.ranked.append(node)
            }
        }
        return group
    }

    private static func isFilter(_ node: QueryNode) -> Bool {
        if case .filter = node { true } else { false }
    }

    private mutating func either() throws(QueryError) -> Signed {
        try chain(.or, of: { (parser) throws(QueryError) in try parser.both() }, into: QueryNode.any)
    }

    private mutating func both() throws(QueryError) -> Signed {
        try chain(.and, of: { (parser) throws(QueryError) in try parser.one() }, into: QueryNode.all)
    }

    /// Reads parts with an operator between them.
    private mutating func chain(
        _ operation: QueryToken.Kind, of part: (inout QueryParser) throws(QueryError) -> Signed,
        into join: ([QueryNode]) -> QueryNode
    ) throws(QueryError) -> Signed {
        let first = try part(&self)
        guard follows(operation) else { return first }
        var nodes = [try operand(first)]
        while let sign = peek(), sign.kind == operation {
            index += 1
            guard let next = peek(), next.kind != .close else { throw missing(sign, "after") }
            nodes.append(try operand(try part(&self)))
        }
        return Signed(sign: .none, node: join(nodes), range: first.range)
    }

    private func operand(_ part: Signed) throws(QueryError) -> QueryNode {
        guard let node = part.node else {
            throw QueryError(code: .missingOperand, message: "this cannot be combined", range: part.range)
        }
        return part.sign == .minus ? .not(node) : node
    }

    private func missing(_ token: QueryToken, _ place: String) -> QueryError {
        let name = String(decoding: text[token.range], as: UTF8.self)
        return QueryError(
            code: .missingOperand, message: "\"\(name)\" needs something \(place) it", range: token.range)
    }

    private mutating func one() throws(QueryError) -> Signed {
        guard let token = peek() else {
            throw QueryError(code: .empty, message: "something is missing here", range: text.count..<text.count)
        }
        index += 1
        switch token.kind {
        case .and, .or: throw missing(token, "before")
        case .plus, .minus:
            guard let next = peek(), ![.close, .and, .or, .plus, .minus].contains(next.kind) else {
                throw missing(token, "after")
            }
            var part = try one()
            part.sign = token.kind == .plus ? .plus : .minus
            part.range = token.range.lowerBound..<part.range.upperBound
            return part
        case .open: return try parenthesis(token)
        case .close:
            throw QueryError(
                code: .strayParenthesis, message: "the parenthesis was never opened", range: token.range)
        case .phrase:
            let inner = token.range.lowerBound + 1..<token.range.upperBound - 1
            return Signed(sign: .none, node: .phrase(piece(inner)), range: token.range)
        case .word: return Signed(sign: .none, node: try word(token.range), range: token.range)
        }
    }

    private mutating func parenthesis(_ open: QueryToken) throws(QueryError) -> Signed {
        guard depth < Limits.queryDepth else {
            throw QueryError(
                code: .tooLarge, message: "parentheses are nested more than \(Limits.queryDepth) deep",
                range: open.range)
        }
        depth += 1
        defer { depth -= 1 }
        let group = try group()
        guard let close = peek() else {
            throw QueryError(
                code: .unclosedParenthesis, message: "the parenthesis is never closed", range: open.range)
        }
        index += 1
        let range = open.range.lowerBound..<close.range.upperBound
        switch (group.required.count, group.excluded.count, group.ranked.count) {
        case (0, 0, 0):
            throw QueryError(code: .missingOperand, message: "nothing stands in the parentheses", range: range)
        case (0, _, 0):
            throw QueryError(
                code: .onlyExclusions, message: "the parentheses say only what results should not have", range: range)
        case (1, 0, 0): return Signed(sign: .none, node: group.required[0], range: range)
        case (0, 0, 1): return Signed(sign: .none, node: group.ranked[0], range: range)
        default: return Signed(sign: .none, node: .group(group), range: range)
        }
    }

    private func piece(_ range: Range<Int>) -> QueryText {
        QueryText(text: String(decoding: text[range], as: UTF8.self), range: range)
    }

    /// A word, a prefix, or a filter; nil for `sort:`, which is no part of the tree.
    private mutating func word(_ range: Range<Int>) throws(QueryError) -> QueryNode? {
        if let colon = text[range].firstIndex(of: UInt8(ascii: ":")) {
            let key = String(decoding: text[range.lowerBound..<colon], as: UTF8.self)
            let value = piece(colon + 1..<range.upperBound)
            if key == "sort" {
                try sort(value, range)
                return nil
            }
            if let filter = try QueryFilter(key: key, value: value, of: source) { return .filter(filter) }
        }
        guard text[range.upperBound - 1] == UInt8(ascii: "*") else { return .word(piece(range)) }
        let stars = text[range].reversed().prefix { $0 == UInt8(ascii: "*") }.count
        let stem = range.lowerBound..<range.upperBound - stars
        guard !stem.isEmpty else {
            throw QueryError(
                code: .missingOperand, message: "\"*\" needs the beginning of a word before it", range: range)
        }
        return .prefix(piece(stem))
    }

    private mutating func sort(_ value: QueryText, _ range: Range<Int>) throws(QueryError) {
        guard let wanted = Query.Order(rawValue: value.text) else {
            throw QueryError(
                code: .badValue, message: "\"sort:\" is followed by recent or top, not \"\(value.text)\"",
                range: range)
        }
        guard wanted != .top || source == .posts else {
            throw QueryError(code: .otherSource, message: "\"sort:top\" is for posts only", range: range)
        }
        guard order == nil, depth == 0 else {
            throw QueryError(
                code: .repeated, message: "\"sort:\" stands once, outside of parentheses", range: range)
        }
        order = wanted
    }
}
