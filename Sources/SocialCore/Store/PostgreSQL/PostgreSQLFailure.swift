// What PostgreSQL's errors mean to those who store something.
#if PostgreSQL

internal import CPostgreSQL

// Safety (whole file): texts of a result are copied while it lives.

/// Translates errors of the server.
enum PostgreSQLFailure {
    /// Why there is no connection.
    static func connecting(_ message: String, _ address: PostgreSQLAddress) -> StorageError {
        let isRefused = ["authentication", "pg_hba.conf", "no password supplied", "role "].contains(
            where: message.contains)
        let isMissing = message.contains("database ") && message.contains("does not exist")
        if isMissing {
            return StorageError(
                .noDataDirectory, "\(address.text): \(message)", hint: "make it with \"createdb\"")
        }
        return isRefused
            ? StorageError(
                .permissionDenied, "\(address.text): \(message)",
                hint: "put the password into the file that PGPASSFILE names, or into PGPASSWORD")
            : StorageError(.unreachable, "\(address.text): \(message)", hint: "try again when the server is there")
    }

    /// What went wrong with a statement.
    static func error(of result: OpaquePointer?, _ address: PostgreSQLAddress) -> StorageError {
        let state = field(result, "C")
        let message = "\(address.text): \(field(result, "M"))"
        switch state.prefix(2) {
        case "08": return StorageError(.unreachable, message, hint: "try again")
        case "28": return StorageError(.permissionDenied, message)
        case "40": return StorageError(.serializationFailure, message, hint: "try again")
        default: break
        }
        switch state {
        case "55P03", "57014", "53300":
            return StorageError(.busy, "\(message); try again", hint: "raise --lock-wait")
        // Going down, coming up, or a standby that has not been promoted: another server may take writes.
        case "57P01", "57P02", "57P03", "25006": return StorageError(.unreachable, message, hint: "try again")
        case "53100": return StorageError(.diskFull, message, hint: "free some space and run the command again")
        case "42501": return StorageError(.permissionDenied, message)
        case "XX001", "XX002", "42P01", "3F000":
            return StorageError(.damaged, message, hint: "restore the server from a backup")
        default: return StorageError(.ioError, "\(message) (\(state))")
        }
    }

    private static func field(_ result: OpaquePointer?, _ code: Unicode.Scalar) -> String {
        guard let text = PQresultErrorField(result, CInt(code.value)) else { return "" }
        return String(cString: text)
    }
}

#endif
