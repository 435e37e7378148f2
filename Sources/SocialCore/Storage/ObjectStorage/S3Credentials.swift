// Who we are to an object store: from the environment or from a file, as the field's other tools find it, and from
// nowhere else. Nothing here prints a secret.

/// The credentials for an object store.
struct S3Credentials: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    var accessKey: String
    var secretKey: String
    /// Of credentials that end after a while.
    var sessionToken: String?

    /// Says nothing that is secret.
    var description: String { "access key \"\(accessKey)\"" }
    var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey]) }

    /// Finds credentials: in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else in the file that
    /// AWS_SHARED_CREDENTIALS_FILE names or in ~/.aws/credentials, in the part that AWS_PROFILE names.
    ///
    /// - Throws: `noCredentials`.
    static func find(_ environment: EnvironmentLookup) throws(StorageError) -> S3Credentials {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (let access?, let secret?):
            return try S3Credentials(
                accessKey: access, secretKey: secret, sessionToken: value("AWS_SESSION_TOKEN")
            ).checked("the environment")
        case (nil, nil): break
        default:
            throw StorageError(
                .noCredentials, "only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set", hint: "set both")
        }
        guard let path = value("AWS_SHARED_CREDENTIALS_FILE") ?? value("HOME").map({ "\($0)/.aws/credentials" }) else {
            throw missing("there is no file of them, because HOME is not set")
        }
        let bytes: [UInt8]
        do { bytes = try FileSystem().contents(of: path) } catch {
            guard error.code == .noSuchFile else { throw error }
            throw missing("\"\(path)\" is not there")
        }
        let profile = value("AWS_PROFILE") ?? "default"
        let values = Self.values(of: profile, in: String(decoding: bytes, as: UTF8.self))
        guard let access = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw missing("\"\(path)\" has none for the profile \"\(profile)\"")
        }
        return try S3Credentials(
            accessKey: access, secretKey: secret, sessionToken: values["aws_session_token"]
        ).checked("\"\(path)\"")
    }

    /// The values of one part of a file of credentials.
    private static func values(of profile: String, in text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                isInside = line.dropFirst().dropLast().trimmed == profile
            } else if isInside, let mark = line.firstIndex(of: "=") {
                let name = line[..<mark].trimmed.lowercased()
                let value = String(line[line.index(after: mark)...].trimmed)
                if !value.isEmpty, values[name] == nil { values[name] = value }
            }
        }
        return values
    }

    /// Refuses what cannot stand in a header.
    private func checked(_ place: String) throws(StorageError) -> S3Credentials {
        for text in [accessKey, secretKey, sessionToken ?? "x"] {
            guard text.utf8.count <= 8_192, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw StorageError(
                    .noCredentials, "the credentials in \(place) contain a blank or something else that cannot be",
                    hint: "copy them again")
            }
        }
        return self
    }

    private static func missing(_ why: String) -> StorageError {
        StorageError(
            .noCredentials, "there are no credentials for the object store: \(why)",
            hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials")
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return rest
    }
}
