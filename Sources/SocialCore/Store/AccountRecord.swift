// What is kept of an account.

/// An account, as truth keeps it.
package struct AccountRecord: Equatable, Sendable {
    /// The id, minted in the slot of the first handle.
    package var id: UserID
    /// The handle, in the case that its owner chose.
    package var handle: Handle
    /// What people wrote about themselves.
    package var profile: Profile
    /// When the account was last active.
    package var activeAt: Timestamp

    /// The fields of a profile.
    package struct Profile: Equatable, Sendable {
        /// The name that is shown.
        package var name: String?
        /// A few words about the account.
        package var bio: String?
        /// Where the account is.
        package var location: String?
        /// A link to a page elsewhere.
        package var link: String?
        /// Further fields: a JSON object in one canonical form, nil when there are none.
        package var fields: String?
        /// The upload that is its picture.
        package var avatar: MediaID?

        /// A profile; all fields are optional.
        package init(
            name: String? = nil, bio: String? = nil, location: String? = nil, link: String? = nil,
            fields: String? = nil, avatar: MediaID? = nil
        ) {
            self.name = name
            self.bio = bio
            self.location = location
            self.link = link
            self.fields = fields
            self.avatar = avatar
        }
    }

    /// An account.
    package init(id: UserID, handle: Handle, profile: Profile, activeAt: Timestamp) {
        self.id = id
        self.handle = handle
        self.profile = profile
        self.activeAt = activeAt
    }
}

/// An account to be made.
package struct AccountDraft: Equatable, Sendable {
    /// The handle.
    package var handle: Handle
    /// The profile.
    package var profile: AccountRecord.Profile
    /// When the account was made, if that is not now: an import's.
    package var time: Timestamp?
    /// When it was last active, if that is not when it was made.
    package var activeAt: Timestamp?
    /// Names the command, so that a repetition finds the first result.
    package var idempotencyKey: String?

    /// An account to be made.
    package init(
        handle: Handle, profile: AccountRecord.Profile = .init(), time: Timestamp? = nil, activeAt: Timestamp? = nil,
        idempotencyKey: String? = nil
    ) {
        self.handle = handle
        self.profile = profile
        self.time = time
        self.activeAt = activeAt
        self.idempotencyKey = idempotencyKey
    }

    /// Whether an account that is there is what is to be made.
    package func isEqual(to account: AccountRecord) -> Bool {
        account.handle.display == handle.display && account.profile == profile
    }

    /// A hash of the arguments, which tells a repetition from another command under the same key.
    package var fingerprint: Int64 {
        let record = AccountRecord(
            id: UserID(rawValue: time?.milliseconds ?? 0), handle: handle, profile: profile,
            activeAt: activeAt ?? Timestamp(milliseconds: 0))
        return Int64(bitPattern: TruthRow.account(record).check)
    }
}
