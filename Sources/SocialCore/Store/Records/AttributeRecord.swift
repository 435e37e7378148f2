// What is recorded about one account beside its profile: small values under names, which only that account's own
// programs need. They belong to the account's slot and move with it.

/// What an attribute is about.
package enum AttributeKind: Int64, CaseIterable, Sendable {
    // The raw values are stored.
    /// The hash of a secret with which the account's programs name themselves.
    case token = 1
    /// How far notifications have been read.
    case readMark = 2
    /// What the account wants to be told.
    case preference = 3
    /// Something that the account is to be told, such as the result of a task.
    case notice = 4
}

/// A value under a name that belongs to an account.
package struct AttributeRecord: Equatable, Sendable {
    /// Whose it is.
    package var account: UserID
    /// What it is about.
    package var kind: AttributeKind
    /// Its name among those of its kind.
    package var name: String
    /// The value, in a form that its kind decides.
    package var value: [UInt8]
    /// When it was set.
    package var changedAt: Timestamp

    /// A value under a name.
    package init(_ kind: AttributeKind, _ name: String, of account: UserID, _ value: [UInt8], at time: Timestamp) {
        self.account = account
        self.kind = kind
        self.name = name
        self.value = value
        changedAt = time
    }
}
