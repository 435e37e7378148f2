// Where an object store is: `s3://BUCKET/PREFIX?endpoint=https://host:port&region=R&style=path`. It is written into the
// manifest, which everybody may read who may read the directory, so it never holds a secret.

/// The address of a place in an S3-compatible object store.
package struct S3Address: Equatable, Sendable {
    /// Where the bucket's name stands in a request.
    package enum Style: String, CaseIterable, Sendable {
        /// In the path: `https://host/bucket/key`.
        case path
        /// In the name of the host: `https://bucket.host/key`.
        case host
    }

    /// The server of a store that is not AWS's.
    struct Endpoint: Equatable, Sendable {
        var isSecure: Bool
        var host: String
        /// Nil for the usual one.
        var port: Int?

        var text: String { "\(isSecure ? "https" : "http")://\(authority)" }
        var authority: String { port.map { "\(host):\($0)" } ?? host }
    }

    /// The bucket.
    package let bucket: String
    /// What all keys begin with, without a slash at either end; empty for none.
    package let prefix: String
    /// The region, where the address names it.
    package let region: String?
    let endpoint: Endpoint?
    private let namedStyle: Style?

    /// How the bucket is addressed.
    package var style: Style {
        // A bucket with a dot in its name has no certificate as part of a host.
        namedStyle ?? (endpoint == nil && !bucket.contains(".") ? .host : .path)
    }

    /// Reads an address.
    ///
    /// - Throws: `badObjectStore` with what is wrong; the message never repeats what may be a secret.
    package init(_ text: String) throws(StorageError) {
        guard text.hasPrefix("s3://") else {
            throw Self.bad("an object store is named \"s3://BUCKET\"")
        }
        let rest = text.dropFirst(5)
        let mark = rest.firstIndex(of: "?")
        let path = rest[..<(mark ?? rest.endIndex)]
        guard !path.contains("@") else { throw Self.secret("in front of \"@\"") }
        let slash = path.firstIndex(of: "/")
        bucket = String(path[..<(slash ?? path.endIndex)])
        guard Self.isBucket(bucket) else {
            throw Self.bad(
                "\"\(bucket)\" is no name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        var prefix = slash.map { path[path.index(after: $0)...] } ?? ""
        if prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        guard prefix.isEmpty || Self.isPrefix(prefix) else {
            throw Self.bad(
                "\"\(prefix)\" cannot stand before keys: letters, digits and \"-_.~\" between single slashes")
        }
        self.prefix = String(prefix)
        var values: [String: String] = [:]
        if let mark {
            for pair in rest[rest.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false) {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(parts[0])
                guard !Self.isSecret(name) else { throw Self.secret("as \"\(name)\"") }
                guard ["endpoint", "region", "style"].contains(name), parts.count == 2, values[name] == nil,
                    let value = URLCoding.decode(parts[1])
                else {
                    throw Self.bad(
                        "\"\(name)\" is no part of the address of an object store, or stands there twice",
                        hint: "what may follow \"?\" is endpoint=URL, region=NAME and style=path or style=host")
                }
                values[name] = value
            }
        }
        endpoint = try values["endpoint"].map { value throws(StorageError) in try Self.endpoint(value) }
        region = values["region"]
        if let region, region.isEmpty || region.utf8.count > 64 || !region.utf8.allSatisfy(Self.isHostByte) {
            throw Self.bad("\"\(region)\" is no region")
        }
        namedStyle = values["style"].flatMap(Style.init(rawValue:))
        if let style = values["style"], namedStyle == nil { throw Self.bad("\"\(style)\" is no style: path or host") }
    }

    /// The address as it is written down.
    package var text: String {
        var text = "s3://\(bucket)"
        if !prefix.isEmpty { text += "/\(prefix)" }
        var values: [String] = []
        if let endpoint { values.append("endpoint=\(endpoint.text)") }
        if let region { values.append("region=\(region)") }
        if let namedStyle { values.append("style=\(namedStyle.rawValue)") }
        return values.isEmpty ? text : "\(text)?\(values.joined(separator: "&"))"
    }

    /// The key of an object.
    package func key(of object: ObjectHash) -> String { prefix.isEmpty ? object.path : object.path(in: prefix) }

    /// What the keys of all objects begin with.
    package var keyPrefix: String { prefix.isEmpty ? "" : "\(prefix)/" }

    /// How a key is named to people.
    package func place(of key: String) -> String { "s3://\(bucket)/\(key)" }

    /// The server to which requests go.
    func server(region: String) -> Endpoint {
        var server = endpoint ?? Endpoint(isSecure: true, host: "s3.\(region).amazonaws.com", port: nil)
        if style == .host { server.host = "\(bucket).\(server.host)" }
        return server
    }

    /// The path of a request about a key, or about the bucket.
    func path(of key: String?) -> String {
        let parts = (style == .path ? [bucket] : []) + (key.map { [$0] } ?? [])
        return "/" + parts.map { URLCoding.encode($0, keepsSlashes: true) }.joined(separator: "/")
    }

    // MARK: Parts

    private static func isBucket(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), bytes.allSatisfy(isHostByte), !name.contains("..") else { return false }
        return [bytes[0], bytes[bytes.count - 1]].allSatisfy { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") }
    }

    private static func isPrefix(_ prefix: Substring) -> Bool {
        prefix.utf8.count <= 512
            && prefix.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy(URLCoding.isUnreserved)
            }
    }

    /// Lower-case letters, digits, dots and hyphens.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func endpoint(_ text: String) throws(StorageError) -> Endpoint {
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else {
            throw bad("an endpoint begins with \"https://\" or \"http://\"")
        }
        var rest = text.dropFirst(isSecure ? 8 : 7)
        guard !rest.contains("@") else { throw secret("in front of \"@\"") }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var port: Int?
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            port = Int(rest[rest.index(after: colon)...])
            guard let port, (1...65_535).contains(port), rest[rest.index(after: colon)...].first != "+" else {
                throw bad("\"\(rest)\" has no port behind \":\"")
            }
            rest = rest[..<colon]
        }
        let host = rest.lowercased()
        let isName = !host.isEmpty && host.utf8.count <= 253 && host.utf8.allSatisfy(isHostByte)
        let isNumbers =
            host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 3
            && host.dropFirst().dropLast().utf8.allSatisfy {
                $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || Hexadecimal.value(of: $0) != nil
            }
        guard isName || isNumbers else { throw bad("\"\(host)\" is no host of an endpoint") }
        return Endpoint(isSecure: isSecure, host: host, port: port == (isSecure ? 443 : 80) ? nil : port)
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["key", "secret", "token", "password", "credential", "signature"].contains(where: name.contains)
    }

    private static func secret(_ place: String) -> StorageError {
        bad(
            "the address of an object store cannot hold credentials, which stand \(place)",
            hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials")
    }

    private static func bad(_ message: String, hint: String? = nil) -> StorageError {
        StorageError(
            .badObjectStore, message,
            hint: hint ?? "write s3://BUCKET[/PREFIX][?endpoint=https://HOST:PORT&region=NAME&style=path]")
    }
}

/// The percent coding of RFC 3986, as signatures want it: all but the unreserved characters, in upper case.
enum URLCoding {
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || (keepsSlashes && byte == UInt8(ascii: "/")) {
                bytes.append(byte)
            } else {
                bytes += "%\(Hexadecimal.text([byte]).uppercased())".utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What was coded; nil when it is not, or no UTF-8.
    static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
            guard let value = Hexadecimal.bytes(digits), value.count == 1 else { return nil }
            bytes += value
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
