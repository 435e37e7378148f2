// What the programs of an account prove themselves with where they are not on this machine. A token is base64url of the
// account's id (8 bytes, the highest first) and 24 random bytes. Only its SHA-256 is stored, so that whoever reads the
// store cannot act for anybody.

internal import Formats

/// A token.
package struct AccessToken: Hashable, Sendable {
    private static let secretBytes = 24

    /// The account for which it was made.
    package let account: UserID
    /// The hash by which it is known.
    package let hash: ObjectHash
    /// The token itself, as it is sent.
    package let text: String

    /// A token as it was sent; nil when it cannot be one.
    package init?(_ text: String) {
        guard text.utf8.count <= Limits.tokenTextBytes, let bytes = Base64.decode(text, .url),
            bytes.count == 8 + AccessToken.secretBytes
        else { return nil }
        let raw = bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard raw > 0 else { return nil }
        account = UserID(rawValue: raw)
        hash = ObjectHash(of: bytes)
        self.text = text
    }

    /// A new token of an account.
    package init(for account: UserID, random: RandomSource) {
        var bytes = withUnsafeBytes(of: account.rawValue.bigEndian) { Array($0) }
        for _ in 0..<AccessToken.secretBytes / 8 { withUnsafeBytes(of: random.next()) { bytes += $0 } }
        self.account = account
        hash = ObjectHash(of: bytes)
        text = Base64.encode(bytes, .url)
    }
}

/// The tokens of accounts.
package struct AccessTokens {
    private let attributes: AccountAttributes
    private let context: Context

    /// The tokens among some attributes.
    package init(_ attributes: AccountAttributes, context: Context) {
        self.attributes = attributes
        self.context = context
    }

    /// Makes a token under a name; one that had the name counts no longer.
    ///
    /// - Throws: `tooLong` or `badField` for the name.
    package func make(for account: UserID, name: String) throws -> AccessToken {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, isPlain else {
            throw AccountsError(.badField, "the name of a token is a word or a few")
        }
        guard name.count <= Limits.tokenNameCharacters else {
            throw AccountsError(.tooLong, "the name of a token has at most \(Limits.tokenNameCharacters) characters")
        }
        let token = AccessToken(for: account, random: context.random)
        try attributes.set(.token, name, of: account, to: token.hash.bytes)
        return token
    }

    /// The names of an account's tokens, and when each was made.
    package func list(of account: UserID) throws -> [(name: String, madeAt: Timestamp)] {
        try attributes.all(.token, of: account).map { ($0.name, $0.changedAt) }
    }

    /// Lets a token count no longer: false when there was none of this name.
    package func revoke(_ name: String, of account: UserID) throws -> Bool {
        try attributes.remove(.token, name, of: account)
    }

    /// Whether a token counts.
    package func knows(_ token: AccessToken) throws -> Bool {
        let bytes = token.hash.bytes
        return try attributes.all(.token, of: token.account).contains { $0.value == bytes }
    }
}

extension Network {
    /// The tokens of accounts.
    package var tokens: AccessTokens { AccessTokens(attributes, context: context) }
}
