// The fields of a kind of record, and the choice among them that `--fields` makes. A name that does not exist is
// answered with those that do.

/// A field that records have.
package struct Column: Hashable, Sendable {
    /// The key in JSON and the heading in CSV and TSV.
    package let name: String
    /// Whether the format `ids` prints this field.
    package let isIdentity: Bool

    /// Makes a column.
    package init(_ name: String, isIdentity: Bool = false) {
        self.name = name
        self.isIdentity = isIdentity
    }

    /// The positions of the `fields` in `columns`, in the order asked for; all of them for nil.
    package static func select(_ fields: [String]?, from columns: [Column]) throws(FieldError) -> [Int] {
        guard let fields else { return Array(columns.indices) }
        var positions: [Int] = []
        for field in fields {
            guard let position = columns.firstIndex(where: { $0.name == field }) else {
                throw FieldError(reason: .unknown, field: field, available: columns.map(\.name))
            }
            guard !positions.contains(position) else {
                throw FieldError(reason: .repeated, field: field, available: columns.map(\.name))
            }
            positions.append(position)
        }
        return positions
    }
}

extension Column: ExpressibleByStringLiteral {
    /// A column that is not the identity.
    package init(stringLiteral name: String) { self.init(name) }
}

/// A choice of fields that cannot be met.
package struct FieldError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with the field.
    package enum Reason: String, Sendable {
        /// No record has it.
        case unknown
        /// It was asked for twice.
        case repeated
    }

    /// What is wrong.
    package let reason: Reason
    /// The field asked for.
    package let field: String
    /// The fields that there are, in declared order.
    package let available: [String]

    /// What is wrong and what there is.
    package var description: String {
        switch reason {
        case .unknown: "unknown field \"\(field)\"; there are \(available.joined(separator: ", "))"
        case .repeated: "field \"\(field)\" is asked for twice; name it once"
        }
    }
}
