// Where a PostgreSQL server is. An address stands in command lines, manifests and messages, so it holds no secret: the
// client library finds passwords in its own places, PGPASSWORD and the file that PGPASSFILE names.

/// The address of a PostgreSQL server, or of several of which one takes writes.
package struct PostgreSQLAddress: Equatable, Hashable, Sendable {
    /// The address, such as `postgresql://social@one,two:5433/social?target_session_attrs=read-write`.
    package let text: String

    /// An address.
    ///
    /// - Throws: `invalidAddress` when it is none, or has a password in it.
    package init(_ text: String) throws(StoreError) {
        let schemes = ["postgresql://", "postgres://"]
        guard let scheme = schemes.first(where: text.hasPrefix) else {
            throw StoreError(
                .invalidAddress, "\"\(text)\" is no address of a PostgreSQL server",
                hint: "write postgresql://USER@HOST:PORT/DATABASE")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let isSecret =
            authority.lastIndex(of: "@").map { authority[..<$0].contains(":") } ?? false
            || rest.split(separator: "?").dropFirst().joined().split(separator: "&").contains {
                $0.hasPrefix("password=") || $0.hasPrefix("sslpassword=")
            }
        guard !isSecret else {
            throw StoreError(
                .invalidAddress, "an address with a password in it would be read by others",
                hint: "put the password into the file that PGPASSFILE names, or into PGPASSWORD")
        }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
            throw StoreError(.invalidAddress, "an address has no spaces and control characters")
        }
        self.text = text
    }
}
